"""Train the LeNet-5 whose weights are part of the package.

    python scripts/train_lenet5.py CIFAR10.npz

CIFAR10.npz has Keras' keys (x_train, y_train, x_test, y_test); an archive or folder that `load_dataset` reads will do,
too. The weights, and with them how they came about, are written to cnnlab/training/weights/lenet5.safetensors.
"""

import sys

from cnnlab import TrainingConfig, lenet5, load_dataset, train
from cnnlab.training.checkpoints import TRAINED_LENET5, save_weights

CONFIG = TrainingConfig(epochs=20, seed=0, device="cpu")


def main(source: str) -> None:
    dataset = load_dataset(source)
    run = train(lenet5(), dataset, CONFIG)
    for progress in run:
        if progress.validation_accuracy is not None:
            print(f"epoch {progress.epoch:.0f}: validation accuracy {progress.validation_accuracy:.1%}", flush=True)
    result = run.finish()
    facts = {
        "data": "cifar10",
        "epochs": CONFIG.epochs,
        "seed": CONFIG.seed,
        "test_accuracy": round(result.test_accuracy, 4),
        # What the pictures were normalised with: whoever shows the network a picture must do the same.
        "mean": [round(value, 6) for value in dataset.mean],
        "std": [round(value, 6) for value in dataset.std],
    }
    TRAINED_LENET5.parent.mkdir(exist_ok=True)
    print(
        f"{result.test_accuracy:.1%} of the test pictures right: {save_weights(TRAINED_LENET5, result.weights, facts)}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
