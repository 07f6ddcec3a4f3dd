"""Whether a network can be trained on a data set here, said in a sentence before any time is spent on it.

What a network costs is estimated, not tried: the limits are those of a class that shares one machine, and of a browser
that somebody looks at. They are declared below, and every refusal says which one it is and what to change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cnnlab.data import DataFacts
from cnnlab.errors import ShapeError
from cnnlab.layers import Flatten, Layer, Linear, Shape, WindowLayer, format_shape
from cnnlab.networks import LayerSummary, Network
from cnnlab.networks.network import BYTES
from cnnlab.networks.suggestions import Problem, Suggestion, possible_fixes, read
from cnnlab.networks.zoo import UNNAMED
from cnnlab.texts import Message, in_a_row, message, plural
from cnnlab.training.config import LEARNING_RATES, TrainingConfig, count_kept
from cnnlab.training.progress import format_seconds

MAX_PARAMETERS = 20_000_000
"""A run holds four numbers for each: the weight, its gradient and what the optimizer keeps. That is 320 MB."""

MAX_BATCH_BYTES = 1.5 * 1024**3
"""Of what the layers give for one batch, and its gradients."""

MAX_EPOCH_SECONDS = 300.0
"""Estimated, on a processor. A run that is stopped must still be tested within `jobs.STOP_SECONDS`."""

SECONDS_PER_ACTIVATION = 4e-9
SECONDS_PER_MAC = 3e-11
SECONDS_PER_PARAMETER = 1e-9
"""Of one picture's way forward and back, but for the parameters, each of which costs that much a step. Fitted to runs
of ten networks on two quiet cores that multiply bfloat16; single ones took from a third to three times as long."""

MAX_KERNEL_CHANNELS = 4
"""Kernels that read more channels are no pictures."""

MAX_KERNEL_NUMBERS = 20_000
"""Of all kernels that are drawn together."""

SHALLOW = 2
SHALLOW_RATE = 0.01
"""Of SGD, for networks in which at most so many layers learn. Test accuracy after 4 epochs of cifar10-mini, at 0.05 and
at 0.01: one linear layer 28 and 35 %, two 39 and 43, a convolution and a linear layer with pooling between 49 and 52;
without pooling the loss becomes infinite, and 43. Deeper ones lose by it: LeNet-5 43 and 26, the tiny VGG 36 and 25."""

MAX_WAYS_OUT = 3
"""That a sentence names."""


@dataclass(frozen=True)
class Cost:
    """What training takes, as estimates."""

    parameters: int
    batch_bytes: int
    epoch_seconds: float  # on two cores of a processor


def check_trainable(
    network: Network, data: DataFacts, batch_size: int = TrainingConfig.batch_size, *, on_gpu: bool = False
) -> Message | None:
    """Tell why a network cannot be trained on a data set here, and the way out; None where it can.

    Args:
        network: it need not be made for these pictures; what counts is whether its layers take them.
        data: what the pictures and classes are like; see `without_validation`.
        batch_size: pictures a step, which decides the memory.
        on_gpu: a graphics card is there, so that time is no reason.

    >>> from cnnlab.data import data_facts
    >>> from cnnlab.networks import lenet5
    >>> print(check_trainable(lenet5(), data_facts("cifar10-mini")))
    None
    >>> print(check_trainable(lenet5(num_classes=3), data_facts("cifar10-mini")))
    LeNet-5 gives 3 numbers for a picture, but cifar10-mini has 10 classes: make its last layer Linear(100, 10).
    """
    return (
        _check_shapes(network, data)
        or _check_size(network, data, batch_size, on_gpu=on_gpu)
        or _check_classes(network, data)
        or _check_norms(network, data, batch_size)
    )


def without_validation(data: DataFacts, share: float) -> DataFacts:
    """Count only the training pictures that are trained on, where a share of them is kept aside for validation.

    >>> from cnnlab.data import data_facts
    >>> without_validation(data_facts("cifar10-mini"), 0.1).train_images  # 5,000 - 500
    4500
    """
    return replace(data, train_images=data.train_images - count_kept(data.train_images, share))


def check_fit(network: Network, data: DataFacts, batch_size: int = TrainingConfig.batch_size) -> Message | None:
    """Tell why a network and a data set do not go together, on however large a machine; None where they do."""
    return _check_shapes(network, data) or _check_classes(network, data) or _check_norms(network, data, batch_size)


def usual_rate(network: Network, optimizer: str) -> float:
    """The highest learning rate to begin with.

    >>> from cnnlab.layers import Flatten, Linear
    >>> usual_rate(Network("small", (Flatten(), Linear(3072, 10))), "sgd")
    0.01
    """
    depth = sum(layer.output_setting() is not None for layer in network.layers)
    return SHALLOW_RATE if optimizer == "sgd" and depth <= SHALLOW else LEARNING_RATES[optimizer]


def cost_of(network: Network, data: DataFacts, batch_size: int = TrainingConfig.batch_size) -> Cost:
    """Estimate what training takes.

    Raises:
        ShapeError: the network cannot take the pictures.
    """
    rows = network.summary(data.image_shape)
    activations = sum(math.prod(row.output_shape) for row in rows)
    parameters = sum(row.num_params for row in rows)
    # The products of what works on rows, a linear layer, are quick; its cost is the parameters that it moves.
    macs = sum(row.macs for row in rows if len(row.output_shape) == 3)
    picture = (
        activations * SECONDS_PER_ACTIVATION + macs * SECONDS_PER_MAC + parameters * SECONDS_PER_PARAMETER / batch_size
    )
    return Cost(parameters, 2 * BYTES * batch_size * activations, picture * data.train_images)


def fitted(network: Network, data: DataFacts) -> Network:
    """Make a network fit pictures and classes as far as its channels, features and last linear layer decide that.

    Kernels, strides and padding stay: where they do not fit the pictures, the network still cannot take them.

    >>> from cnnlab.data import DataFacts
    >>> from cnnlab.networks import lenet5
    >>> grey = DataFacts("digits", (1, 32, 32), num_classes=4, train_images=100, test_images=100)
    >>> fitted(lenet5(), grey) == lenet5(1, 4)
    True
    """
    layers: list[Layer] = []
    shape: Shape | None = data.image_shape
    for layer in network.layers:
        if shape is not None:
            layer, shape = _fitted_layer(layer, shape)
        layers.append(layer)
    last = next((place for place in reversed(range(len(layers))) if "out_features" in layers[place].rules()), None)
    if last is not None:
        layers[last] = replace(layers[last], out_features=data.num_classes)  # pyright: ignore[reportCallIssue]
    return Network(network.name, tuple(layers), data.image_shape)


def suggestions_for(problem: Problem, data: DataFacts) -> tuple[Suggestion, ...]:
    """The ways out that leave the pictures as they are."""
    return tuple(way for way in problem.suggestions if way.input_shape == data.image_shape)


def ways_to_fit(
    network: Network, data: DataFacts, batch_size: int = TrainingConfig.batch_size
) -> tuple[Suggestion, ...]:
    """Networks that can be trained on the data and hardly differ from one that cannot, each with what is changed."""
    reading = read(network, data.image_shape) if network.layers else None
    candidates: list[tuple[tuple[Message, ...], Network]] = [((), network)]
    if reading is not None and reading.problem is not None:
        candidates += [((way.label,), way.network) for way in suggestions_for(reading.problem, data)]
    found: dict[tuple[Layer, ...], Suggestion] = {}
    for told, candidate in candidates:
        other = fitted(candidate, data)
        added = _ending(other, data)
        whole = replace(other, layers=other.layers + added)
        if whole.layers != network.layers and check_trainable(whole, data, batch_size) is None:
            changes = [*told, *changes_between(candidate, other)]
            changes += [message("Add {layers} at the end", layers=", ".join(map(str, added)))] if added else []
            found.setdefault(whole.layers, Suggestion(_one_label(changes), whole, data.image_shape))
    return tuple(found.values())


def _one_label(changes: Sequence[Message]) -> Message:
    """A change, or several one after the other, as a label."""
    label, *others = changes
    for change in others:
        label = message("{first}; {next}", first=label, next=change)
    return label


def _ending(network: Network, data: DataFacts) -> tuple[Layer, ...]:
    """The layers that a network lacks to give a number for each class; none where it needs no more, or does not fit."""
    rows, error = network.follow()
    if error is not None or not rows or rows[-1].output_shape == (data.num_classes,):
        return ()
    features = math.prod(rows[-1].output_shape)
    flat = (Flatten(),) if len(rows[-1].output_shape) == 3 else ()
    try:
        return (*flat, Linear(features, data.num_classes))
    except ShapeError:  # more features than a layer takes
        return ()


def changes_between(before: Network, after: Network) -> tuple[Message, ...]:
    """Say in words what `fitted` has changed.

    >>> from cnnlab.networks import lenet5
    >>> changes_between(lenet5(), lenet5(1, 4))
    ('Set in_channels of layer 1 (Conv2d) to 1', 'Set out_features of layer 12 (Linear) to 4')
    """
    return tuple(
        message(
            "Set {setting} of layer {number} ({layer}) to {new}",
            setting=name,
            number=number,
            layer=new.name,
            new=repr(getattr(new, name)),
        )
        for number, (old, new) in enumerate(zip(before.layers, after.layers, strict=True), start=1)
        for name in old.rules()
        if getattr(old, name) != getattr(new, name)
    )


def why_no_kernels(network: Network) -> Message | None:
    """Why the first convolution's kernels cannot be looked at as pictures; None where they can."""
    first = next((layer for layer in network.layers if isinstance(layer, WindowLayer) and layer.has_kernels), None)
    if first is None:
        return message("This network has no convolution, so there are no kernels to look at.")
    _, channels, height, width = first.weight_shapes()["weight"]
    if channels > MAX_KERNEL_CHANNELS:
        return message(
            "The kernels of the first convolution have {channels} channels each, too many for a picture.",
            channels=channels,
        )
    numbers = channels * height * width
    if numbers > MAX_KERNEL_NUMBERS:
        return message(
            "The kernels of the first convolution have {numbers:,} numbers each, too many to be drawn here.",
            numbers=numbers,
        )
    return None


