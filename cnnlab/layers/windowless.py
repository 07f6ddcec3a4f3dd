"""Layers that slide no window: activations, rows of features, dropout and batch normalisation."""
# ruff: noqa: ARG002  (all answer alike)

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cnnlab.layers.base import Layer
from cnnlab.layers.checks import channels_checked, features_checked, map_shape
from cnnlab.layers.fields import View, Window
from cnnlab.layers.mismatch import OPEN, Become, Kind, Mismatch, Remedy, SetTo
from cnnlab.layers.rules import between, switch
from cnnlab.layers.shapes import MAX_FEATURES, Shape, format_shape
from cnnlab.layers.torch_words import no_axis, other_features
from cnnlab.ops import batch_norm, leaky_relu, linear, log_softmax, relu, sigmoid, softmax, tanh
from cnnlab.ops.arguments import Array
from cnnlab.texts import Message, in_a_row, message, plural


@dataclass(frozen=True, repr=False)
class ReLU(Layer):
    """max(0, x), number by number."""

    about = message("max(0, x), number by number.")

    inplace: bool = field(
        default=False, metadata=switch(message("Whether PyTorch overwrites its input to save memory."))
    )

    def remark_at_end(self) -> Message:
        """Say what it takes from the loss."""
        return _loses_signs(self)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Keep what is positive, whatever the shape."""
        return relu(x)

    def as_function(self) -> str | None:
        """Write `F.relu`, unless it is to overwrite what comes in."""
        return None if self.inplace else "F.relu({x})"


@dataclass(frozen=True, repr=False)
class LeakyReLU(Layer):
    """x where it is positive, and x times a small slope where it is not, number by number."""

    about = message("x where it is positive, and x times a small slope where it is not, number by number.")

    negative_slope: float = field(
        default=0.01, metadata=between(0, 1, whole=False, about=message("What negative numbers are multiplied by."))
    )
    inplace: bool = field(
        default=False, metadata=switch(message("Whether PyTorch overwrites its input to save memory."))
    )

    def remark_at_end(self) -> Message:
        """Say what it takes from the loss."""
        return _loses_signs(self)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Flatten what is negative, whatever the shape."""
        return leaky_relu(x, self.negative_slope)


@dataclass(frozen=True, repr=False)
class Tanh(Layer):
    """Hyperbolic tangent, number by number, as LeNet-5 had it in 1998."""

    about = message("The hyperbolic tangent, number by number, as LeNet-5 had it in 1998.")

    def remark_at_end(self) -> Message:
        """Say what it takes from the loss."""
        return _loses_signs(self)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Take the tangent of each number, whatever the shape."""
        return tanh(x)

    def as_function(self) -> str:
        """Write `torch.tanh`."""
        return "torch.tanh({x})"


@dataclass(frozen=True, repr=False)
class Sigmoid(Layer):
    """1 / (1 + exp(-x)), number by number."""

    about = message("1 / (1 + exp(-x)), number by number.")

    def remark_at_end(self) -> Message:
        """Say what it takes from the loss."""
        return _loses_signs(self)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Squash each number, whatever the shape."""
        return sigmoid(x)

    def as_function(self) -> str:
        """Write `torch.sigmoid`."""
        return "torch.sigmoid({x})"


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """Lay a map out as a row, channel after channel: (C, H, W) -> (C×H×W,).

    Both arguments can only be what they are by default: each picture of a batch becomes one row.

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

    about = message("Lays a map out as a row, channel after channel: (C, H, W) -> (C×H×W,).")
    word = message("flatten")
    makes_rows = True

    start_dim: int = field(default=1, metadata=between(1, 1, named=True, about=message("First axis to flatten.")))
    end_dim: int = field(default=-1, metadata=between(-1, -1, named=True, about=message("Last axis to flatten.")))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C×H×W,)."""
        return (math.prod(input_shape),)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """(N, C, H, W) -> (N, C*H*W)."""
        return x.reshape(len(x), -1)

    def as_function(self) -> str:
        """Write `torch.flatten`, from the first axis behind the batch."""
        return "torch.flatten({x}, 1)"

    def shape_text(self, input_shape: Shape) -> Message:
        """Write the product of all sizes."""
        product = "*".join(f"{size:,}" for size in input_shape)
        return message("features: {formula} = {features:,}", formula=product, features=math.prod(input_shape))


