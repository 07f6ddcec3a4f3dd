import ast
import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab.errors import ShapeError
from cnnlab.lessons.convolution.agreement import check_with_torch
from cnnlab.lessons.convolution.presets import DEFAULT_INPUT, DEFAULT_KERNEL
from cnnlab.lessons.convolution.pytorch_code import conv2d_class, conv2d_code
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.ops import conv2d

LECTURE = ConvSettings(DEFAULT_INPUT, DEFAULT_KERNEL)
numbers = st.one_of(st.integers(-20, 20), st.floats(-20, 20, width=32))


def matrices(low: int, high: int) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(np.float64, st.tuples(st.integers(low, high), st.integers(low, high)), elements=numbers)


@st.composite
def conv_settings(draw: st.DrawFn) -> ConvSettings:
    return ConvSettings(
        input=draw(matrices(5, 8)),
        kernel=draw(matrices(1, 3)),
        stride=draw(st.integers(1, 3)),
        padding=draw(st.integers(0, 3)),
        padding_mode=draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
        dilation=draw(st.integers(1, 2)),
        bias=draw(numbers),
        flip=draw(st.booleans()),
    )


def ours(given: ConvSettings) -> np.ndarray:
    return conv2d(
        given.input[None],
        given.effective_kernel[None, None],
        [given.bias],
        stride=given.stride,
        padding=given.padding,
        dilation=given.dilation,
        padding_mode=given.padding_mode,
    )[0]


def run(code: str) -> tuple[dict[str, object], str]:
    """Run a script; return its variables and what it printed."""
    names: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<script>", "exec"), names)
    return names, printed.getvalue()


@given(conv_settings())
@settings(deadline=None)  # the first example waits for the import of torch
def test_the_script_computes_what_the_lab_computes(given: ConvSettings) -> None:
    names, printed = run(conv2d_code(given))
    wanted = ours(given)
    # The script computes in 32 bits: its errors are proportional to the largest sums on the way.
    scale = np.abs(given.input).max() * np.abs(given.kernel).sum() + abs(given.bias) + 1
    np.testing.assert_allclose(names["y"][0, 0].numpy(), wanted, atol=1e-5 * scale, rtol=0)
    assert printed.endswith("True\n")


@given(conv_settings())
@settings(deadline=None)
def test_the_class_of_the_slides_computes_the_same(given: ConvSettings) -> None:
    code = conv2d_class(given)
    names, _ = run(code)
    scale = np.abs(given.input).max() * np.abs(given.kernel).sum() + abs(given.bias) + 1
    np.testing.assert_allclose(names["y"][0, 0].numpy(), ours(given), atol=1e-5 * scale, rtol=0)
    assert "nn.Conv2d(in_channels=1, out_channels=1, kernel_size=" in code
    assert "F." not in code
    assert "# tensor" not in conv2d_class(given, show_output=False)


def test_the_slides_class_says_what_it_prints() -> None:
    code = conv2d_class(LECTURE)
    _, printed = run(code)
    assert [line.removeprefix("# ") for line in code.splitlines()[-3:]] == printed.splitlines()
    assert "self.conv1 = nn.Conv2d(in_channels=1, out_channels=1, kernel_size=3)" in code
    assert "        x = self.conv1(x)" in code


@given(conv_settings())
@settings(deadline=None)
def test_the_lab_agrees_with_pytorch(given: ConvSettings) -> None:
    agreement = check_with_torch(given)
    assert agreement.agrees
    assert agreement.cells == ours(given).size
    assert agreement.shape == agreement.torch_shape == ours(given).shape


def test_whole_numbers_agree_exactly() -> None:
    agreement = check_with_torch(LECTURE)
    assert agreement.agrees
    assert agreement.largest_difference == 0
    assert agreement.where is None
    assert agreement.torch_version[0].isdigit()


def test_a_difference_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*args: object, **settings: object) -> np.ndarray:
        output = conv2d(*args, **settings)
        output[0, 1, 2] += 4
        return output

    monkeypatch.setattr("cnnlab.lessons.convolution.settings.conv2d", wrong)
    agreement = check_with_torch(LECTURE)
    assert not agreement.agrees
    assert agreement.where == (1, 2)
    assert agreement.largest_difference == 4
    assert agreement.ours == agreement.theirs + 4


def test_a_difference_in_shape_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cnnlab.lessons.convolution.settings.conv2d", lambda *args, **settings: conv2d(*args, **settings)[:, 1:]
    )
    agreement = check_with_torch(LECTURE)
    assert not agreement.agrees
    assert (agreement.shape, agreement.torch_shape) == ((2, 3), (3, 3))
    assert agreement.cells == 0


def test_the_script_says_what_it_prints() -> None:
    code = conv2d_code(LECTURE)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert printed.splitlines()[:-1] == comments
    assert len(comments) == 3


@given(
    hnp.arrays(np.int64, (4, 4), elements=st.integers(-9, 9)), hnp.arrays(np.int64, (2, 2), elements=st.integers(-9, 9))
)
@settings(deadline=None)
def test_what_it_prints_is_right_for_all_whole_numbers(x: np.ndarray, kernel: np.ndarray) -> None:
    test_numbers = ConvSettings(x, kernel, bias=1)
    code = conv2d_code(test_numbers)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert comments in ([], printed.splitlines()[:-1])


def test_a_large_output_is_not_written_out() -> None:
    assert "# tensor(" not in conv2d_code(ConvSettings(np.ones((16, 16)), np.ones((1, 1))))


def test_the_script_holds_only_what_the_settings_need() -> None:
    plain = conv2d_code(LECTURE)
    assert "F.conv2d(x, weight)" in plain
    assert "nn.Conv2d(1, 1, kernel_size=(3, 3), bias=False)" in plain
    assert "flip" not in plain
    full = conv2d_code(
        ConvSettings(
            LECTURE.input, LECTURE.kernel, stride=2, padding=1, padding_mode="reflect", dilation=2, bias=0.5, flip=True
        )
    )
    assert "torch.flip(kernel, [-2, -1])  # true convolution" in full
    assert 'F.pad(x, (1, 1, 1, 1), mode="reflect")' in full
    assert "F.conv2d(padded, weight, bias, stride=2, dilation=2)" in full
    assert 'nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2, padding=1, dilation=2, padding_mode="reflect")' in full, full
    assert "bias = torch.tensor([0.5])" in full


def test_numbers_are_floats_for_pytorch() -> None:
    tree = ast.parse(conv2d_code(LECTURE))
    lists = [node for node in ast.walk(tree) if isinstance(node, ast.List)]
    numbers = [node.value for node in ast.walk(lists[0]) if isinstance(node, ast.Constant)]
    assert numbers
    assert all(isinstance(number, float) for number in numbers)


def test_settings_that_do_not_fit_are_refused_in_words() -> None:
    with pytest.raises(ShapeError, match="kernel"):
        conv2d_code(ConvSettings(np.ones((2, 2)), np.ones((3, 3))))
    with pytest.raises(ShapeError, match="give two matrices"):
        check_with_torch(ConvSettings(np.ones((1, 4, 4)), np.ones((3, 3))))