def subject(network: Network) -> str:
    """The network as a sentence begins with it: its name, or a message where it has none."""
    return message("The network") if network.name in ("", UNNAMED) else network.name


def _fitted_layer(layer: Layer, shape: Shape) -> tuple[Layer, Shape | None]:
    """The layer with the channels or features that come in, and what it gives; None where it cannot take them."""
    name = layer.input_setting()
    changes = {} if name is None else {name: shape[0]}
    try:
        layer = replace(layer, **changes)
        return layer, layer.output_shape(shape)
    except ShapeError:
        return layer, None


def _check_shapes(network: Network, data: DataFacts) -> Message | None:
    if not network.layers:
        return message(
            "{network} has no layers: add some, Flatten() and a Linear(...) at least.", network=subject(network)
        )
    reading = read(network, data.image_shape)
    rows, problem = reading.rows, reading.problem
    if problem is not None:
        ways = [way.label for way in suggestions_for(problem, data)][:MAX_WAYS_OUT]
        return in_a_row(_refusal(network, data), problem.fact, possible_fixes(ways))
    if not sum(row.num_params for row in rows):
        return message(
            "{network} has no weights to train: add a convolution or a linear layer.", network=subject(network)
        )
    return None


def _refusal(network: Network, data: DataFacts) -> Message:
    shape, made_for = format_shape(data.image_shape), network.input_shape
    if made_for is None or made_for == data.image_shape:
        return message(
            "{network} cannot take the {shape} pictures of {data}.",
            network=subject(network),
            shape=shape,
            data=data.name,
        )
    return message(
        "{network}, made for {made_for}, cannot take the {shape} pictures of {data}.",
        network=subject(network),
        made_for=format_shape(made_for),
        shape=shape,
        data=data.name,
    )


