"""Write networks as the PyTorch that a student would write: nn.Sequential, a class with its forward, a whole script.

The class is written in two styles: ours, short and with functions, and the lecture's slides', where each argument has
its name and activations are members of the class: `x = self.relu(self.conv1(x))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from cnnlab.errors import ShapeError, quoted
from cnnlab.layers import Layer, Shape, format_shape

Form = Literal["sequential", "module", "slides"]

INDENT = " " * 4


@dataclass(frozen=True)
class Block:
    """Lines of source, and the imports that they need."""

    lines: tuple[str, ...]
    imports: tuple[str, ...]


def check_form(form: object) -> Form:
    """Take the name of a form.

    Raises:
        ShapeError: there is no such form.
    """
    if form not in get_args(Form):
        raise ShapeError("There is no form {form} of code: use 'sequential', 'module' or 'slides'.", form=quoted(form))
    return cast("Form", form)


def title_of(name: str, shapes: Sequence[Shape], num_params: int) -> str:
    """Write what stands above a network, on one line whatever its name holds.

    >>> title_of("LeNet-5", [(3, 32, 32)], 64102), title_of("small", [], 0)
    ('LeNet-5, for 3 × 32 × 32: 64,102 parameters', 'small')
    """
    # A name with line breaks in it must stay a comment.
    plain = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    return f"{plain}, for {format_shape(shapes[0])}: {num_params:,} parameters" if shapes else plain


def write_network(layers: Sequence[Layer], title: str, shapes: Sequence[Shape], form: Form) -> Block:
    """Write the lines that make `model`; its imports are apart.

    Args:
        layers: in their order.
        title: the comment above.
        shapes: of the input and after each layer, for comments; none where they are not known.
        form: "sequential" for an nn.Sequential, "module" for a class, "slides" for one as the lecture's slides have it.
    """
    if form != "sequential":
        return _module(layers, title, shapes, of_slides=form == "slides")
    lines = [f"{INDENT}nn.{layer}," for layer in layers]
    lines = _beside(lines, map(format_shape, shapes[1:]))
    return Block((f"# {title}", "model = nn.Sequential(", *lines, ")"), ("from torch import nn",))


def _module(layers: Sequence[Layer], title: str, shapes: Sequence[Shape], *, of_slides: bool) -> Block:
    is_kept = [layer.as_function() is None or (of_slides and _is_activation(layer)) for layer in layers]
    names = _member_names(layers, is_kept)
    members = {name: layer for layer, name in zip(layers, names, strict=True) if name}
    steps: list[str] = []
    comments: list[str] = []
    for index, (layer, name) in enumerate(zip(layers, names, strict=True)):
        shape = format_shape(shapes[index + 1]) if shapes else ""
        before = "x"
        function = layer.as_function() or ""
        # An activation is written around the layer before it; it leaves the shape as it is.
        is_around = layer.as_function() is not None and _is_activation(layer)
        if is_around and index and layers[index - 1].as_function() is None:
            before = steps.pop().removeprefix("x = ")
            comments.pop()
        steps.append(f"x = {function.format(x=before)}" if not name else f"x = self.{name}({before})")
        comments.append(shape)
    body = _beside([f"{INDENT * 2}{step}" for step in steps], comments if shapes else [])
    text = "\n".join(steps)
    lines = (
        f"# {title}",
        "class Net(nn.Module):",
        f"{INDENT}def __init__(self):",
        f"{INDENT * 2}super().__init__()",
        *(
            f"{INDENT * 2}self.{name} = nn.{layer.with_keywords() if of_slides else layer}"
            for name, layer in members.items()
        ),
        "",
        f"{INDENT}def forward(self, x):",
        *body,
        f"{INDENT * 2}return x",
        "",
        "",
        "model = Net()",
    )
    imports = (
        *(["import torch"] if "torch." in text else []),
        *(["import torch.nn.functional as F"] if "F." in text else []),
        "from torch import nn",
    )
    return Block(lines, imports)


def _is_activation(layer: Layer) -> bool:
    """Whether it works on each number by itself."""
    return type(layer).output_shape is Layer.output_shape


def _member_names(layers: Sequence[Layer], is_kept: Sequence[bool]) -> list[str]:
    """Name each layer that a class keeps: conv1, conv2, and pool where all poolings are alike; "" for functions."""
    kept: dict[object, str] = {}  # layers that learn are apart, even if they look alike
    kinds: dict[str, int] = {}
    keys: list[object] = [
        layer if type(layer).num_params is Layer.num_params else index for index, layer in enumerate(layers)
    ]
    for key, layer, keep in zip(keys, layers, is_kept, strict=True):
        if keep and key not in kept:
            kind = layer.member or layer.name.lower()
            kinds[kind] = kinds.get(kind, 0) + 1
            kept[key] = f"{kind}{kinds[kind]}"
    alone = {f"{kind}1" for kind, count in kinds.items() if count == 1}
    return [name[:-1] if (name := kept.get(key, "")) in alone else name for key in keys]


def _beside(lines: Sequence[str], comments: Iterable[str]) -> list[str]:
    """Write comments beside lines, below each other."""
    width = max(map(len, lines), default=0)
    written = [f"{line:{width}}  # {comment}" for line, comment in zip(lines, comments, strict=False)]
    return written or list(lines)
