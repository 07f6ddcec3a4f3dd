"""A layer as a form: one field of text for each of its arguments, made from its rules, and read back by them.

Nothing here knows a layer type by name: what is in `LAYER_TYPES` has a form.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.layers import LAYER_TYPES, Between, Layer, OneOf, Rule, Shape, Switch
from cnnlab.number_text import parse_number
from cnnlab.texts import Message, in_a_row, message, one_of, verbatim

MAX_VALUE = 24
"""Characters of one argument's text."""

STARTERS: Mapping[str, tuple[str, ...]] = {"out_channels": ("16",), "kernel_size": ("3", "2"), "out_features": ("10",)}
"""What a new layer begins with, by the argument's name: for a layer that has weights, and for one that has none."""

SHORT_NAMES: Mapping[str, Message] = {
    "in_channels": message("in"),
    "in_features": message("in"),
    "out_channels": message("out"),
    "out_features": message("out"),
    "kernel_size": message("kernel"),
    "num_features": message("channels"),
}
"""What an argument is called where there is little room; any other is called by its name."""


@dataclass(frozen=True)
class Field:
    """One argument of a layer.

    Args:
        name: PyTorch's.
        label: the same where there is little room.
        value: what is set, as text.
        usual: PyTorch's default as text; None where there is none.
        kind: whether it is typed (a number, or any text), or chosen among `options`.
        options: the words that there are.
        about: what it means, and what it may be.
    """

    name: str
    label: str
    value: str
    usual: str | None
    kind: Literal["number", "text", "choice"]
    options: tuple[str, ...]
    about: Message

    @property
    def is_usual(self) -> bool:
        """Whether PyTorch's source would leave it out."""
        return self.value == self.usual


def fields_of(layer: Layer) -> tuple[Field, ...]:
    """The form of a layer, filled in, in the order of PyTorch's arguments; what can only be one thing is left out.

    >>> from cnnlab.layers import MaxPool2d
    >>> [(field.name, field.value) for field in fields_of(MaxPool2d(2))][:2]
    [('kernel_size', '2'), ('stride', 'None')]
    """
    entries = {entry.name: entry for entry in dataclasses.fields(layer)}
    return tuple(
        _field(name, rule, layer, entries[name].default)
        for name, rule in layer.rules().items()
        if not (isinstance(rule, Between) and rule.is_fixed)
    )


def read_layer(type_name: str, texts: Mapping[str, str], arriving: Shape | None = None) -> Layer:
    """Make a layer of what its form says. A field that is not there gets a value that makes sense.

    Args:
        type_name: one of `LAYER_TYPES`.
        texts: of the fields, by name. Those that the type does not have are left aside: another type was chosen.
        arriving: the shape that comes in, which what is not there is fitted to.

    Raises:
        ParseError: there is no such type, or a field holds what it cannot take.

    >>> read_layer("Conv2d", {"out_channels": "8", "padding": "1"}, (3, 32, 32))
    Conv2d(3, 8, kernel_size=3, padding=1)
    >>> read_layer("AvgPool2d", {"kernel_size": "2 x 3"})
    AvgPool2d(kernel_size=(2, 3))
    """
    layer_type = LAYER_TYPES.get(type_name)
    if layer_type is None:
        raise ParseError(
            "{layer} is not a layer that the lab knows: use {layers}.",
            layer=quoted(type_name),
            layers=one_of(LAYER_TYPES),
        )
    settings: dict[str, object] = {}
    defaults = {entry.name: entry.default for entry in dataclasses.fields(layer_type)}
    for name, rule in layer_type.rules().items():
        if name in texts:
            settings[name] = _read(message("{layer}'s {argument}", layer=type_name, argument=name), texts[name], rule)
        elif defaults[name] is dataclasses.MISSING:
            settings[name] = _starter(name, rule, layer_type, arriving)
    try:
        return layer_type(**settings)
    except ShapeError as error:
        raise ParseError(error.message) from None


def about(layer_type: type[Layer]) -> Message:
    """What a layer type does: in its own words, or the first sentence of its description."""
    return layer_type.about or verbatim((layer_type.__doc__ or layer_type.__name__).strip().splitlines()[0])


