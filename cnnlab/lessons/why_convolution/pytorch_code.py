"""The page's PyTorch lines: both networks of the experiment, and the feature map of a drawing."""

from cnnlab.lessons.why_convolution.drawing import Grid, Shift
from cnnlab.lessons.why_convolution.experiment import CNN_PARAMETERS, HIDDEN, KERNELS, MLP_PARAMETERS
from cnnlab.lessons.why_convolution.pictures import BOX, PLACES, SIDE


def networks_code() -> str:
    """Write both networks with their parameters, counted; it runs as it stands."""
    pixels = SIDE * SIDE
    area = BOX * BOX
    return f"""from torch import nn

# {SIDE}×{SIDE} pixels: {pixels} numbers, each with weights of its own
mlp = nn.Sequential(
    nn.Flatten(),
    nn.Linear({pixels}, {HIDDEN}),  # {pixels * HIDDEN:,} + {HIDDEN}
    nn.ReLU(),
    nn.Linear({HIDDEN}, 1),  # {HIDDEN} + 1
)

# {KERNELS} kernels of {BOX}×{BOX}, each at all {PLACES * PLACES} places
cnn = nn.Sequential(
    nn.Conv2d(1, {KERNELS}, {BOX}),  # {KERNELS * area:,} + {KERNELS}
    nn.ReLU(),
    nn.AdaptiveMaxPool2d(1),  # where it was is forgotten
    nn.Flatten(),
    nn.Linear({KERNELS}, 1),  # {KERNELS} + 1
)

for network in (mlp, cnn):
    print(sum(p.numel() for p in network.parameters()))
# {MLP_PARAMETERS}
# {CNN_PARAMETERS}
"""


def shift_code(drawing: Grid, shift: Shift, kernel: Grid, same: int, maxima: tuple[int, int]) -> str:
    """Write a script that shifts a drawing, compares the vectors and the maxima of the maps; it runs as it stands.

    Args:
        same: in how many places of the vector something is drawn before and after, for the comment.
        maxima: of the feature maps before and after, likewise.
    """
    size = kernel.shape[0] // 2
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        *_tensor("x", drawing),
        *_tensor("kernel", kernel),
        "",
    ]
    lines += [f"shifted = torch.roll(x, ({shift.rows}, {shift.columns}), dims=(0, 1))"]
    if shift.edge == "fall":
        lines += _blanks("shifted", shift)
        convolve = f"F.conv2d(image[None, None], kernel[None, None], padding={size})[0, 0]"
    else:
        padded = f'F.pad(image[None, None], ({size}, {size}, {size}, {size}), mode="circular")'
        convolve = f"F.conv2d({padded}, kernel[None, None])[0, 0]"
    lines += ["", "# What an MLP reads: two vectors of 144 numbers."]
    lines += [f"print(int(x.flatten() @ shifted.flatten()))  # {same}"]
    lines += ["", "# What a convolution sees, and what global max pooling keeps of it."]
    lines += ["for image in (x, shifted):", f"    feature_map = {convolve}", "    print(int(feature_map.max()))"]
    lines += [f"# {maximum}" for maximum in maxima]
    return "\n".join(lines) + "\n"


def _tensor(name: str, matrix: Grid) -> list[str]:
    rows = [f"    [{', '.join(f'{number}.' for number in row)}]," for row in matrix.tolist()]
    return [f"{name} = torch.tensor([", *rows, "])"]


def _blanks(name: str, shift: Shift) -> list[str]:
    """What torch.roll brings in again on the other side is wiped out."""
    lines: list[str] = []
    for places, axis in ((shift.rows, ""), (shift.columns, ":, ")):
        if places:
            lines += [f"{name}[{axis}{f':{places}' if places > 0 else f'{places}:'}] = 0  # fell off the edge"]
    return lines