@dataclass(frozen=True, repr=False)
class Linear(Layer):
    """Weigh all features for each output: (in_features,) -> (out_features,).

    >>> Linear(120, 100).num_params((120,))  # 120*100 weights and 100 biases
    12100
    """

    about = message("Computes a weighted sum of all features for each output: (in_features,) -> (out_features,).")
    word = message("linear")
    member = "fc"

    in_features: int = field(metadata=between(1, MAX_FEATURES, about=message("Features that come in.")))
    out_features: int = field(metadata=between(1, MAX_FEATURES, about=message("Features that go out.")))
    bias: bool = field(default=True, metadata=switch(message("Whether each output adds a bias.")))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(in_features,) -> (out_features,)."""
        features = math.prod(input_shape)
        if len(input_shape) != 1:
            told = plural(
                "Linear expects {n} feature in a row but gets a map of {features:,} numbers ({shape}).",
                "Linear expects {n} features in a row but gets a map of {features:,} numbers ({shape}).",
                n=self.in_features,
                features=features,
                shape=format_shape(input_shape),
            )
            if features == self.in_features:
                way_out = message("Put Flatten() before it.")
            else:
                way_out = message("Put Flatten() before it and use in_features={features}.", features=features)
            raise Mismatch(
                in_a_row(told, way_out),
                Kind.MAP_GIVEN,
                fact=self._map_fact(input_shape),
                setting="in_features",
                expected=self.in_features,
                given=features,
            )
        features_checked(self, "in_features", input_shape)
        return (self.out_features,)

    def _map_fact(self, input_shape: Shape) -> Message:
        """Say that a map is no row."""
        if input_shape[-1] == self.in_features:
            # PyTorch would weigh each row of the map by itself if its width happened to fit; hardly anyone means that.
            return plural(
                "Layer {number} ({layer}) expects a row of {n:,} feature. {gives} PyTorch would take each row of that "
                "map by itself.",
                "Layer {number} ({layer}) expects a row of {n:,} features. {gives} PyTorch would take each row of that "
                "map by itself.",
                n=self.in_features,
                **OPEN,
            )
        return plural(
            "Layer {number} ({layer}) expects a row of {n:,} feature. {gives}",
            "Layer {number} ({layer}) expects a row of {n:,} features. {gives}",
            n=self.in_features,
            **OPEN,
        )

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """PyTorch weighs each row of a map by itself, if its width happens to fit."""
        if input_shape[-1] == self.in_features:
            return None
        return other_features(batch, input_shape, (self.in_features, self.out_features))

    def num_params(self, input_shape: Shape) -> int:
        """Count weights and biases: out_features * (in_features + 1)."""
        return self.out_features * (self.in_features + int(self.bias))

    def weight_shapes(self) -> dict[str, Shape]:
        """(out_features, in_features), and (out_features,) for the biases."""
        return {"weight": (self.out_features, self.in_features)} | ({"bias": (self.out_features,)} if self.bias else {})

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Weigh: (N, in_features) -> (N, out_features)."""
        return linear(x, weights["weight"], weights.get("bias"))

    def macs(self, input_shape: Shape) -> int:
        """One for each weight; the bias only starts the sum."""
        return self.out_features * self.in_features

    def shape_text(self, input_shape: Shape) -> Message:
        """Write where the number of features comes from."""
        return message("features: out_features = {features:,}", features=self.out_features)

    def params_text(self, input_shape: Shape) -> str:
        """Write the weights of an output, and one for the bias, times the outputs."""
        weights = f"({self.in_features:,} + 1)" if self.bias else f"{self.in_features:,}"
        return f"{weights} * {self.out_features:,}"

    def macs_text(self, input_shape: Shape) -> str:
        """Write one for each weight."""
        return f"{self.in_features:,} * {self.out_features:,}"

    def size(self, size: int, axis: int) -> int:
        """Leave one position."""
        return 1

    def step(self, size: int, axis: int) -> Window:
        """Read all cells, like a convolution whose window is the whole map."""
        return Window(size)

    def view(self, before: View) -> View:
        """See everything, with the jump as it was."""
        return before.whole()


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """While training, set each number to zero with probability p, and divide the others by 1 - p."""

    about = message("During training, sets each number to zero with probability p, and divides the others by 1 - p.")

    p: float = field(
        default=0.5, metadata=between(0, 1, whole=False, about=message("Probability that a number is dropped."))
    )
    inplace: bool = field(
        default=False, metadata=switch(message("Whether PyTorch overwrites its input to save memory."))
    )

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Drop nothing, as in a trained network."""
        return x


@dataclass(frozen=True, repr=False)
class Dropout2d(Dropout):
    """While training, set whole channels to zero with probability p, and divide the others by 1 - p."""

    about = message("During training, sets whole channels to zero with probability p, and divides the others by 1 - p.")

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> the same."""
        return map_shape(self, input_shape)

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Drop single numbers, which works on rows too."""
        yield Become(Dropout(self.p, self.inplace))


@dataclass(frozen=True, repr=False)
class BatchNorm(Layer):
    """What both batch normalisations have in common.

    The view is that of a trained network: while training, the whole batch takes part in the mean and the variance.
    They count no MACs, as a trained one can be folded into the weights of the layer before it.
    """

    member = "norm"

    num_features: int = field(
        metadata=between(1, MAX_FEATURES, about=message("Channels of the map, or features, that come in."))
    )
    eps: float = field(
        default=1e-5,
        metadata=between(0, 1, whole=False, about=message("Added to the variance so that it is never zero.")),
    )
    momentum: float = field(
        default=0.1,
        metadata=between(0, 1, whole=False, about=message("Weight of the newest batch in the running statistics.")),
    )
    affine: bool = field(default=True, metadata=switch(message("Whether a scale and a shift are learned.")))

    def batch_problem(self, input_shape: Shape, batch: int) -> Message | None:
        """Say so where a channel has one number in a batch, and no spread, or where the spread may be 0."""
        if batch * math.prod(input_shape[1:]) == 1:
            return message(
                "It takes a mean over the batch, and a batch of 1 picture has only one number per channel there "
                "({shape}): use batches of 2 or more.",
                shape=format_shape(input_shape),
            )
        if self.eps == 0:
            return message(
                "It divides by the spread of a channel, which may be 0: set eps above 0, to 1e-05 for instance."
            )
        return None

    def num_params(self, input_shape: Shape) -> int:
        """Count a scale and a shift for each channel or feature."""
        return 2 * self.num_features if self.affine else 0

    def weight_shapes(self) -> dict[str, Shape]:
        """(num_features,) for scale and shift, where they are learned, and for the running statistics."""
        names = (*(("weight", "bias") if self.affine else ()), "running_mean", "running_var")
        return dict.fromkeys(names, (self.num_features,))

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Normalise with the running statistics, as in a trained network."""
        learned = weights.get("weight"), weights.get("bias")
        return batch_norm(x, weights["running_mean"], weights["running_var"], *learned, eps=self.eps)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of other channels or features."""
        return f"running_mean should contain {input_shape[0]} elements not {self.num_features}"

    def params_text(self, input_shape: Shape) -> str:
        """Write a scale and a shift for each channel or feature."""
        return f"2 * {self.num_features:,}" if self.affine else ""


@dataclass(frozen=True, repr=False)
class BatchNorm2d(BatchNorm):
    """Shift and scale each channel to mean 0 and variance 1, then to a learned mean and spread."""

    about = message("Shifts and scales each channel to mean 0 and variance 1, then to a learned mean and spread.")
    word = "BatchNorm"

    def output_shape(self, input_shape: Shape) -> Shape:
        """(num_features, H, W) -> the same."""
        return channels_checked(self, "num_features", input_shape)

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Take the sibling that is for rows."""
        if mismatch.kind is Kind.ROW_GIVEN:
            yield Become(BatchNorm1d(input_shape[0], self.eps, self.momentum, self.affine))
        yield from super().remedies(mismatch, input_shape)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows, and of other channels."""
        if mismatch.kind is Kind.ROW_GIVEN:
            return f"expected 4D input (got {len(input_shape) + 1}D input)"
        return super().torch_message(mismatch, input_shape, batch)


@dataclass(frozen=True, repr=False)
class BatchNorm1d(BatchNorm):
    """Shift and scale each feature to mean 0 and variance 1, then to a learned mean and spread."""

    about = message("Shifts and scales each feature to mean 0 and variance 1, then to a learned mean and spread.")

    def output_shape(self, input_shape: Shape) -> Shape:
        """(num_features,) -> the same."""
        if len(input_shape) != 1:
            raise Mismatch(
                plural(
                    "BatchNorm1d expects {n} feature in a row but gets a map ({shape}): use BatchNorm2d for maps, or "
                    "put Flatten() before it.",
                    "BatchNorm1d expects {n} features in a row but gets a map ({shape}): use BatchNorm2d for maps, or "
                    "put Flatten() before it.",
                    n=self.num_features,
                    shape=format_shape(input_shape),
                ),
                Kind.MAP_GIVEN,
                fact=message("Layer {number} ({layer}) expects a row of features. {gives}", **OPEN),
                given=math.prod(input_shape),
            )
        return features_checked(self, "num_features", input_shape)

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Take the sibling that is for maps."""
        if mismatch.kind is Kind.MAP_GIVEN:
            yield Become(BatchNorm2d(input_shape[0], self.eps, self.momentum, self.affine))
        yield from super().remedies(mismatch, input_shape)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of maps, and of other features."""
        if mismatch.kind is Kind.MAP_GIVEN:
            return f"expected 2D or 3D input (got {len(input_shape) + 1}D input)"
        return super().torch_message(mismatch, input_shape, batch)


@dataclass(frozen=True, repr=False)
class Softmax(Layer):
    """exp(x) over the sum of all exp(x) along an axis, so that they add up to 1.

    Axis 0 is the batch, 1 the channels of a map or the features of a row; None means 1 to PyTorch, with a warning.
    """

    about = message("exp(x) over the sum of all exp(x) along an axis, so that they add up to 1.")

    dim: int | None = field(
        default=None,
        metadata=between(
            -4, 3, optional=True, named=True, about=message("Axis along which the results add up to 1: 1 for classes.")
        ),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        """The same shape."""
        axes = len(input_shape) + 1
        if self.dim is not None and not -axes <= self.dim < axes:
            raise Mismatch(
                message(
                    "{layer}'s dim={dim} is not an axis of a map, which has {axes} with the batch: use dim=1.",
                    layer=self.name,
                    dim=self.dim,
                    axes=axes,
                )
                if axes == 4
                else message(
                    "{layer}'s dim={dim} is not an axis of a row of features, which has {axes} with the batch: use "
                    "dim=1.",
                    layer=self.name,
                    dim=self.dim,
                    axes=axes,
                ),
                Kind.AXIS,
                fact=message(
                    "Layer {number} ({layer}) has dim={dim}, but there are only {axes} axes, the batch included.",
                    dim=self.dim,
                    axes=axes,
                    **OPEN,
                ),
                setting="dim",
                expected=axes,
                given=self.dim,
            )
        return input_shape

    def mixes_pictures(self, *, of_rows: bool) -> bool:
        """So it does along the axis of the batch."""
        return self.dim in (0, -2 if of_rows else -4)

    def remark_at_end(self) -> Message | None:
        """Say that the loss takes a softmax itself."""
        return message(
            "The last layer is {layer}: cross-entropy takes a softmax itself, and taking it twice leaves little "
            "gradient. Such a network learns slowly and is never sure; leave the layer out.",
            layer=self,
        )

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Let the classes add up to 1."""
        yield SetTo({"dim": 1})

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of an axis that there is not."""
        return no_axis(self.dim or 0, len(input_shape) + 1)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Share 1 out along the axis, whatever the shape."""
        return softmax(x, 1 if self.dim is None else self.dim)


@dataclass(frozen=True, repr=False)
class LogSoftmax(Softmax):
    """Logarithm of the softmax along an axis; PyTorch's CrossEntropyLoss takes it by itself, NLLLoss wants it here."""

    about = message(
        "The logarithm of the softmax along an axis. PyTorch's CrossEntropyLoss computes it itself; NLLLoss needs it."
    )

    loss = "NLLLoss"

    def remark_at_end(self) -> None:
        """There is nothing to say: it may be taken twice."""
        return

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Take the logarithm of the softmax along the axis, whatever the shape."""
        return log_softmax(x, 1 if self.dim is None else self.dim)


def _loses_signs(layer: Layer) -> Message:
    """Say what an activation takes from the loss."""
    return message(
        "The last layer is {layer}: cross-entropy takes numbers of any sign and turns them into probabilities itself, "
        "so what the layer cuts off or squeezes is lost to it. Such a network learns more slowly; leave the layer out.",
        layer=layer,
    )
