"""What is pasted becomes the network that PyTorch would make of it, or is named with its line; nothing is executed."""

import contextlib
import random
import re
import sys
from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlab.errors import ParseError, ShapeError
from cnnlab.layers import Conv2d, Dropout, Layer, MaxPool2d, ReLU, Shape
from cnnlab.layers.poolings import Pool2d
from cnnlab.networks import Network, guess_input, lenet5, parse_network, read_code
from cnnlab.networks.zoo import ZOO
from tests.drawn_layers import networks
from tests.templates import unknown_templates

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for"),
]

SETTINGS = settings(deadline=None, max_examples=200)
FORMS = pytest.mark.parametrize("form", ["sequential", "module"])


@FORMS
@given(drawn=networks(), commented=st.booleans())
@SETTINGS
def test_code_that_is_written_is_read_again(drawn: tuple[Network, Shape], commented: bool, form) -> None:
    network, shape = drawn
    read = read_code(network.to_code(shape if commented else None, form))
    assert read.network.layers == network.layers
    assert read.remarks == ()


@given(drawn=networks())
@SETTINGS
def test_code_in_the_slides_style_is_read_again(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    code = network.to_code(shape, "slides")
    read = read_code(code)
    assert [_with_stride(layer) for layer in read.network.layers] == [_with_stride(layer) for layer in network.layers]
    assert read.remarks == ()
    assert "F." not in code


def _with_stride(layer: Layer) -> Layer:
    """A pooling's stride written out, as the slides do."""
    if not isinstance(layer, Pool2d):
        return layer
    return replace(layer, stride=layer.kernel_size if layer.stride is None else layer.stride)


@given(networks())
@SETTINGS
def test_text_that_is_written_is_read_again(drawn: tuple[Network, Shape]) -> None:
    network, _ = drawn
    assume(network.layers)
    assert parse_network(network.to_text()).layers == network.layers
    assert parse_network(network.to_text().replace(" ", "")).layers == network.layers


@given(networks(), st.sampled_from(["module", "slides"]))
@SETTINGS
def test_a_class_that_is_written_computes_what_the_network_computes(drawn: tuple[Network, Shape], form) -> None:
    network, shape = drawn
    made: dict[str, nn.Module] = {}
    exec(network.to_code(shape, form), made)
    twin = network.to_torch().eval()
    model = made["model"].eval()
    weights = twin.state_dict().values()
    assert [value.shape for value in weights] == [value.shape for value in model.state_dict().values()]
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    x = torch.rand(1, *shape)
    torch.testing.assert_close(model(x), twin(x), equal_nan=True)


def test_the_slides_style_is_that_of_slides_36_and_37() -> None:
    layers = (Conv2d(1, 6, kernel_size=5), ReLU(), MaxPool2d(2), Conv2d(6, 16, kernel_size=5), ReLU(), ReLU())
    lines = Network("small", layers).to_code(form="slides").splitlines()
    assert "        self.conv1 = nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5)" in lines
    assert "        self.pool = nn.MaxPool2d(2, 2)" in lines
    assert lines.count("        self.relu = nn.ReLU()") == 1
    start = lines.index("    def forward(self, x):")
    assert lines[start + 1 : start + 6] == [
        "        x = self.relu(self.conv1(x))",
        "        x = self.pool(x)",
        "        x = self.relu(self.conv2(x))",
        "        x = self.relu(x)",
        "        return x",
    ]


def test_an_unknown_form_of_code_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match=r"There is no form 'keras' of code: use 'sequential', 'module' or 'slides'"):
        lenet5().to_code(form="keras")  # pyright: ignore[reportArgumentType]


SCRIPTS = [lenet5().to_code(), lenet5().to_code(form="module"), lenet5().to_text()]
PARTS = [
    "(",
    ")",
    ",",
    "=",
    ":",
    "\n",
    "    ",
    "*",
    "**",
    "x",
    "self.",
    "nn.",
    "F.relu(",
    "-1",
    "10**9",
    "[",
    "]",
    "'",
    '"',
]
PARTS += [
    "for i in x:\n",
    "return",
    "lambda: 0",
    "#",
    "```",
    ">>> ",
    "\0",
    "\ud800",
    "é",
    "class A:\n",
    "def f(a=f()):",
    "yield ",
]
PARTS += [
    "x.view(-1, 400)",
    "super().__init__()",
    "@",
    "import os\n",
    "{**a}",
    "*a",
    "a if b else c",
    "x.size(0)",
    "True",
    "1j",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=40).map("".join)))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_network_or_a_sentence(text: str) -> None:
    _read_or_refuse(text)


@given(st.sampled_from(SCRIPTS), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=1000)
def test_damaged_code_is_a_network_or_a_sentence(text: str, times: int, chance: random.Random) -> None:
    for _ in range(times):
        start = chance.randrange(len(text))
        end = start + chance.choice([0, 0, 1, 1, 5, 40])
        moved = chance.randrange(len(text))
        put = chance.choice(["", chance.choice(PARTS), text[moved : moved + 20]])
        text = text[:start] + put + text[end:] or " "
    _read_or_refuse(text)


