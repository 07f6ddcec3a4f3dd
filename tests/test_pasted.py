"""Code as it is pasted: what Python can read is taken as it stands, and only the rest is cleaned."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.errors import ParseError
from cnnlab.networks.parsing import parse_network, read_code
from cnnlab.networks.reading.pasted import read_pasted

SETTINGS = settings(deadline=None, max_examples=200)
LOOKS = [
    "% 8",
    "%matplotlib inline",
    "%%time",
    "!pip install torch",
    "```",
    "```python",
    "~~~",
    ">>> net = nn.Sequential(nn.Conv2d(1, 2, 5))",
    ">>>",
    "... nn.Tanh()",
    "...",
    "   ...: nn.Tanh()",
    "In [1]: net = nn.Tanh()",
    "net = nn.Sequential(nn.Conv2d(1, 2, 5))",
    "class Other(nn.Module):",
    "(it isn't \"closed",
    "",
]
"""Lines of a string that look like what surrounds code elsewhere."""
LAYERS = "Conv2d(3, 8, kernel_size=3), ReLU(), Flatten(), Linear(37, 2)"
SCRIPT = """\
{doc}import torch.nn as nn
from torch import flatten

class Real(nn.Module):
{inner}    def __init__(self, side=37):
{inner_twice}        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.act = nn.ReLU()
        self.f = nn.Linear(side, 2)

    def forward(self, x):
        x = self.act(self.c(x))
        return self.f(flatten(x, 1))
{after}"""
PLAIN = SCRIPT.format(doc="", inner="", inner_twice="", after="")

docstrings = st.builds(
    lambda quote, lines: quote + "\n".join(["Usage:", *lines, ""]) + quote,
    st.sampled_from(['"""', "'''"]),
    st.lists(st.sampled_from(LOOKS), min_size=1, max_size=6),
)
AFTER = [
    "def later():\n    ...\n",
    "class Later:\n    ...\n",
    "print('%d of %d'\n      % (1,\n         2))\n",
    "rest = 37 \\\n    % 8\n",
    "if (rest\n    != 3):\n    pass\n",
    "first = rest[\n    ...,\n    0]\n",
    "# ```\n# >>> nn.Tanh()\n# %time\n",
    "text = 'one \\\n%time\\\n```'\n",
    "text = f'''\n```\n{1 % 2}\n>>> nn.Tanh()\n```\n'''\n",
]


def _indented(text: str, size: int) -> str:
    return " " * size + text + "\n"


@st.composite
def valid_scripts(draw: st.DrawFn) -> str:
    parts = {name: draw(st.one_of(st.just(""), docstrings)) for name in ("doc", "inner", "inner_twice")}
    return SCRIPT.format(
        doc=parts["doc"] + "\n" if parts["doc"] else "",
        inner=_indented(parts["inner"], 4) if parts["inner"] else "",
        inner_twice=_indented(parts["inner_twice"], 8) if parts["inner_twice"] else "",
        after="".join(draw(st.lists(st.sampled_from(AFTER), max_size=3))),
    )


def test_the_plain_script_is_the_one_that_is_meant() -> None:
    assert parse_network(PLAIN).to_text() == LAYERS


@given(valid_scripts())
@SETTINGS
def test_what_python_reads_is_read_as_it_stands(text: str) -> None:
    assert read_pasted(text).source == text
    assert parse_network(text).to_text() == LAYERS


@given(valid_scripts(), st.data())
@SETTINGS
def test_an_export_of_a_notebook_reads_as_its_code(text: str, data: st.DataObject) -> None:
    magics = [
        "%matplotlib inline",
        "% matplotlib inline",
        "%%time",
        "!pip install torch",
        "!!ls",
        "!pip install \\\n  torch",
    ]
    cells = [data.draw(st.sampled_from(magics)), text]
    if data.draw(st.booleans()):
        cells.append("if in_colab:\n    " + data.draw(st.sampled_from(["!pip install torch", "%cd /content"])))
    around = data.draw(
        st.sampled_from(
            ["{}", "\ufeff{}", "```python\n{}\n```\n", "```\n{}\n```", "~~~\n{}\n~~~", "{}\n```\n", "```\n{}"]
        )
    )
    assert parse_network(around.format("\n".join(cells))).to_text() == LAYERS


@given(
    valid_scripts(),
    st.sampled_from(["Here it is, isn't it (see below:\n\n{}\n\nWhy does it not fit?", "{}\nThanks a lot :("]),
)
@SETTINGS
def test_a_fenced_script_in_a_letter_reads_as_the_script(text: str, letter: str) -> None:
    assert parse_network(letter.format(f"```python\n{text}\n```")).to_text() == LAYERS


@given(valid_scripts(), st.sampled_from(["\n```\nThanks a lot.", "\n```"]))
@SETTINGS
def test_a_closing_fence_alone_takes_nothing_away(text: str, end: str) -> None:
    assert parse_network(text + end).to_text() == LAYERS


@given(valid_scripts(), st.booleans())
@SETTINGS
def test_a_session_reads_as_what_was_typed(text: str, is_answered: bool) -> None:
    first, *rest = text.rstrip("\n").split("\n")
    session = "\n".join([f">>> {first}", *(f"... {line}" for line in rest)])
    if is_answered:
        session += (
            "\n>>> net = Real()\n>>> print(net)\nReal(\n  (c): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n)"
        )
    assert parse_network(session).to_text() == LAYERS


