"""Sizes of outputs against torch; windows against counting by hand; suggestions against trying them."""

import re

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # its name everywhere
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.axis_fields import PhasedField, Reads, ReceptiveField, look_at_all, look_through
from cnnlab.errors import ShapeError
from cnnlab.layers import AdaptiveAvgPool2d, Conv2d, ConvTranspose2d, View
from cnnlab.shapes import AxisWindows, Change, full_padding, nearest_working, output_size, same_padding, windows

SETTINGS = {
    "size": st.integers(1, 20),
    "kernel_size": st.integers(1, 7),
    "stride": st.integers(1, 5),
    "padding": st.integers(0, 4),
    "dilation": st.integers(1, 4),
}
settings_of_an_axis = st.fixed_dictionaries(SETTINGS)


@given(settings_of_an_axis)
def test_output_size_is_torchs_or_refused_with_it(settings: dict[str, int]) -> None:
    size, kernel_size = settings["size"], settings["kernel_size"]
    options = {name: settings[name] for name in ("stride", "padding", "dilation")}
    try:
        theirs = F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size), **options).shape[-1]
    except RuntimeError:
        with pytest.raises(ShapeError, match=f"^A kernel of {kernel_size}.* does not fit into {size} pixels? with"):
            output_size(**settings)
    else:
        assert output_size(**settings) == theirs


@given(settings_of_an_axis, st.data())
def test_ceil_mode_is_the_poolings(settings: dict[str, int], data: st.DataObject) -> None:
    # torch's poolings allow at most half a kernel of padding.
    settings["padding"] = data.draw(st.integers(0, settings["kernel_size"] // 2))
    options = {name: number for name, number in settings.items() if name != "size"}
    try:
        theirs = F.max_pool1d(torch.zeros(1, settings["size"]), **options, ceil_mode=True).shape[-1]
    except RuntimeError:
        with pytest.raises(ShapeError, match="does not fit"):
            output_size(**settings, ceil_mode=True)
    else:
        assert output_size(**settings, ceil_mode=True) == theirs


def test_the_lectures_sizes() -> None:
    assert output_size(9, 5) == 5
    assert output_size(7, 3, stride=1) == 5
    assert output_size(7, 3, stride=2) == 3


@given(settings_of_an_axis, st.booleans())
def test_windows_are_what_walking_along_the_axis_finds(settings: dict[str, int], ceil: bool) -> None:
    padding = settings.pop("padding")
    # Poolings, which have `ceil`, pad both ends alike and by half a kernel at most.
    before, after = (min(padding, settings["kernel_size"] // 2),) * 2 if ceil else (padding, padding + 1)
    axis = AxisWindows(**settings, padding=(before, after), ceil=ceil)
    visited = [0] * axis.padded
    starts: list[int] = []
    start = 0
    furthest = axis.padded + (axis.stride - 1 if ceil else 0)
    while start + axis.extent <= furthest and (not ceil or start < before + axis.size):
        starts.append(start)
        for pixel in range(start, start + axis.extent, axis.dilation):
            if pixel < axis.padded:
                visited[pixel] += 1
        start += axis.stride
    assert list(axis.starts) == starts
    assert axis.count == len(starts)
    assert axis.visits().tolist() == visited
    assert axis.positions().shape == (axis.count, axis.kernel_size)
    assert axis.dropped == max(0, axis.padded - (starts[-1] + axis.extent if starts else 0))


def test_the_floor_drops_less_than_a_stride() -> None:
    assert [windows(size, 3, stride=2).dropped for size in range(3, 8)] == [0, 1, 0, 1, 0]
    assert windows(8, 3, stride=2, ceil_mode=True).dropped == 0


def test_padding_may_differ_at_the_two_ends() -> None:
    axis = windows(4, 4, padding=(1, 2))
    assert (axis.padded, axis.count) == (7, 4)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ((3, 5), "A kernel of 5 does not fit into 3 pixels with padding 0. Use padding >= 1 or a smaller kernel."),
        ((1, 2), "A kernel of 2 does not fit into 1 pixel with padding 0. Use padding >= 1 or a smaller kernel."),
        (
            (3, 3, 1, 0, 2),
            "A kernel of 3 with dilation 2 (5 wide) does not fit into 3 pixels with padding 0. "
            "Use padding >= 1, a smaller kernel or a smaller dilation.",
        ),
        (
            (3, 9, 1, (1, 2)),
            "A kernel of 9 does not fit into 3 pixels with padding (1, 2). Use padding >= 3 or a smaller kernel.",
        ),
        ((0, 1), "size is 0: use 1 or more."),
        ((5, 0), "kernel_size is 0: use 1 or more."),
        ((5, 3, 0), "stride is 0: use 1 or more."),
        ((5, 3, 1, -1), "padding is -1: use 0 or more."),
        ((5, 3, 1, 0, 0), "dilation is 0: use 1 or more."),
        ((5, True), "kernel_size is True: use a whole number, 1 or more."),
        ((5, 3.0), "kernel_size is 3.0: use a whole number, 1 or more."),
        ((5, "3"), "kernel_size is '3': use a whole number, 1 or more."),
        ((5, 10**5000), "kernel_size is int(…): use 2,147,483,647 or less."),
        ((5, 3, 1, 0, 1, "no"), "ceil_mode is 'no': use True or False."),
    ],
)
def test_a_refusal_is_a_sentence_with_the_way_out(settings: tuple, sentence: str) -> None:
    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        windows(*settings)


@given(kernel_size=st.integers(1, 9), dilation=st.integers(1, 4), size=st.integers(1, 20))
def test_same_keeps_the_size_and_full_counts_every_overlap(kernel_size: int, dilation: int, size: int) -> None:
    before, after = same_padding(kernel_size, dilation)
    assert after - before in (0, 1)
    assert windows(size, kernel_size, padding=(before, after), dilation=dilation).count == size
    full = full_padding(kernel_size, dilation)
    assert output_size(size, kernel_size, padding=full, dilation=dilation) == size + full


layers_of_an_axis = st.lists(
    st.fixed_dictionaries({name: SETTINGS[name] for name in ("kernel_size", "stride", "padding", "dilation")}),
    max_size=4,
)


@given(layers_of_an_axis, st.integers(0, 3))
def test_a_receptive_field_is_what_windows_of_windows_reach(layers: list[dict[str, int]], index: int) -> None:
    field = ReceptiveField()
    for layer in layers:
        field = field.then(**layer)
    first = last = index
    for layer in reversed(layers):  # from a cell of the output back to the pixels of the input
        first = first * layer["stride"] - layer["padding"]
        last = last * layer["stride"] - layer["padding"] + layer["dilation"] * (layer["kernel_size"] - 1)
    assert field.span(index) == (first, last)


def test_all_cells_of_a_huge_map_are_seen_at_once_without_going_through_them() -> None:
    field = look_at_all(PhasedField(((1, 0), (0, 1)), shift=1, cells=10**12))
    assert field.span(0) == (0, 5 * 10**11)  # the first that sees anything, and the last


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-2, 5)), min_size=1, max_size=6),
    st.integers(0, 6),
    st.integers(-5, 5),
    st.integers(1, 25),
)
def test_a_row_of_cells_sees_what_its_cells_see(
    pattern: list[tuple[int, int]], shift: int, low: int, count: int
) -> None:
    field = PhasedField(tuple((first, first + more) for first, more in pattern), shift, cells=50)
    cells = range(low, low + count)
    at_once, one_by_one = (look_through(field, Reads((row,), advance=3), 20) for row in (cells, tuple(cells)))
    assert at_once == one_by_one


