"""Whether PyTorch computes the same feature map of a shifted drawing."""

import dataclasses
from typing import Any

import numpy as np

from cnnlab.lessons.why_convolution.drawing import Grid, Shift, as_edge, shifted
from cnnlab.torch_reference import Agreement, TorchReference, compare


def ask_torch(reference: TorchReference, drawing: Grid, shift: Shift, kernel: Grid) -> Agreement:
    """Have PyTorch shift the drawing and compute its feature map in the reference process, and compare.

    Raises:
        CnnlabError: PyTorch could not be asked.
    """
    question = {"drawing": drawing.tolist(), "kernel": kernel.tolist(), **dataclasses.asdict(shift)}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", question))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    drawing, kernel = (np.array(question[name], dtype=np.int64) for name in ("drawing", "kernel"))
    shift = Shift(int(question["rows"]), int(question["columns"]), as_edge(question["edge"]))
    return dataclasses.asdict(check_with_torch(drawing, shift, kernel))


def check_with_torch(drawing: Grid, shift: Shift, kernel: Grid) -> Agreement:
    """Shift and convolve with PyTorch too, and compare the maps after the shift cell by cell. Imports torch."""
    ours = shifted(drawing, shift, kernel).map_after

    import torch
    from torch.nn import functional

    moved = torch.roll(torch.tensor(drawing, dtype=torch.float64), (shift.rows, shift.columns), (0, 1))
    half = kernel.shape[0] // 2
    if shift.edge == "fall":
        # A way of its own to wipe out what fell off: only places whose source lies on the grid stay.
        inside = torch.ones_like(moved)
        for axis, places in ((0, shift.rows), (1, shift.columns)):
            source = torch.arange(moved.shape[axis]) - places
            stays = ((source >= 0) & (source < moved.shape[axis])).double()
            inside = inside * (stays[:, None] if axis == 0 else stays[None, :])
        moved = moved * inside
    padded = functional.pad(moved[None, None], (half,) * 4, mode="circular" if shift.edge == "wrap" else "constant")
    theirs = functional.conv2d(padded, torch.tensor(kernel, dtype=torch.float64)[None, None])[0, 0]
    return compare(ours, theirs.numpy(), float(np.abs(kernel).sum()), str(torch.__version__))