def _read_or_refuse(text: str) -> None:
    with contextlib.suppress(ParseError):
        assert isinstance(parse_network(text), Network)


NET = """\
import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(6 * 14 * 14, num_classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = torch.flatten(x, 1)
        return self.fc1(x)
"""
LAYERS = "Conv2d(3, 6, kernel_size=5), ReLU(), MaxPool2d(kernel_size=2), Flatten(), Linear(1176, 10)"
BUILD = "    def build(self, n):\n        self.conv1 = nn.Conv2d(3, n, 5)\n\n    def forward"
DRAWN = """\
        self.conv1.weight.data.normal_(0, 0.1)
        nn.init.zeros_(self.fc1.bias)
        self._draw()
        for m in self.modules():
            if isinstance(m, nn.Linear):
                m.weight.data.fill_(0)

    def _draw(self):
        '''of the weights'''
        self.apply(lambda m: None)

    def forward"""
STEM = "    def stem(self, x):\n        return F.relu(self.conv1(x))\n\n    def forward"
FLATTEN = "        x = torch.flatten(x, 1)\n"


def change(*changes: tuple[str, str]) -> str:
    text = NET
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize(
    "text",
    [
        NET,
        NET
        + "\nnet = Net()\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\nfor x, y in data:\n    out = net(x)\n",
        NET + "\nnet = Net(num_classes=10).to(device)\nprint(net)\nnet.train()\n",
        NET + "\nif __name__ == '__main__':\n    net = Net(10).cuda()\n",
        NET + "\nmodel = Net()\nif torch.cuda.is_available():\n    model = model.cuda()\n",
        "\n".join(NET.split("\n")[5:]),
        change((FLATTEN, "        x = x.view(-1, 6 * 14 * 14)\n")),
        change((FLATTEN, "        x = x.view(x.size(0), -1)\n")),
        change((FLATTEN, "        x = x.view((x.shape[0], -1))\n")),
        change((FLATTEN, "        n = len(x)\n        x = x.reshape(n, -1)\n")),
        change((FLATTEN, "        n, c, h, w = x.size()\n        x = x.view(n, c * h * w)\n")),
        change((FLATTEN, "        x = x.view(-1, x.shape[1] * x.shape[2] * x.shape[3])\n")),
        change((FLATTEN, "        x = x.flatten(start_dim=1)\n")),
        change((FLATTEN, "        x = nn.Flatten()(x)\n")),
        change((FLATTEN, "        x: torch.Tensor = x.contiguous().view(x.size(0), -1)\n        print(x.shape)\n")),
        change(("F.relu(self.conv1(x))", "self.conv1(x).relu()")),
        change(("F.relu(self.conv1(x))", "torch.relu(self.conv1(x))")),
        change(
            ("F.relu(self.conv1(x))", "self.relu(self.conv1(x))"), ("self.pool =", "self.relu = nn.ReLU(); self.pool =")
        ),
        change(
            ("self.pool(F.relu(self.conv1(x)))", "F.max_pool2d(F.relu(self.conv1(x)), 2)"),
            ("self.pool = nn.MaxPool2d(2)", ""),
        ),
        change(("super().__init__()", "super(Net, self).__init__()")),
        change(("(3, 6, 5)", "(in_channels=3, out_channels=6, kernel_size=(5, 5))")),
        change(("num_classes=10", "num_classes: int = 2 * 5"), ("6 * 14 * 14", "6 * int(28 / 2) ** 2")),
        change(("class Net", "N = 10\nclass Net"), ("num_classes=10", "num_classes=N")),
        change(
            ("num_classes=10", "num_classes"), ("import torch\n", "import torch as t\n"), ("torch.flatten", "t.flatten")
        )
        + "\nmodel = Net(10)",
        change(("import torch.nn.functional as F", "from torch.nn.functional import relu"), ("F.relu", "relu")),
        change(
            ("from torch import nn", "from torch.nn import *\nfrom torch.nn import Conv2d as C"), ("nn.Conv2d", "C")
        ),
        change(("self.pool =", "self.add_module('pool',"), ("nn.MaxPool2d(2)", "nn.MaxPool2d(2))")),
        change(("F.relu(self.conv1(x))", "self.stem(x)"), ("    def forward", STEM)),
        change(
            ("super().__init__()", "super().__init__()\n        self.n = num_classes"), (", num_classes)", ", self.n)")
        ),
        change(
            ("super().__init__()", "super().__init__()\n        self.build(6)"),
            ("    def forward", BUILD),
            ("        self.conv1 = nn.Conv2d(3, 6, 5)\n        self.pool", "        self.pool"),
        ),
        change(("    def forward", DRAWN)),
        NET + "net = Net()\nnn.init.zeros_(net.conv1.bias)\nnn.utils.clip_grad_norm_(net.parameters(), 1)\n",
        NET + "net = Net()\nother = Net()\n",
        "model = nn.Sequential(nn.Conv2d(3, 6, 5), nn.Sequential(nn.ReLU(), nn.MaxPool2d(2)), nn.Flatten(1),\n"
        "nn.Linear(1176, 10))",
        "body = [nn.Conv2d(3, 6, 5), nn.ReLU()]\nbody.append(nn.MaxPool2d(2))\n"
        "model = nn.Sequential(*body, nn.Flatten(), nn.Linear(1176, 10))",
        "model = nn.Sequential()\nmodel.append(nn.Conv2d(3, 6, 5))\nmodel.add_module('relu', nn.ReLU())\n"
        "model.append(nn.MaxPool2d(2))\nmodel.append(nn.Flatten())\nmodel.append(nn.Linear(1176, 10))\n",
        "from collections import OrderedDict\nnn.Sequential(OrderedDict([('conv', nn.Conv2d(3, 6, 5)),"
        "('a', nn.ReLU()),"
        "('pool', nn.MaxPool2d(2)), ('flat', nn.Flatten()), ('fc', nn.Linear(1176, 10))]))",
        "nn.Sequential(OrderedDict({'conv': nn.Conv2d(3, 6, 5), 'a': nn.ReLU(), 'pool': nn.MaxPool2d(2),\n"
        "'flat': nn.Flatten(), 'fc': nn.Linear(1176, 10)}))",
        "import torch\nfeatures = torch.nn.Sequential(torch.nn.Conv2d(3, 6, 5), torch.nn.ReLU(),\n"
        "torch.nn.MaxPool2d(2))\n"
        "model = torch.nn.Sequential(features, torch.nn.Flatten(), torch.nn.Linear(1176, 10))\n",
        "def make(classes=10):\n    return nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(),\n"
        "        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1176, classes))\n",
        "def block(c):\n    return nn.Sequential(nn.Conv2d(3, c, 5), nn.ReLU(), nn.MaxPool2d(2))\n"
        "model = nn.Sequential(block(6), nn.Flatten(), nn.Linear(1176, 10))\n",
        "class Block(nn.Module):\n    def __init__(self, c):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, c, 5)\n"
        "    def forward(self, x):\n        return F.max_pool2d(F.relu(self.c(x)), 2)\n"
        "model = nn.Sequential(Block(6), nn.Flatten(), nn.Linear(1176, 10))\n",
        "Conv2d(3, 6, 5), ReLU(),  # first\n  MaxPool2d(2),\n\tFlatten(), Linear(1176, 10),\n",
        "[Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(1176, 10)]",
        "Conv2d(3, 6, 5)\nReLU()\nMaxPool2d(2)\nFlatten()\nLinear(1176, 10)",
        ">>> model = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(),\n...     nn.MaxPool2d(2),\n"
        "...     nn.Flatten(), nn.Linear(1176, 10))\n"
        ">>> print(model)\nSequential(\n  (0): Conv2d(3, 6, kernel_size=(5, 5))\n)",
        "In [1]: model = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),\n"
        "   ...:     nn.Linear(1176, 10))",
        "%matplotlib inline\n!pip install torch\n" + NET,
        "Here it is:\n```py\n" + NET + "```\nWhy does it not work?",
        "model = nn.Sequential(\n\xa0\xa0\xa0 nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),\n"
        "nn.Linear(1176, 10))",
    ],
)
def test_the_ways_of_writing_one_network_are_all_read(text: str) -> None:
    assert parse_network(text).to_text() == LAYERS
    assert read_code(text).remarks == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"The text is empty: paste nn\.Sequential\(\.\.\.\), or a class with its forward"),
        ('{\n "cells": []}', "This is a notebook: paste the cell with the network alone"),
        ('{"metadata": "' + "x" * 100_000, "This is a notebook: paste the cell with the network alone"),
        ("x" * 60_001, r"The text has 60,001 characters: paste the network alone, 60,000 at most"),
        (5, r"5 is not text: give the source of a network"),
        ("hello", r"Line 1: 'hello' has no value in the text"),
        ("import torch\nx = 3", r"There is no network in the text: paste nn\.Sequential"),
        (
            "nn.Sequential(\n  nn.ReLU(),\n  nn.Tanh(",
            r"Line 3: 'nn\.Tanh\(' cannot be read as Python .*: look for a bracket",
        ),
        (
            "Sequential(\n  (0): Conv2d(3, 6, kernel_size=(5, 5))\n)",
            r"This is what print\(model\) shows.*: paste the code",
        ),
        (
            "Conv2d(3, 6, 5),\nnn.LSTM(3, 4)",
            r"Line 2: 'nn\.LSTM\(3, 4\)' is not a layer that the lab knows\. It knows Conv2d, ",
        ),
        ("nn.Conv2D(3, 6, 5)", r"Line 1: 'nn\.Conv2D\(3, 6, 5\)' is not a layer .*\. Did you mean Conv2d\?"),
        ("nn.Identity()", r"It does nothing: leave it out"),
        ("nn.Sequential(nn.ReLU(), nn.CrossEntropyLoss())", r"A loss is not part of the network: leave it out"),
        ("nn.Sequential(nn.ReLU(), nn.NLLLoss())", r"A loss is not part of the network: leave it out"),
        ("nn.Sequential(nn.ReLU(), nn.LazyLinear(10))", r"Write nn\.Linear with its in_features"),
        (
            "from tensorflow.keras import layers\nm = nn.Sequential(layers.Dense(3))",
            r"Line 2: .* is Keras. The lab reads PyTorch",
        ),
        ("nn.Sequential(nn.ReLU)", r"Line 1: 'nn\.ReLU' is a layer's type without its settings: put \(\) after it"),
        ("nn.Sequential(nn.ReLU(), 3)", r"Line 1: '3' is not a layer"),
        ("nn.Sequential([nn.ReLU()])", r"gives nn\.Sequential one list: put \* before it"),
        ("nn.Conv2d(3, 6)", r"Line 1: 'nn\.Conv2d\(3, 6\)' is missing kernel_size. Conv2d takes in_channels, "),
        (
            "nn.Conv2d(3, 6, 5, size=2)",
            r"has size, which the lab's Conv2d does not take: leave it out. Conv2d takes in_chan",
        ),
        ("nn.ReLU(True, 1, 2)", r"Line 1: .* has more arguments than ReLU takes here"),
        ("nn.Conv2d(3, 6, 5, kernel_size=5)", r"gives kernel_size twice: give it once"),
        ("nn.Conv2d(3, 6, kernel_size=5, kernel_size=3)", r"gives kernel_size twice: give it once"),
        ("nn.Conv2d(3, 6, 5, **more)", r"cannot be read here: write the arguments out instead of \*\*"),
        ("nn.Conv2d(3, 6, -5)", r"Line 1: .*: Conv2d's kernel_size must be a whole number from 1 to 512 .*, not -5"),
        ("nn.Conv2d(3, 6, [[5]])", r"has no plain value for kernel_size: write the number itself"),
        ("nn.Conv2d(3, width, 5)", r"Line 1: 'width' has no value in the text: write the number or the layer itself"),
        ("width = int(input())\nnn.Conv2d(3, width, 5)", r"Line 1: 'input' has no value in the text"),
        (
            "nn.Conv2d(3, 10**10**10, 5)",
            r"Line 1: '10\*\*10\*\*10' cannot be computed here: use \+ - \* // / with numbers up to",
        ),
        ("nn.Conv2d(3, 1 // 0, 5)", r"Line 1: '1 // 0' cannot be computed here"),
        ("nn.Conv2d(3, 9**9**9, 5)", r"cannot be computed here"),
        ("nn.Conv2d(3, 2 if True else 3, 5)", r"cannot be read here: write layers and numbers out, one by one"),
        (
            "nn.Sequential(*[nn.ReLU() for _ in range(3)])",
            r"Line 1: .* cannot be read here: write layers and numbers out",
        ),
        (
            "layers = []\nfor i in range(3):\n    layers.append(nn.ReLU())\nmodel = nn.Sequential(*layers)",
            r"Line 2: 'for i in range\(3\):' changes the network: write its layers out one by one",
        ),
        ("def make(n):\n    return nn.Sequential(nn.ReLU(n))", r"Line 1: n of make has no value in the text"),
        ("def make():\n    return nn.Sequential(nn.RNN(3))\nmodel = make()", r"Line 2: 'nn\.RNN\(3\)' is not a layer"),
        ("model = nn.Sequential(nn.ReLU())\nmodel[0] = nn.Tanh()", r"Line 2: .* changes the network after it was made"),
        (
            "model = nn.Sequential(nn.ReLU())\nmodel.fc = nn.Linear(f(), 2)",
            r"Line 2: .* changes the network after it was",
        ),
        (
            "model = nn.Sequential(nn.ReLU())\nmodel.insert(0, nn.Tanh())",
            r"Line 2: .* changes the network after it was",
        ),
        (
            "if deep:\n    model = nn.Sequential(nn.ReLU())",
            r"Line 1: 'if deep:' decides what the network is: keep only the lines that count",
        ),
        (
            "a = nn.Sequential(nn.ReLU())\nb = nn.Sequential(nn.Tanh())",
            r"The text has 2 networks, 'a' \(line 1\) and 'b' \(line 2\): paste one of them alone",
        ),
        (
            "self.conv1 = nn.Conv2d(3, 6, 5)\nprint(self.conv1)",
            r"Line 1: .* stands outside of a class: paste the whole class, with its forward",
        ),
        ("nn.Sequential(" + "nn.ReLU(), " * 201 + ")", r"Line 1: the text has more than 200 layers"),
        (
            "nn.Conv2d(" + "-" * 70 + "3, 6, 5)",
            r"Line 1: the text is nested more than 60 levels deep: write it in steps",
        ),
        (NET.split("    def forward")[0], r"Line 5: 'class Net\(nn\.Module\):' has no forward: write def forward"),
        (
            change(("(nn.Module)", "(ResNet)")),
            r"Line 5: 'ResNet' is a parent class, which is not read: write all layers into one",
        ),
        (
            change(("num_classes=10", "num_classes")),
            r"Line 6: num_classes of __init__ has no value in the text: write num_cl",
        ),
        (
            change(("        self.pool", "        self.old = nn.Linear(3, 4)\n        self.pool")),
            r"Line 9: 'self\.old = nn\.Linear\(3, 4\)' makes layers that forward never uses .*: use self\.old, or",
        ),
        (change(("self.fc1(x)", "self.fc2(x)")), r"Line 15: 'self\.fc2' has no value: assign it in __init__"),
        (
            change(("self.fc1(x)", "self.fc1(x) + x")),
            r"Line 15: 'self\.fc1\(x\) \+ x' joins two branches, as residual conn",
        ),
        (change((FLATTEN, "        x += x\n")), r"Line 14: 'x \+= x' joins two branches"),
        (
            change((FLATTEN, "        x = torch.cat([x, x], 1)\n")),
            r"Line 14: .* joins branches\. .* leave the other branches out",
        ),
        (
            change((FLATTEN, "        x = x / 255\n")),
            r"Line 14: 'x / 255' computes with the data outside of the layers",
        ),
        (
            change((FLATTEN, "        x = x.mean([2, 3])\n")),
            r"Line 14: .* use nn\.AdaptiveAvgPool2d\(1\) and torch\.flatten",
        ),
        (
            change((FLATTEN, "        if self.training:\n            x = x\n")),
            r"Line 14: 'if self\.training:' is a choice",
        ),
        (
            change((FLATTEN, "        for _ in range(2):\n            x = x\n")),
            r"Line 14: 'for _ in range\(2\):' is a loop",
        ),
        (change((FLATTEN, "        super().__init__()\n")), r"Line 14: .* forget the layers so far: put it first"),
        (
            change(("        self.fc1 =", "        super().__init__()\n        self.fc1 =")),
            r"Line 10: .* forget the layers",
        ),
        (change((FLATTEN, "        self.log(x)\n")), r"Line 14: 'self\.log\(x\)' is a call whose result is not used"),
        (
            change((FLATTEN, "        x = torch.flatten(x)\n")),
            r"Line 14: .* flattens the batch as well: write torch\.flatten",
        ),
        (
            change((FLATTEN, "        x = x.view(64, -1)\n")),
            r"Line 14: .* ties the network to batches of 64: write torch",
        ),
        (
            change((FLATTEN, "        x = x.view(-1, 400)\n")),
            r"Line 14: 'x\.view\(-1, 400\)' makes rows of 400, but the next layer .* in_features=1176: use one number",
        ),
        (
            change((FLATTEN, ""), ("self.fc1(x)", "self.fc1(x).view(-1, 10)")),
            r"Line 14: .* makes rows of 10, but no Linear\(10, \.\.\.\) after it shows whether that fits",
        ),
        (
            change((FLATTEN, "        x = x.view(-1, 6, 14, 14)\n")),
            r"Line 14: .* cannot be read here: write torch\.flatten\(x, 1\)",
        ),
        (
            change(("return self.fc1(x)", "return self.fc1(x), x")),
            r"Line 15: .* returns several things: return what the",
        ),
        (change(("return self.fc1(x)", "x = self.fc1(x)")), r"Line 12: .* does not return what its last layer gives"),
        (change(("self.fc1(x)", "self.fc1(self.fc1(x))")), r"Line 10: .* is used a second time, with the same weights"),
        (
            change(("self.fc1(x)", "self.fc1(nn.Linear(1176, 1176)(x))")),
            r"Line 15: .* is created anew, untrained, each time",
        ),
        (
            change(("self.pool =", "self.conv1 = nn.Conv2d(3, 4, 5)\n        self.pool =")),
            r"Line 9: .* gives self\.conv1 a second",
        ),
        (
            change(("self.fc1(x)", "self.forward(self.fc1(x))")),
            r"is nested more than 60 levels deep: write it in steps",
        ),
        (
            change(("self.fc1(x)", "F.dropout(self.fc1(x), 0.5, training=False)")),
            r"Line 15: .* write training=self\.training",
        ),
        (
            change(("    def forward", "        for m in self.modules():\n            m.p = 0.3\n\n    def forward")),
            r"Line 12: 'for m in self\.modules\(\):' is a loop: write the layers out",
        ),
        (
            change(("        self.pool", "        self.old = [nn.Linear(3, 4)]\n        self.pool")),
            r"Line 9: .* makes layers that forward never uses",
        ),
        (
            change(("        self.pool", "        self.add_weight()\n        self.pool")),
            r"Line 9: .* result is not used",
        ),
        (
            change((FLATTEN, FLATTEN + "        return self.fc1(x)\n\n    def forward(self, x):\n        x = 3\n")),
            r"Line 19: 'self\.fc1\(x\)' cannot be read here: a layer takes the one thing",
        ),
        (
            "model = nn.DataParallel(nn.Sequential(nn.ReLU()))",
            r"Line 1: 'nn\.DataParallel\(.* is not a layer that the lab knows",
        ),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as refusal:
        parse_network(text)
    assert not unknown_templates(refusal.value.message)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            change(("self.fc1(x)", "F.dropout(self.fc1(x))")),
            "Line 15: 'F.dropout(self.fc1(x))' drops while testing as well",
        ),
        (
            change(("        super().__init__()\n", "")),
            "Line 5: 'class Net(nn.Module):' never calls super().__init__()",
        ),
        (
            change((FLATTEN, FLATTEN + "        y = F.relu(x)\n")),
            "Line 15: 'F.relu(x)' is computed, but what forward returns does not come from it: it is left out",
        ),
        (
            change(("super().__init__()", "super(LeNet, self).__init__()")),
            "Line 7: 'super(LeNet, self).__init__()' names a class other than Net, which PyTorch refuses",
        ),
        (
            change((FLATTEN, "        x = x.view(-1, x.size(1))\n")),
            "is read as Flatten(), which is the same for maps of 1 × 1",
        ),
    ],
)
def test_what_should_be_known_of_the_reading_is_remarked(text: str, words: str) -> None:
    (remark,) = read_code(text).remarks
    assert words in remark
    assert not unknown_templates(remark)