def test_a_global_pooling_behind_a_fine_map_is_followed() -> None:
    fine = ConvTranspose2d(1, 1, 32, stride=32)
    view = View.of((1, 7, 7))
    for layer in (fine, Conv2d(1, 1, 3), AdaptiveAvgPool2d(5)):
        view = layer.view(view)
    assert view.positions == (5, 5)


def test_a_huge_window_is_looked_through_without_going_through_it() -> None:
    field = look_through(ReceptiveField(3, 2), Reads((range(10**12),), advance=10**12), cells=1)
    assert field.size == 3 + 2 * (10**12 - 1)


def test_lenets_last_convolution_sees_the_whole_image() -> None:
    field = ReceptiveField().then(5).then(2, stride=2).then(5).then(2, stride=2).then(5)
    assert field == ReceptiveField(size=32, jump=4, start=0)


@given(settings_of_an_axis, st.booleans())
def test_suggestions_work_and_nothing_nearer_does(settings: dict[str, int], ceil: bool) -> None:
    changes = nearest_working(**settings, ceil_mode=ceil)

    def works(name: str, value: int) -> bool:
        try:
            return output_size(**{**settings, name: value}, ceil_mode=ceil) >= 1
        except ShapeError:
            return False

    if works("size", settings["size"]):
        assert changes == ()
        return
    assert {change.name for change in changes} >= {"padding", "kernel_size", "size"}
    for change in changes:
        assert works(change.name, change.value)
        towards_refused = 1 if change.value < settings[change.name] else -1
        assert not works(change.name, change.value + towards_refused)
    if works("dilation", 1):
        assert "dilation" in {change.name for change in changes}


def test_suggestions_are_few_and_in_a_fixed_order() -> None:
    assert nearest_working(size=4, kernel_size=3, dilation=4) == (
        Change("padding", 3),
        Change("kernel_size", 1),
        Change("dilation", 1),
        Change("size", 9),
    )
    with pytest.raises(ShapeError, match="stride is 0: use 1 or more"):
        nearest_working(size=3, kernel_size=5, stride=0)
