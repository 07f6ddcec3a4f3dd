"""A whole training script in plain PyTorch around a network: to be read, changed, run and handed in without the lab."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import PurePath

from cnnlab.errors import TrainingError, quoted
from cnnlab.layers import Shape, format_shape
from cnnlab.networks.code import Block, Form, check_form, title_of, write_network
from cnnlab.networks.network import Network
from cnnlab.networks.remarks import remark_on
from cnnlab.networks.zoo import subject
from cnnlab.optimizers import OPTIMIZER_TYPES, OptimizerType, present_word
from cnnlab.texts import one_of, plural

CIFAR10 = "cifar10"
CIFAR10_CLASSES = 10
CIFAR10_SHAPE = (3, 32, 32)

_LOAD_CIFAR10 = """\
def load(train):
    steps = [{steps}]
    pictures = datasets.CIFAR10("data", train=train, download=True, transform=transforms.Compose(steps))
    return DataLoader(pictures, batch_size=BATCH_SIZE, shuffle=train)
"""
_LOAD_NPZ = """\
def load(train):
    part = "train" if train else "test"
    with np.load(DATA) as arrays:
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"].reshape(-1)
    if x.ndim == 3:  # grey pictures without an axis for their one channel
        x = x[:, None]
    elif x.shape[-1] in (1, 3):  # channels last
        x = x.transpose(0, 3, 1, 2)
    pictures = TensorDataset(torch.from_numpy(x) / 127.5 - 1, torch.from_numpy(y).long())
    return DataLoader(pictures, batch_size=BATCH_SIZE, shuffle=train)