def test_functional_dropout_is_the_layer_when_it_follows_the_mode() -> None:
    read = read_code(change(("self.fc1(x)", "F.dropout(self.fc1(x), 0.3, training=self.training)")))
    assert read.network.layers[-1] == Dropout(0.3)
    assert read.remarks == ()


def test_a_view_at_the_start_tells_the_input() -> None:
    text = change(("        x = self.pool", "        x = x.view(-1, 3, 32, 32)\n        x = self.pool"))
    assert parse_network(text).input_shape == (3, 32, 32)
    assert parse_network(NET).input_shape is None


CHANGED = "changes the network after it was made: write the change into it"
LOOPED = "changes the network: write its layers out one by one"
BLOCK = "model = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU())\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("del model[-1]", CHANGED),
        ("model[0], model[1] = model[1], model[0]", CHANGED),
        ("n, model[0] = 3, nn.Conv2d(3, 9, 5)", CHANGED),
        ("model[0].stride = (2, 2)", CHANGED),
        ("model[0].bias = None", CHANGED),
        ("model[0].out_channels += 1", CHANGED),
        ("model.forward = lambda x: x", CHANGED),
        ("setattr(model[0], 'stride', (2, 2))", CHANGED),
        ("delattr(model, '1')", CHANGED),
        ("model.features.append(nn.ReLU())", CHANGED),
        ("model.append(nn.ReLU()).append(nn.ReLU())", CHANGED),
        ("model.__setitem__(0, nn.Conv2d(3, 9, 5))", CHANGED),
        ("first = model[0]\nfirst.stride = (2, 2)", CHANGED),
        ("same = model\nsame[0].stride = (2, 2)", CHANGED),
        ("for part in model.modules():\n    part.p = 0.3", LOOPED),
        ("for place, part in enumerate(model):\n    model[place] = nn.ReLU()", LOOPED),
        ("for _ in range(2):\n    del model[-1]", LOOPED),
        ("with torch.no_grad():\n    model[0].bias = None", LOOPED),
        ("[setattr(part, 'p', 0.3) for part in model]", CHANGED),
        ("def widen(net):\n    net[0] = nn.Conv2d(3, 9, 5)\nwiden(model)", CHANGED),
        ("def widen(net):\n    net[0] = nn.Conv2d(3, 9, 5)\nwiden(net=model)", CHANGED),
        ("model = model[:-1]", "takes a slice: write the layers of that part out"),
        ("model = wrap(model)", "'wrap' has no value in the text"),
        ("model, other = wrap(model), 3", "'wrap' has no value in the text"),
        ("model, other = wrap(model)", "'wrap' has no value in the text"),
        ("print(model := nn.Sequential(nn.Tanh()))", "within an expression: write that on its own line"),
        ("if (model := nn.Sequential(nn.Tanh())):\n    pass", "gives a name its value within an expression"),
        ("for model in range(3):\n    pass", "decides what the network is: keep only the lines that count"),
        ("if True:\n    model, other = 1, 2", "decides what the network is: keep only the lines that count"),
    ],
)  # fmt: skip
def test_a_line_that_changes_the_network_is_never_passed_over(line: str, words: str) -> None:
    with pytest.raises(ParseError, match=re.escape(words)):
        parse_network(BLOCK + line)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NET + "Net.forward = lambda self, x: x\n", "'Net.forward = lambda self, x: x' changes the network after"),
        (NET + "net = Net()\nnet.conv1.stride = (2, 2)\n", "'net.conv1.stride = (2, 2)' changes the network after"),
        (NET + "if small:\n    class Net(nn.Module):\n        pass\n", "'if small:' decides what the network is"),
        ("conv = nn.Conv2d(3, 6, 5)\nmodel = nn.Sequential(conv)\nconv.stride = (2, 2)", "'conv.stride = (2, 2)' ch"),
        (BLOCK + "outer = nn.Sequential(model)\nmodel.append(nn.ReLU())", "'model.append(nn.ReLU())' changes the net"),
        (BLOCK + "outer = nn.Sequential(model)\ndel model[0]", "'del model[0]' changes the network after"),
        ("a = [nn.ReLU()]\nb = a\nb[0] = nn.Tanh()\nmodel = nn.Sequential(*a)", "'b[0] = nn.Tanh()' changes the"),
        ("a = [nn.ReLU()]\ndel a[0]\nmodel = nn.Sequential(a[0], nn.Tanh())", "'del a[0]' changes the network after"),
        ("n = 3\nfor _ in range(2):\n    n *= 2\nmodel = nn.Sequential(nn.Linear(n, 4))", "'for _ in range(2):' dec"),
        ("n = 3\nn, m = 4, f()\nmodel = nn.Sequential(nn.Linear(m, 4))", "'f' has no value in the text"),
    ],
)  # fmt: skip
def test_what_shares_layers_with_something_that_changes_is_refused_as_well(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=re.escape(words)):
        parse_network(text)