def _check_size(network: Network, data: DataFacts, batch_size: int, *, on_gpu: bool) -> Message | None:
    cost = cost_of(network, data, batch_size)
    if cost.parameters > MAX_PARAMETERS:
        rows = network.summary(data.image_shape)
        largest = max(rows, key=lambda row: row.num_params)
        return message(
            "{network} has {parameters:,} parameters, more than the {most:,} that can be trained here. Layer {number} "
            "({layer}) alone has {largest:,}: make it smaller.",
            network=subject(network),
            parameters=cost.parameters,
            most=MAX_PARAMETERS,
            number=largest.index + 1,
            layer=str(largest.layer),
            largest=largest.num_params,
        )
    if cost.batch_bytes > MAX_BATCH_BYTES:
        fitting = int(MAX_BATCH_BYTES * batch_size / cost.batch_bytes)
        told = plural(
            "{network} would fill {needed:.1f} GB with a batch of {n} picture, more than the {limit:.1f} GB that a "
            "run has here.",
            "{network} would fill {needed:.1f} GB with a batch of {n} pictures, more than the {limit:.1f} GB that a "
            "run has here.",
            n=batch_size,
            network=subject(network),
            needed=cost.batch_bytes / 1e9,
            limit=MAX_BATCH_BYTES / 1e9,
        )
        if fitting:
            return in_a_row(told, message("Use batches of at most {fitting}.", fitting=fitting))
        return in_a_row(told, message("Use fewer channels, or pool earlier."))
    if cost.epoch_seconds > MAX_EPOCH_SECONDS and not on_gpu:
        rows = network.summary(data.image_shape)
        slowest = max(rows, key=lambda row: row.macs * SECONDS_PER_MAC)
        return message(
            "{network} would need about {time} for one epoch of {pictures:,} pictures of {data}, more than the {limit} "
            "that one may take here without a graphics card. Use fewer channels (layer {number}, {layer}, multiplies "
            "most), pool earlier, or take a smaller data set.",
            network=subject(network),
            time=format_seconds(cost.epoch_seconds),
            pictures=data.train_images,
            data=data.name,
            limit=format_seconds(MAX_EPOCH_SECONDS),
            number=slowest.index + 1,
            layer=str(slowest.layer),
        )
    return None