@pytest.mark.parametrize("prompt", ["In [1]: ", "In [12]: ", "In []: ", ">>> "])
def test_a_single_line_with_its_prompt_is_read(prompt: str) -> None:
    assert parse_network(f"{prompt}net = nn.Sequential(nn.ReLU())").to_text() == "ReLU()"


@given(valid_scripts(), st.sampled_from([line for line in PLAIN.split("\n") if "(" in line]), st.data())
@SETTINGS
def test_a_script_that_is_hurt_is_never_another_network(text: str, line: str, data: st.DataObject) -> None:
    """The networks within its strings are Conv2d(1, 2, 5) and Tanh: none of them is what is read."""
    hurt = data.draw(st.sampled_from([line.replace("(", "", 1), line.replace(")", "", 1), line + " )", line + " 3 3"]))
    magic = data.draw(st.sampled_from(["", "%matplotlib inline\n"]))
    assert line in text
    with pytest.raises(ParseError, match=r"cannot be read as Python"):
        parse_network(magic + text.replace(line, hurt))


STYLES = [
    "Conv2d(3, 8, 3),\nReLU()\n",
    "    nn.Conv2d(3, 8, 3),\n    nn.ReLU()\n",
    "[Conv2d(3, 8, 3),\n ReLU()]\n",
    "Sequential(Conv2d(3, 8, 3),\n    ReLU())\n",
    "net = nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n)\n",
    "layers.append(Conv2d(3, 8, 3))\n",
    "self.conv1 = nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5)\n",
]


@given(docstrings, st.sampled_from(STYLES), st.data())
@SETTINGS
def test_layers_that_are_hurt_leave_no_network_of_a_string(doc: str, code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 2))
    hurt = code[:place] + data.draw(st.sampled_from(["`", ") )", "= ="])) + code[place + 1 :]
    with pytest.raises(ParseError, match=r"cannot be read as Python"):
        parse_network(f"{doc}\n{hurt}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%time\n!ls\nx = 1\nnet = nn.Sequential(nn.ReLU(),,)", "Line 4: 'net = nn.Sequential(nn.ReLU(),,)' cannot"),
        ("```python\nx = 1\nx x\n```", "Line 3: 'x x' cannot"),
        (">>> x = 1\n>>> x x", "Line 2: '>>> x x' cannot"),
        ("Look here:\n```\nx = 1\n\xa0y = = 2\n```", "Line 4: 'y = = 2' cannot"),
        ("side = 37\n    % 8\nnn.Linear(side, 2)", "Line 2: '% 8' cannot"),
        ("side = 37\n    % step\nnn.Linear(side, 2)", "Line 2: '% step' cannot"),
    ],
)  # fmt: skip
def test_what_never_becomes_python_is_named_with_its_line_in_the_text(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=re.escape(words)):
        parse_network(text)


@pytest.mark.parametrize(
    "text",
    [
        "side = (37\n        % 8\n        )\nnet = nn.Sequential(nn.Flatten(), nn.Linear(side, 2))\n",
        "%matplotlib inline\nside = (37\n    % 8\n    )\nnet = nn.Sequential(nn.Flatten(), nn.Linear(side, 2))\n",
        "!ls\n```\nside = 37 \\\n  % 8\nnet = nn.Sequential(nn.Flatten(), nn.Linear(side, 2))\n```",
    ],
)
def test_a_remainder_on_a_line_of_its_own_is_computed(text: str) -> None:
    assert parse_network(text).to_text() == "Flatten(), Linear(5, 2)"  # 37 = 4 * 8 + 5


UNREAD = {
    "a sum": "return x + self.c(x)",
    "a loop": "for _ in range(2):\n            x = self.c(x)\n        return x",
    "a layer made on the way": "return nn.Conv2d(3, 3, 3)(self.c(x))",
    "nothing": "return 3",
    "an unknown name": "return self.d(self.c(x))",
}


@pytest.mark.parametrize("way", UNREAD.values(), ids=UNREAD)
@pytest.mark.parametrize("use", ["print(Skip())", "skip = wrap(Skip())", "def f(a=Skip()):\n    return a\nf()"])
def test_a_class_that_is_not_understood_changes_nothing_after_it(use: str, way: str) -> None:
    skip = (
        "class Skip(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(3, 3, 3, padding=1)\n\n"
        f"    def forward(self, x):\n        x = F.dropout(x)\n        {way}\n\n"
    )
    read = read_code(f"{skip}{use}\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\nnn.init.zeros_(net[0].bias)")
    assert read.network.to_text() == "Conv2d(3, 8, kernel_size=3), ReLU()"
    assert read.remarks == ()
    read = read_code(f"{skip}{use}\n{PLAIN}net = Real()\n")
    assert read.network.to_text() == LAYERS
    assert read.remarks == ()


@pytest.mark.parametrize(
    "change",
    [
        "def more():\n    body.append(nn.ReLU())\n    for _ in range(2):\n        body.append(nn.Tanh())\nmore()\n",
        "def more(a):\n    a += [nn.ReLU()]\n    wrong()\nmore(body)\n",
    ],
)
def test_a_list_that_a_call_has_changed_by_half_is_no_network(change: str) -> None:
    with pytest.raises(ParseError, match=r"is a loop: write the layers out|is a call whose result is not used"):
        parse_network(f"body = [nn.Conv2d(3, 8, 3)]\n{change}net = nn.Sequential(*body)\n")