@pytest.mark.parametrize(
    "line",
    [
        "model[0].weight.data = torch.ones(6, 3, 5, 5)",
        "model[0].weight.data[0, 0] = 1",
        "with torch.no_grad():\n    model[0].weight[0] = 1",
        "first = model[0].weight\nfirst[0] = 1",
        "model[0].weight.requires_grad = False",
        "for weight in model.parameters():\n    weight.requires_grad = False",
        "for name, weight in model.named_parameters():\n    weight.data *= 2",
        "for part in model.modules():\n    part.training = False",
        "out = model(x)\nout[0] = 1",
        "state = model.state_dict()\nstate['0.bias'] = 1",
        "history = {}\nhistory['loss'] = []",
        "optimizer = torch.optim.Adam(model.parameters())\noptimizer.param_groups[0]['lr'] = 0.1",
        "if gpu:\n    model = model.cuda()",
        "def train(net):\n    net.train()\n    losses = []\n    losses.append(1)\ntrain(model)",
        "losses = [part.p for part in model]",
        "model, device = model.to('cpu'), torch.device('cpu')",
        "del model",
    ],
)
def test_a_line_that_leaves_the_layers_as_they_are_is_passed_over(line: str) -> None:
    assert parse_network(BLOCK + line).to_text() == "Conv2d(3, 6, kernel_size=5), ReLU()"