def _check_classes(network: Network, data: DataFacts) -> Message | None:
    if not data.test_images:
        return message("{data} has no test pictures: a run needs some to be tested on.", data=data.name)
    rows = network.summary(data.image_shape)
    shape = rows[-1].output_shape
    if shape == (data.num_classes,):
        return None
    if len(shape) == 3:
        return plural(
            "{network} ends in a map and gives {shape} numbers for a picture, but {data} has {n} class: end it with "
            "Flatten(), Linear({features}, {n}).",
            "{network} ends in a map and gives {shape} numbers for a picture, but {data} has {n} classes: end it with "
            "Flatten(), Linear({features}, {n}).",
            n=data.num_classes,
            network=subject(network),
            shape=format_shape(shape),
            data=data.name,
            features=math.prod(shape),
        )
    last = _last_linear(rows)
    if last is None:
        return plural(
            "{network} gives {numbers:,} numbers for a picture, but {data} has {n} class: add Linear({numbers}, {n}) "
            "at its end.",
            "{network} gives {numbers:,} numbers for a picture, but {data} has {n} classes: add "
            "Linear({numbers}, {n}) at its end.",
            n=data.num_classes,
            network=subject(network),
            numbers=shape[0],
            data=data.name,
        )
    right = replace(last, out_features=data.num_classes)  # pyright: ignore[reportCallIssue]
    return plural(
        "{network} gives {numbers:,} numbers for a picture, but {data} has {n} class: make its last layer {layer}.",
        "{network} gives {numbers:,} numbers for a picture, but {data} has {n} classes: make its last layer {layer}.",
        n=data.num_classes,
        network=subject(network),
        numbers=shape[0],
        data=data.name,
        layer=str(right),
    )


def _check_norms(network: Network, data: DataFacts, batch_size: int) -> Message | None:
    for row in network.summary(data.image_shape):
        problem = row.layer.batch_problem(row.input_shape, batch_size)
        if problem is not None:
            return message(
                "Layer {number} ({layer}): {problem}", number=row.index + 1, layer=str(row.layer), problem=problem
            )
    return None


def _last_linear(rows: Sequence[LayerSummary]) -> Layer | None:
    """The linear layer that decides how many numbers come out, if nothing after it changes their number."""
    for row in reversed(rows):
        if "out_features" in row.layer.rules():
            return row.layer
        if row.input_shape != row.output_shape:
            return None
    return None
