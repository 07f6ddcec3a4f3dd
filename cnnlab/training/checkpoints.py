"""Trained weights in safetensors files, with the settings that they were trained with beside them.

Such a file holds numbers and text only: reading one runs nothing that it brings along, and its header tells names,
shapes and types before any number is read.
"""

# safetensors and torch leave parts of their own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from cnnlab.data.paths import at_home
from cnnlab.errors import CnnlabError, DataError, reason
from cnnlab.layers import format_shape
from cnnlab.networks import Network
from cnnlab.texts import Message, all_of, message
from cnnlab.training.record import network_from

if TYPE_CHECKING:
    from torch import nn

OTHER_FORMATS = frozenset({".pt", ".pth", ".pkl", ".bin", ".ckpt", ".h5", ".npz", ".onnx"})
"""Endings of weights that other programs would try to read as what they are not."""

TRAINED_LENET5 = Path(__file__).with_name("weights") / "lenet5.safetensors"
"""LeNet-5 trained on the whole of CIFAR-10, part of the package: weights/ORIGIN.md tells how it was made."""

LISTED_WEIGHTS = 3  # that a sentence names
SETTINGS = "cnnlab"  # the key of the file's metadata under which the settings stand, as JSON

# The header's words for number types, by PyTorch's.
DTYPES = {"torch.float32": "F32", "torch.float16": "F16", "torch.bfloat16": "BF16", "torch.int64": "I64"}


def save_weights(
    path: str | PathLike[str], weights: Mapping[str, NDArray[np.generic]], settings: Mapping[str, Any] | None = None
) -> Path:
    """Write weights by their names, and settings that JSON can hold. The file is there whole or not at all.

    Raises:
        DataError: the folder is missing or full, or may not be written to.
    """
    target = check_target(path)
    data = save(
        # Not ascontiguousarray, which makes a row of a single number.
        {name: np.array(value, order="C") for name, value in weights.items()},
        metadata={SETTINGS: json.dumps(dict(settings or {}))},
    )
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise DataError(
            "The weights could not be written to {file} ({reason}): make room for {size:,} bytes there, or choose "
            "another place.",
            file=target,
            reason=error.strerror or error,
            size=len(data),
        ) from None
    return target


def check_target(path: str | PathLike[str]) -> Path:
    """The path for a file of weights, told before a long run rather than after it where it cannot be written.

    Raises:
        DataError: it is a folder, lies in none, may not be written, or is named like weights of another format.
    """
    target = at_home(path)
    if target.suffix.lower() in OTHER_FORMATS:
        raise DataError(
            "The weights are written as safetensors, but {given} looks like another format: name the file {better}.",
            given=target.name,
            better=target.with_suffix(".safetensors").name,
        )
    try:
        if target.is_dir():
            raise DataError(
                "{folder} is a folder: name a file in it, {file} for instance.",
                folder=target,
                file=target / "weights.safetensors",
            )
        if not target.parent.is_dir():
            raise DataError(
                "There is no folder {folder} for {file}: make it first, or choose another place.",
                folder=target.parent,
                file=target.name,
            )
        may_write = os.access(target.parent, os.W_OK)
    except PermissionError:
        may_write = False
    if not may_write:
        raise DataError("The folder {folder} may not be written to: choose another place.", folder=target.parent)
    return target


def read_settings(path: str | PathLike[str]) -> dict[str, Any]:
    """Read the settings that `save_weights` wrote; empty for a file from elsewhere.

    Raises:
        DataError: it is no safetensors file.
    """
    with _opened(path) as file:
        text = (file.metadata() or {}).get(SETTINGS, "{}")
    try:
        settings: Any = json.loads(text)
    except ValueError:
        settings = None
    if not isinstance(settings, dict):
        raise DataError("The settings in {file} are damaged: save the weights again.", file=path)
    return cast(dict[str, Any], settings)


def read_network(path: str | PathLike[str]) -> Network:
    """Read which network a file's weights are of.

    Raises:
        DataError: it is no safetensors file, or it does not say.
    """
    settings = read_settings(path)
    if not isinstance(settings.get("network"), str):
        raise DataError(
            "{file} does not say which network its weights belong to: give the network as well, lenet5() for instance.",
            file=path,
        )
    try:
        return network_from({key: settings[key] for key in ("name", "network", "input") if key in settings})
    except CnnlabError as error:
        raise DataError(
            "The network that {file} names cannot be read. {reason}", file=path, reason=error.message
        ) from None


def load_weights(path: str | PathLike[str], network: Network | None = None) -> nn.Module:
    """Make the network in PyTorch with the weights of a file, ready to be asked, not to learn. Imports torch.

    Names, shapes and types are compared before any number is read.

    Args:
        network: the one that the file itself names, where none is given.

    Raises:
        DataError: it is no safetensors file, or one of another network.
    """
    import torch

    network = read_network(path) if network is None else network
    with torch.random.fork_rng(devices=[]):  # the weights that are drawn here are thrown away
        model = network.to_torch()
    wanted = model.state_dict()
    with _opened(path) as file:
        there = set(file.keys())
        if missing := wanted.keys() - there:
            raise DataError(
                "{file} lacks {weights}: it holds the weights of another network than {network}.",
                file=path,
                weights=_listed(missing),
                network=network.name,
            )
        if unknown := there - wanted.keys():
            raise DataError(
                "{file} has {weights}, which {network} does not have: it holds the weights of another network.",
                file=path,
                weights=_listed(unknown),
                network=network.name,
            )
        for name, value in wanted.items():
            part = file.get_slice(name)
            found, shape = part.get_dtype(), tuple(part.get_shape())
            if shape != tuple(value.shape):
                raise DataError(
                    "{weight} has the shape {found} in {file}, but {wanted} in {network}: load it into the network "
                    "that it was trained with.",
                    weight=name,
                    found=_by(shape),
                    file=path,
                    wanted=_by(tuple(value.shape)),
                    network=network.name,
                )
            if found != DTYPES.get(str(value.dtype)):
                raise DataError(
                    "{weight} is of type {found} in {file}, but {wanted} is needed: save it again.",
                    weight=name,
                    found=found,
                    file=path,
                    wanted=DTYPES.get(str(value.dtype)),
                )
        state = {name: torch.from_numpy(file.get_tensor(name)) for name in wanted}
    model.load_state_dict(state)
    return model.eval()


def _opened(path: str | PathLike[str]) -> Any:
    file = at_home(path)
    try:
        if not file.is_file():
            raise DataError("There is no file {file}: give the path of a .safetensors file.", file=file)
        return safe_open(file, framework="numpy")
    except PermissionError:
        raise DataError("{file} may not be read: change its permissions or give another path.", file=file) from None
    except (SafetensorError, OSError) as error:
        raise DataError(
            "{file} cannot be read as a safetensors file ({reason}): save the weights again.",
            file=file,
            reason=reason(error),
        ) from None


def _listed(names: set[str]) -> Message:
    """Name a few of them, and say how many more there are."""
    ordered = sorted(names)
    more = len(ordered) - LISTED_WEIGHTS
    return all_of([*ordered[:LISTED_WEIGHTS], message("{n} others", n=more)] if more > 1 else ordered)


def _by(shape: tuple[int, ...]) -> str:
    """A shape as the screen has it; that of one number as PyTorch has it."""
    return format_shape(shape) if shape else "()"