HUGE = "0x" + "f" * 4_000
BOMBS = {
    "parentheses": "(" * 50_000,
    "minus": "-" * 50_000 + "1",
    "sum": "1+" * 25_000 + "1",
    "attributes": "a" + ".b" * 25_000,
    "calls": "f" + "()" * 25_000,
    "relu": "x = " + "F.relu(" * 90 + "y" + ")" * 90,
    "digits": "nn.Conv2d(3, " + "9" * 50_000 + ", 5)",
    "hexadecimal digits": f"nn.Conv2d(3, {HUGE}, 5)",
    "a hexadecimal index": f"x = [1]\nnn.ReLU(x[{HUGE}])",
    "a hexadecimal batch": change(("torch.flatten(x, 1)", f"x.view({HUGE}, 4)")),
    "a hexadecimal row": change(("torch.flatten(x, 1)", f"x.view(-1, {HUGE})")),
    "a hexadecimal map": change(
        ("        x = self.pool", f"        x = x.view(-1, {HUGE}, 1, 1)\n        x = self.pool")
    ),
    "a hexadecimal size": change(("torch.flatten(x, 1)", f"x.view(x.size({HUGE}), -1)")),
    "powers": "x = 2\n" + "x = x * x\n" * 5_000 + "nn.Conv2d(3, x, 5)",
    "lists": "a = [nn.ReLU()]\n" + "a = [*a, *a]\n" * 200 + "model = nn.Sequential(*a)",
    "sums of lists": "a = [nn.ReLU()]\n" + "a += a\n" * 200 + "model = nn.Sequential(*a)",
    "lists of lists": "a = [1]\n" + "a = [a, a]\n" * 200 + "nn.Conv2d(3, a, 5)",
    "modules": "a = nn.Sequential(nn.ReLU())\n" + "a = nn.Sequential(a, a)\n" * 200,
    "functions": "def f0():\n return 1\n"
    + "".join(f"def f{i + 1}():\n return f{i}() + f{i}()\n" for i in range(15))
    + "nn.Conv2d(3, f15(), 5)",
    "methods": "class Net(nn.Module):\n def forward(self, x):\n  return self.forward(self.forward(x))\n",
    "sizes": "class Net(nn.Module):\n def forward(self, x):\n  n = x.size(1)\n" + "  n = n * n\n" * 200 + "  return x",
    "steps": "def f():\n return nn.Sequential(" + "nn.ReLU(), " * 190 + ")\n" + "x = f()\n" * 4_000 + "model = f()",
    "blank lines": "\n" * 50_000 + "a b",
    "many layers": "\n".join(f"a{i} = nn.Dropout({i / 10_000})" for i in range(1_800)),
    "many networks": f"a = nn.Sequential({'nn.ReLU(), ' * 190})\n"
    + "\n".join(f"b{i} = nn.Sequential(a, nn.Dropout({i / 10_000}))" for i in range(1_300)),
    "arguments": f"def f({', '.join(f'a{i}' for i in range(1_000))}):\n return 1\n"
    + "x = f()\n" * 5_000
    + "nn.LSTM(1)",
    "statements": f"def f():\n {'0; ' * 9_000}\n return 1\n" + "x = f()\n" * 4_000 + "nn.LSTM(1)",
    "a long call": f"def f():\n g({'1, ' * 9_000})()\n return 1\n" + "x = f()\n" * 4_000 + "nn.LSTM(1)",
    "words": "nn.Conv2d(3, 6, '" + "x" * 50_000 + "')",
    "a long name": "x" * 50_000 + " = nn.LSTM(1)\nnn.Conv2d(3, 6, 5, " + "y" * 5_000 + "=3)",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_a_short_sentence(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_network(text)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("bomb", ["arguments", "statements", "a long call"])
def test_a_function_that_is_called_again_and_again_costs_what_stands_in_it(bomb: str) -> None:
    with pytest.raises(ParseError, match="The text asks for too many steps: write the layers out one by one"):
        parse_network(BOMBS[bomb])


@pytest.mark.parametrize("bomb", ["many layers", "many networks"])
def test_more_networks_than_anybody_compares_are_not_counted(bomb: str) -> None:
    with pytest.raises(ParseError, match=r"The text has more than 20 networks, among them '\w+' \(line \d+\),"):
        parse_network(BOMBS[bomb])


def test_a_line_that_is_nested_too_deep_does_not_count_for_the_lines_after_it() -> None:
    text = ("seed = " + "-" * 70 + "1\n") * 70 + "model = nn.Sequential(nn.ReLU())"
    assert parse_network(text).to_text() == "ReLU()"


def test_nothing_of_the_text_is_executed_or_imported(tmp_path, capsys) -> None:
    trace = tmp_path / "trace"
    spy = f"open({str(trace)!r}, 'w')"
    for text in [
        f"import antigravity\n{spy}\nprint('here')\n" + NET,
        f"nn.Conv2d(3, {spy}, 5)",
        f"@{spy}\n" + NET[NET.index("class") :],
        change(("num_classes=10", f"num_classes={spy}")),
        change((FLATTEN, f"        print({spy})\n" + FLATTEN)),
        f"f'{{{spy}}}'\nnn.ReLU()",
    ]:
        with contextlib.suppress(ParseError):
            parse_network(text)
    assert not trace.exists()
    assert "antigravity" not in sys.modules
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (LAYERS, (3, 32, 32)),
        ("Linear(784, 10)", (784,)),
        ("Flatten(), Linear(784, 10)", (1, 28, 28)),
        ("Flatten(), Linear(3072, 10)", (3, 32, 32)),
        ("Flatten(), Linear(50, 10)", (50,)),
        ("BatchNorm2d(7), ReLU()", (7, 32, 32)),
        ("Conv2d(1, 8, 5), Flatten(), Linear(8 * 13 * 13, 2)", (1, 17, 17)),
        ("Conv2d(1, 8, 5), Flatten(), Linear(7, 2)", None),
        ("Conv2d(3, 8, 5), Conv2d(7, 8, 5)", None),
        ("Conv2d(20000, 8, 5)", None),
    ],
)
def test_an_input_is_guessed_that_goes_through_all_layers(text: str, shape: Shape | None) -> None:
    assert guess_input(parse_network(text)) == shape


@pytest.mark.parametrize("name", ZOO)
def test_the_input_of_a_well_known_network_is_guessed(name: str) -> None:
    guessed = guess_input(replace(ZOO[name], input_shape=None))
    # The lecture's one layer takes any size.
    assert guessed == (ZOO[name].input_shape if name != "lecture-9x9" else (3, 32, 32))


@given(networks())
@SETTINGS
def test_what_is_guessed_fits(drawn: tuple[Network, Shape]) -> None:
    network, _ = drawn
    guessed = guess_input(network)
    if guessed is not None:
        network.summary(guessed)
