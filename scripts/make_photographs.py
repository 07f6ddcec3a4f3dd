"""Make the embedded photographs from the originals that scikit-image brings along.

    python -m scripts.make_photographs SKIMAGE_DATA [FOLDER]

SKIMAGE_DATA is the folder skimage/data of scikit-image's wheel, unpacked. The photographs and nothing else are written
into FOLDER, cnnlab/data/photos/ by default. Give the command in the repository's root.
"""

import sys
from pathlib import Path

from PIL import Image

from cnnlab.data import photographs

ORIGINALS = {
    "chelsea": ("chelsea.png", (0, 0, 450, 300), (450, 300)),
    "coffee": ("coffee.png", (0, 0, 600, 400), (450, 300)),
    "astronaut": ("astronaut.png", (0, 0, 512, 512), (384, 384)),
    "rocket": ("rocket.jpg", (0, 0, 640, 427), (450, 300)),
}
"""By name: the file, which part of it (left, upper, right, lower), and how large that becomes (width, height)."""


def main(source: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, (file, box, size) in ORIGINALS.items():
        with Image.open(source / file) as original:
            picture = original.convert("RGB").resize(size, Image.Resampling.LANCZOS, box)
        path = folder / photographs.path_of(name).name
        picture.save(path, "WEBP", quality=90, method=6)
        print(f"{path.name}: {size[0]} × {size[1]} pixels, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else photographs.FOLDER)