"""
_RUN = """\
def run(batches, optimizer=None):
    \"\"\"Go through all pictures, and learn from them if there is an optimizer. Return mean loss and accuracy.\"\"\"
    model.train(optimizer is not None)
    loss_sum = right = count = 0
    for x, y in batches:
        x, y = x.to(DEVICE), y.to(DEVICE)
        with torch.set_grad_enabled(optimizer is not None):
            scores = model(x)
            loss = loss_of(scores, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        loss_sum += loss.item() * len(y)
        right += (scores.argmax(dim=1) == y).sum().item()
        count += len(y)
    return loss_sum / count, right / count
"""
_MAIN = """\
def main():
    train_batches, test_batches = load(train=True), load(train=False)
    model.to(DEVICE)
    optimizer = {optimizer}
    for epoch in range(1, EPOCHS + 1):
        loss, accuracy = run(train_batches, optimizer)
        print(f"epoch {epoch}: loss {loss:.3f}, accuracy {accuracy:.1%}")
    loss, accuracy = run(test_batches)
    print(f"test: loss {loss:.3f}, accuracy {accuracy:.1%}")
    torch.save(model.state_dict(), WEIGHTS)
    print(f"The weights are in {WEIGHTS}.")


if __name__ == "__main__":
    main()
"""


def to_script(
    network: Network,
    input_shape: Sequence[int] | None = None,
    form: Form = "module",
    data: str = CIFAR10,
    optimizer: str = "adamw",
) -> str:
    """Write a script that trains the network and tests it.

    Args:
        network: ends in one number for each class.
        input_shape: of one picture, (C, H, W); what the network is made for where nothing is given.
        form: of the network in it, as in `Network.to_code`.
        data: "cifar10", or the path of an .npz file with the keys x_train, y_train, x_test and y_test.
        optimizer: one of `OPTIMIZER_TYPES`.

    Raises:
        ShapeError: a layer cannot take what the layers before it give.
        TrainingError: the network could not be trained like this.

    >>> from cnnlab.networks import lenet5
    >>> to_script(lenet5()).splitlines()[0]
    '# Trains a network on CIFAR-10 and tests it, in plain PyTorch. Needs torch and torchvision.'
    """
    form = check_form(form)
    learner = _optimizer(optimizer)
    rows = network.summary(input_shape)
    shapes = [rows[0].input_shape, *(row.output_shape for row in rows)] if rows else []
    num_params = sum(row.num_params for row in rows)
    _check_trainable(network, shapes, num_params, data)
    title = title_of(network.name, shapes, num_params)
    block = write_network(network.layers, title, shapes, form)
    comes_from, needs = ("CIFAR-10", "torch and torchvision") if data == CIFAR10 else (_quoted(data), "torch and numpy")
    parts = [
        f"# Trains a network on {comes_from} and tests it, in plain PyTorch. Needs {needs}.",
        *(f"# {line}" for line in textwrap.wrap(remark_on(network) or "", 118)),
        "\n".join(_imports(block, data)) + "\n",
        *([f"DATA = {data!r}"] if data != CIFAR10 else []),
        "EPOCHS = 10",
        "BATCH_SIZE = 64",
        f"LEARNING_RATE = {learner.steady_rate:g}",
        'WEIGHTS = "weights.pt"',
        'DEVICE = "cuda" if torch.cuda.is_available() else "cpu"\n',
        "torch.manual_seed(0)  # the same weights and batches in every run\n",
        *(block.lines if form == "sequential" else ["", *block.lines]),
        f"loss_of = nn.{network.layers[-1].loss}()\n\n",
        _LOAD_CIFAR10.format(steps=_steps(shapes[0])) if data == CIFAR10 else _LOAD_NPZ,
        "",
        _RUN,
        "",
        _MAIN.replace("{optimizer}", learner.code("model.parameters()", "LEARNING_RATE")),
    ]
    return "\n".join(parts)


def _optimizer(word: str) -> OptimizerType:
    found = OPTIMIZER_TYPES.get(present_word(word))
    if found is None:
        raise TrainingError(
            "There is no optimizer {word}: choose {optimizers}.", word=quoted(word), optimizers=one_of(OPTIMIZER_TYPES)
        )
    return found


def _imports(block: Block, data: str) -> list[str]:
    torch_lines = dict.fromkeys(["import torch", *block.imports])
    loader = "DataLoader" if data == CIFAR10 else "DataLoader, TensorDataset"
    lines = [*torch_lines, f"from torch.utils.data import {loader}"]
    return (
        [*lines, "from torchvision import datasets, transforms"] if data == CIFAR10 else ["import numpy as np", *lines]
    )


def _steps(shape: Shape) -> str:
    """What makes of CIFAR-10's pictures what the network takes, with numbers from -1 to 1."""
    channels, height, width = shape
    steps = [f"transforms.Resize({(height, width)})"] if (height, width) != CIFAR10_SHAPE[1:] else []
    steps += ["transforms.Grayscale()"] if channels == 1 else []
    return ", ".join([*steps, "transforms.ToTensor()", "transforms.Normalize(0.5, 0.5)"])


def _check_trainable(network: Network, shapes: Sequence[Shape], num_params: int, data: str) -> None:
    if not num_params:
        raise TrainingError("{network} learns nothing: add a convolution or a linear layer.", network=subject(network))
    given, result = shapes[0], shapes[-1]
    if len(given) != 3:
        raise TrainingError(
            "{network} takes rows of {features}: put Flatten() first and give the size of a picture.",
            network=subject(network),
            features=given[0],
        )
    if data == CIFAR10 and given[0] not in (1, 3):
        raise TrainingError(
            "{network} takes {channels} channels, but CIFAR-10 has 3: use in_channels=3.",
            network=subject(network),
            channels=given[0],
        )
    if len(result) != 1:
        raise TrainingError(
            "{network} ends in a map ({shape}), but each class needs one number: end it with Flatten() and Linear.",
            network=subject(network),
            shape=format_shape(result),
        )
    if data == CIFAR10 and result[0] != CIFAR10_CLASSES:
        raise TrainingError(
            plural(
                "{network} ends in {n} number, but CIFAR-10 has 10 classes: give it 10.",
                "{network} ends in {n} numbers, but CIFAR-10 has 10 classes: give it 10.",
                n=result[0],
                network=subject(network),
            )
        )


def _quoted(path: str) -> str:
    return "".join(char if char.isprintable() else " " for char in PurePath(path).name)
