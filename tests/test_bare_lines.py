"""Lines of a class without the class are read as slides mean them; what they do not tell is said with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.errors import ParseError
from cnnlab.layers import Shape
from cnnlab.networks import Network, lenet5, read_code
from tests.drawn_layers import networks

CONV = "self.conv1 = nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5)"
RELU = "x = self.relu(self.conv1(x))"
POOL = "self.pool = nn.MaxPool2d(2, 2)"
IN_ORDER = "These lines have no forward: the layers are read in the order in which they stand."


def told(*lines: str) -> tuple[str, tuple[str, ...]]:
    read = read_code("\n".join(lines))
    return read.network.to_text(), tuple(map(str, read.remarks))


def test_each_of_the_slides_lines_is_read_alone() -> None:
    assert told(CONV) == ("Conv2d(1, 6, kernel_size=5)", (IN_ORDER,))
    assert told(POOL) == ("MaxPool2d(kernel_size=2, stride=2)", (IN_ORDER,))
    with pytest.raises(ParseError, match=r"Line 1: no line makes 'self.conv1', so that its settings are not known"):
        read_code(RELU)


def test_the_slides_lines_are_read_together() -> None:
    layers, remarks = told(CONV, RELU, POOL)
    assert layers == "Conv2d(1, 6, kernel_size=5), ReLU(), MaxPool2d(kernel_size=2, stride=2)"
    assert remarks == (
        "Line 2: no line makes 'self.relu': it is read as nn.ReLU().",
        "Line 3: 'self.pool = nn.MaxPool2d(2, 2)' makes a layer that no line uses: it is put behind those that are "
        "used.",
    )
    used, remarks = told(CONV, POOL, "self.relu = nn.ReLU()", "x = self.pool(self.relu(self.conv1(x)))")
    assert used == layers
    assert remarks == ()


@given(networks(), st.booleans())
@settings(deadline=None, max_examples=100)
def test_the_lines_of_a_class_are_the_class_without_it(drawn: tuple[Network, Shape], with_return: bool) -> None:
    network, shape = drawn
    code = network.to_code(shape, "slides")
    lines = [line.strip() for line in code.splitlines() if line.startswith("        ")]
    lines = [line for line in lines if with_return or not line.startswith("return ")]
    if not any(line.startswith(("self.", "x = ")) and "self." in line for line in lines):
        return  # nothing but functions
    read = read_code("\n".join(lines))
    assert read.network.layers == read_code(code).network.layers
    assert read.remarks == ()


def test_lines_around_them_may_import_and_name_numbers_and_data() -> None:
    layers, remarks = told(
        "from torch import nn",
        "classes = 10",
        "super().__init__()",
        CONV,
        "self.fc = nn.Linear(6 * 28 * 28, classes)",
        "out = self.conv1(picture)",
        "out = torch.flatten(out, 1)",
        "out = self.fc(out)",
        "return out",
    )
    assert layers == "Conv2d(1, 6, kernel_size=5), Flatten(), Linear(4704, 10)"
    assert remarks == ()


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ((CONV, "x = self.drop(self.conv1(x))"), "Line 2: no line makes 'self.drop'"),
        (("self.conv1 = nn.Conv2d(1, 6)",), "Line 1: 'nn.Conv2d(1, 6)' is missing kernel_size"),
        ((CONV, "self.conv1 = nn.Conv2d(6, 6, 5)"), "Line 2: .* gives self.conv1 a second time"),
        ((CONV, "x = self.conv1(x)", "x = self.conv1(x)"), "is used a second time, with the same weights"),
        ((CONV, "x = self.conv1(x) + x"), "Line 2: .* joins two branches"),
        (("self.n = 6",), "Line 1: 'self.n = 6' stands outside of a class"),
        (("x = F.relu(x)",), "There is no network in the text"),
    ],
)
def test_what_the_lines_do_not_tell_is_said_with_its_line(lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence.replace("(1, 6)", r"\(1, 6\)")):
        read_code("\n".join(lines))


def test_a_whole_lenet_is_read_from_its_bare_lines() -> None:
    lines = [line.strip() for line in lenet5().to_code(form="slides").splitlines() if line.startswith("        ")]
    read = read_code("\n".join(line for line in lines if "relu = " not in line))
    assert read.network.num_params((3, 32, 32)) == 64_102
    assert [str(remark) for remark in read.remarks] == ["Line 8: no line makes 'self.relu': it is read as nn.ReLU()."]