def _field(name: str, rule: Rule, layer: Layer, default: object) -> Field:
    value = getattr(layer, name)
    usual = None if default is dataclasses.MISSING else _text(default)
    label = SHORT_NAMES.get(name, name)
    match rule:
        case Switch():
            return Field(name, label, _text(value), usual, "choice", ("True", "False"), rule.about)
        case OneOf():
            return Field(name, label, _text(value), usual, "choice", rule.words, rule.about)
        case Between():
            is_plain = rule.whole and not (rule.pair or rule.words or rule.optional)
            return Field(name, label, _text(value), usual, "number" if is_plain else "text", (), _about(rule))


def _about(rule: Between) -> Message:
    """What a number means, and what it may be."""
    return in_a_row(rule.about, _accepted(rule))


def _accepted(rule: Between) -> Message:
    """Say what may be typed, words without the quotes that Python has around them."""
    others = [*rule.words, *(["None"] if rule.optional else [])]
    told: dict[str, object] = {"low": rule.low, "high": rule.high}
    if others:
        told["others"] = one_of(others)
    match rule.whole, rule.pair, bool(others):
        case True, True, True:
            return message(
                "A whole number from {low:,} to {high:,}, two of them for height and width "
                "(3×5 for instance), or {others}.",
                **told,
            )
        case True, True, False:
            return message(
                "A whole number from {low:,} to {high:,}, or two of them for height and width (3×5 for instance).",
                **told,
            )
        case True, False, True:
            return message("A whole number from {low:,} to {high:,}, or {others}.", **told)
        case True, False, False:
            return message("A whole number from {low:,} to {high:,}.", **told)
        case False, True, True:
            return message(
                "A number from {low:,} to {high:,}, two of them for height and width (3×5 for instance), or {others}.",
                **told,
            )
        case False, True, False:
            return message(
                "A number from {low:,} to {high:,}, or two of them for height and width (3×5 for instance).", **told
            )
        case False, False, True:
            return message("A number from {low:,} to {high:,}, or {others}.", **told)
        case _:
            return message("A number from {low:,} to {high:,}.", **told)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "×".join(map(str, cast("tuple[object, ...]", value)))
    return str(value)


def _read(name: str, text: str, rule: Rule) -> object:
    """The value that a field's text stands for, checked by the rule."""
    if len(text) > MAX_VALUE:
        raise ParseError(
            "{argument} is {text}: write at most {most} characters.",
            argument=name,
            text=quoted(text),
            most=MAX_VALUE,
        )
    plain = text.strip()
    value: object = plain
    if isinstance(rule, Switch):
        value = {"true": True, "false": False}.get(plain.lower(), plain)
    elif isinstance(rule, Between) and plain not in rule.words:
        value = None if rule.optional and plain.lower() in ("", "none") else _number_or_pair(plain, rule)
    try:
        return rule.read(name, value)
    except ShapeError as error:
        raise ParseError(error.message) from None


def _number_or_pair(text: str, rule: Between) -> object:
    parts = text.strip("()").lower().replace("×", "x").replace(",", "x").split("x")
    try:
        numbers = [parse_number(part) for part in parts]
    except ParseError:
        return text
    if len(numbers) == 1:
        return numbers[0]
    return tuple(numbers) if len(numbers) == 2 and rule.pair else text


def _starter(name: str, rule: Rule, layer_type: type[Layer], arriving: Shape | None) -> object:
    """What an argument without a default is set to in a new layer."""
    if arriving and name == layer_type.input_setting() and isinstance(rule, Between):
        return min(max(arriving[0], int(rule.low)), int(rule.high))
    if name in STARTERS:
        # Layers without weights pool: their windows lie side by side, and are smaller.
        return _read(name, STARTERS[name][0 if "out_channels" in layer_type.rules() else -1], rule)
    match rule:
        case Switch():
            return False
        case OneOf():
            return rule.words[0]
        case Between():
            return int(rule.low) if rule.whole else float(rule.low)
