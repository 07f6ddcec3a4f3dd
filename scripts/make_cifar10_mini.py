"""Make the embedded pictures of `cifar10-mini` from the whole CIFAR-10.

    python -m scripts.make_cifar10_mini CIFAR10.npz [FOLDER]

CIFAR10.npz has Keras' keys (x_train, y_train, x_test, y_test); an archive or folder that `load_dataset` reads will do,
too. The sheets, the manifest and nothing else are written into FOLDER, cnnlab/data/cifar10_mini/ by default. Give the
command in the repository's root.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from cnnlab.data import load_dataset, mini
from cnnlab.errors import DataError


def main(source: str, folder: Path) -> None:
    full = load_dataset(source)
    folder.mkdir(exist_ok=True)
    facts: dict[str, mini.PartFacts] = {}
    for part, pictures, labels in (("train", full.x_train, full.y_train), ("test", full.x_test, full.y_test)):
        first = [np.flatnonzero(labels == label)[: mini.PER_CLASS[part]] for label in range(len(mini.CLASSES))]
        for label, indexes in enumerate(first):
            if len(indexes) < mini.PER_CLASS[part]:
                raise SystemExit(
                    f"{source} has only {len(indexes)} {part} pictures of class {label} ({mini.CLASSES[label]}), but "
                    f"{mini.PER_CLASS[part]} are taken: give the whole CIFAR-10"
                )
            sheet = Image.fromarray(mini.to_sheet(pictures[indexes], mini.COLUMNS[part]))
            # Method 4 rather than 6: 1 % larger, 40 times as fast to make, as fast to read.
            sheet.save(folder / mini.sheet_path(part, label).name, "WEBP", lossless=True, quality=80, method=4)
        chosen = np.sort(np.concatenate(first))
        facts[part] = {
            "labels": "".join(str(label) for label in labels[chosen]),
            "sha256": hashlib.sha256(np.ascontiguousarray(pictures[chosen]).tobytes()).hexdigest(),
            "first_image_sums": [int(pictures[indexes[0]].sum()) for indexes in first],
        }
    (folder / "manifest.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    sheets = list(folder.glob("*.webp"))
    print(f"{len(sheets)} sheets, {sum(path.stat().st_size for path in sheets) / 1e6:.1f} MB, in {folder}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else mini.FOLDER)
    except DataError as error:
        sys.exit(str(error))
