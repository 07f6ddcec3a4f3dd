"""A stack as PyTorch lines, and the lines that measure what a unit sees."""

from cnnlab.lessons.receptive_field.stack import CHANNELS, Stack, StackLayer, Unit
from cnnlab.pytorch_text import Style


def network_code(stack: Stack, style: Style = "short") -> str:
    """Write the layers that fit as an nn.Sequential, with the shape that comes out and what a unit sees.

    >>> from cnnlab.lessons.receptive_field.stack import parse_layers
    >>> print(network_code(Stack(32, parse_layers("c5,p2"))))
    from torch import nn
    <BLANKLINE>
    model = nn.Sequential(                # input: 3 × 32 × 32
        nn.Conv2d(3, 16, kernel_size=5),  # 16 × 28 × 28, each unit sees 5 × 5 pixels
        nn.MaxPool2d(kernel_size=2),      # 16 × 14 × 14, each unit sees 6 × 6 pixels
    )
    <BLANKLINE>
    """
    made = stack.network_layers(relu=False)
    layers = [f"    nn.{layer.with_keywords() if style == 'slides' else layer}," for layer in made]
    notes = [f"# input: 3 × {stack.size} × {stack.size}"]
    channels = 3
    for row in stack.rows:
        channels = CHANNELS if row.layer.kind == "conv" else channels
        seen = row.field.size
        notes.append(f"# {channels} × {row.size} × {row.size}, each unit sees {seen} × {seen} pixels")
    lines = ["model = nn.Sequential(", *layers]
    width = max(map(len, lines))
    noted = [f"{line:{width}}  {note}" for line, note in zip(lines, notes, strict=True)]
    return "\n".join(["from torch import nn", "", *noted, ")", ""])


def probe_code(stack: Stack, unit: Unit) -> str:
    """Write a script that finds the pixels that a unit depends on, and prints how they lie.

    It runs as it stands; a comment shows what it prints.
    """
    number, row, column = unit
    below = stack.region(unit)
    spans = [axis.mask.nonzero()[0] for axis in (below.rows, below.columns)]
    count = int(below.mask.sum())
    printed = f"{spans[0][0]} {spans[0][-1]} {spans[1][0]} {spans[1][-1]} {count}" if count else None
    layers = [f"    {_probe_layer(one.layer)}," for one in stack.rows[:number]]
    lines = [
        "import torch",
        "from torch import nn",
        "",
        "# Weights of one: then no two paths can cancel out. A pooling reads the same pixels as a convolution",
        "# of its size; nn.MaxPool2d itself would hand the gradient to its largest pixel only.",
        "probe = nn.Sequential(",
        *layers,
        ")",
        "for layer in probe:",
        "    nn.init.ones_(layer.weight)",
        "",
        f"x = torch.ones(1, 1, {stack.size}, {stack.size}, requires_grad=True)",
        f"probe(x)[0, 0, {row}, {column}].backward()",
        "seen = x.grad[0, 0] > 0  # no path, no gradient",
        "",
        "rows, columns = seen.nonzero(as_tuple=True)",
    ]
    if printed is None:
        return "\n".join([*lines, "print(len(rows))  # 0: this unit looks at nothing but padding", ""])
    return "\n".join(
        [
            *lines,
            "print(*map(int, (rows.min(), rows.max(), columns.min(), columns.max(), seen.sum())))",
            f"# {printed}",
            "",
        ]
    )


def _probe_layer(layer: StackLayer) -> str:
    settings = {"stride": (layer.stride, 1), "padding": (layer.padding, 0), "dilation": (layer.dilation, 1)}
    options = "".join(f", {name}={value}" for name, (value, usual) in settings.items() if value != usual)
    return f"nn.Conv2d(1, 1, kernel_size={layer.kernel}{options}, bias=False)"
