"""The lesson Why convolution?, without a browser: rows, drawings, shifts and what a prediction tells."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlab import lecture
from cnnlab.errors import ParseError, ShapeError
from cnnlab.lessons.why_convolution import column_order, drawing, six_features
from cnnlab.lessons.why_convolution.agreement import answer, check_with_torch
from cnnlab.lessons.why_convolution.drawing import KERNELS, PRESETS, SIDE, Shift, shifted
from cnnlab.lessons.why_convolution.pytorch_code import networks_code, shift_code
from cnnlab.lessons.why_convolution.quiz import judge, parse_answer
from cnnlab.lessons.why_convolution.weights import KERNEL, SIDES, Sizes

rows = st.tuples(*[st.integers(0, 1)] * 6)
grids = arrays(np.int64, (SIDE, SIDE), elements=st.integers(0, 1))
places = st.integers(1 - SIDE, SIDE - 1)
shifts = st.builds(Shift, places, places, st.sampled_from(["fall", "wrap"]))


@given(rows, rows, st.sampled_from(sorted(six_features.KERNELS)))
def test_two_rows_are_compared_as_torch_does(first, second, name):
    kernel = six_features.KERNELS[name]
    found = six_features.compare(first, second, kernel)
    a, b = torch.tensor([first, second], dtype=torch.float64)
    assert found.overlap == int(a @ b)
    if found.cosine is not None:
        assert found.cosine == pytest.approx(torch.nn.functional.cosine_similarity(a, b, dim=0).item())
    weight = torch.tensor(kernel, dtype=torch.float64)[None, None]
    maps = torch.nn.functional.conv1d(torch.stack([a, b])[:, None], weight, padding=len(kernel) - 1)[:, 0]
    assert [list(found.first_map), list(found.second_map)] == maps.tolist()


@given(rows, st.integers(-5, 5), st.sampled_from(sorted(six_features.KERNELS)))
def test_a_row_that_loses_nothing_takes_its_map_along(row, by, name):
    moved = six_features.shift_row(row, by)
    found = six_features.compare(row, moved, six_features.KERNELS[name])
    if sum(moved) == sum(row) > 0:
        assert found.travelled == by
        assert found.maxima[0] == found.maxima[1]


def test_the_lectures_two_rows_share_one_of_two_features():
    pair = six_features.PAIRS["one"]
    found = six_features.compare(pair.first, pair.second, six_features.KERNELS[pair.kernel])
    assert (found.own, found.overlap, found.cosine) == (2, 1, 0.5)
    assert (found.travelled, found.maxima) == (1, (2, 2))


def test_two_different_marks_are_no_shift_of_each_other():
    pair = six_features.PAIRS["other"]
    found = six_features.compare(pair.first, pair.second, six_features.KERNELS[pair.kernel])
    assert (found.travelled, found.maxima) == (None, (2, 1))


def test_a_row_that_cannot_be_compared_is_refused_in_words():
    with pytest.raises(ShapeError, match="A row of 2 features cannot be compared here: give 6 of them"):
        six_features.compare((1, 0), (0, 1), (1, 1))
    with pytest.raises(ShapeError, match="A kernel of 7 does not fit 6 features: use a shorter one"):
        six_features.feature_map((1, 0, 0, 0, 0, 0), (1,) * 7)
    with pytest.raises(ParseError, match="A row is 6 digits, each 0 or 1, like 110000"):
        six_features.parse_row("11000x")


@given(grids, shifts, st.sampled_from(sorted(KERNELS)))
def test_a_shifted_drawing_is_convolved_as_torch_does(cells, shift, name):
    agreement = check_with_torch(cells, shift, KERNELS[name])
    assert agreement.agrees
    assert agreement.largest_difference == 0


@given(grids, shifts)
def test_a_shift_moves_each_cell_by_itself(cells, shift):
    moved = np.zeros_like(cells)
    for row, column in np.argwhere(cells):
        to = [row + shift.rows, column + shift.columns]
        if shift.edge == "wrap":
            moved[to[0] % SIDE, to[1] % SIDE] = 1
        elif all(0 <= place < SIDE for place in to):
            moved[tuple(to)] = 1
    assert np.array_equal(shift.apply(cells), moved)


@given(grids, places, places, st.sampled_from(sorted(KERNELS)))
def test_where_cells_come_in_again_map_and_maximum_know_no_edge(cells, down, across, name):
    found = shifted(cells, Shift(down, across, "wrap"), KERNELS[name])
    assert found.differing == 0
    assert found.peaks[0].value == found.peaks[1].value


def test_an_x_shifted_by_one_has_no_cell_in_common_with_itself():
    found = shifted(PRESETS["x"], Shift(0, 1), KERNELS["x"])
    assert (found.drawn, found.same, found.cosine, found.agreeing) == (9, 0, 0.0, 126)
    assert (found.differing, found.peaks[0].value, found.peaks[1].value) == (0, 5, 5)
    assert (found.peaks[0].column, found.peaks[1].column) == (4, 5)


def test_what_leaves_the_grid_is_missed_by_the_map():
    found = shifted(PRESETS["x"], Shift(0, -4), KERNELS["x"])
    assert found.left == 5
    assert found.differing > 0


@given(grids)
def test_a_drawing_survives_its_link_and_its_component(cells):
    assert np.array_equal(drawing.parse_drawing(drawing.format_drawing(cells)), cells)
    assert np.array_equal(drawing.parse_bits(drawing.bits_of(cells)), cells)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_its_word(name):
    assert drawing.format_drawing(PRESETS[name]) == name
    assert drawing.parse_drawing(name) is PRESETS[name]


@pytest.mark.parametrize("sent", [None, 7, "", "01", "2" * 144, "0" * 145, ["0"] * 144])
def test_what_is_no_drawing_from_a_browser_is_none(sent):
    assert drawing.parse_bits(sent) is None


def test_text_that_is_no_drawing_shift_or_edge_is_refused_in_words():
    with pytest.raises(ParseError, match="A drawing is one of x, o, plus, l, block or clear, or 36 hexadecimal digits"):
        drawing.parse_drawing("xyz")
    for text in ("1", "1,2,3", "12,0", "0,-12", "a,b", "", "٣,1", "--1,0"):
        with pytest.raises(ParseError, match="A shift is rows down and columns to the right, like 0,1, each from -11"):
            drawing.parse_places(text)
    assert drawing.parse_places("-11,3") == (-11, 3)
    with pytest.raises(ParseError, match="There is no edge 'bounce': use fall or wrap"):
        drawing.as_edge("bounce")
    with pytest.raises(ShapeError, match=r"A drawing of shape \(2, 2\) does not fit this grid"):
        shifted(np.ones((2, 2), dtype=np.int64), Shift(), KERNELS["x"])


@given(grids, shifts)
def test_the_number_of_cells_in_both_is_right_and_only_that(cells, shift):
    found = shifted(cells, shift, KERNELS["x"])
    assert judge(found, found.same).right
    assert not judge(found, found.same + 1).right
    assert not judge(found, found.same + 0.5).right


@pytest.mark.parametrize(
    ("shift", "answered", "sentence"),
    [
        (Shift(1, 0), 12, "All 12 cells are still drawn, but each at another place"),
        (Shift(1, 0), 0, "It is not 0: a place stays filled if a drawn cell is shifted onto it"),
        (Shift(1, 0), 8, "These are the cells that land on blank places"),
        (Shift(1, 0), 128, "This counts the blank places that agree, too. Of the 144 places"),
        (Shift(1, 0), 16, "This is the number of places that differ"),
        (Shift(-4, 0), 9, "This counts the cells that are still on the grid"),
        (Shift(-4, 0), 12, "Not all cells are still drawn: some left the grid"),
    ],
)
def test_a_wrong_number_is_told_what_was_mixed_up(shift, answered, sentence):
    found = shifted(PRESETS["o"], shift, KERNELS["x"])
    assert any(told.startswith(sentence) for told in judge(found, answered).sentences)


def test_a_shift_along_the_other_axis_is_told():
    upright = np.zeros((SIDE, SIDE), dtype=np.int64)
    upright[3:7, 5] = 1
    assert "along the other axis" in judge(shifted(upright, Shift(0, 1), KERNELS["x"]), 3).sentences[0]


@pytest.mark.parametrize("answered", [-1, 2.5, 17, 1_000_000])
def test_a_number_that_no_count_can_be_is_told_its_range(answered):
    found = shifted(PRESETS["o"], Shift(0, 1), KERNELS["x"])
    (told,) = judge(found, answered).sentences
    assert told == "It is a whole number from 0 on, and no larger than the number of places that are drawn."


def test_a_text_that_is_no_count_is_refused_in_words():
    with pytest.raises(ParseError, match="'many' is not a count of cells: type a whole number, 4 for instance"):
        parse_answer("many")
    assert parse_answer(" 4 ") == 4


def run_code(code: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    exec(compile(code, "the code on the page", "exec"), {})
    return capsys.readouterr().out.split()


def comments(code: str) -> list[str]:
    """The numbers that the code says it prints."""
    return [line.rpartition("# ")[2] for line in code.splitlines() if line.rpartition("# ")[2].lstrip("-").isdecimal()]


def test_the_code_of_the_networks_prints_the_parameters_that_it_says(capsys):
    code = networks_code()
    assert run_code(code, capsys) == comments(code) == ["2065", "2053"]


@pytest.mark.parametrize("shift", [Shift(0, 1), Shift(-4, 2), Shift(3, -5, "wrap"), Shift()])
@pytest.mark.parametrize("kernel", ["x", "x5"])
def test_the_code_of_a_shift_prints_what_the_page_shows(shift, kernel, capsys):
    found = shifted(PRESETS["o"], shift, KERNELS[kernel])
    maxima = (found.peaks[0].value, found.peaks[1].value)
    code = shift_code(PRESETS["o"], shift, KERNELS[kernel], found.same, maxima)
    assert run_code(code, capsys) == comments(code) == [str(found.same), *map(str, maxima)]


def test_the_reference_is_asked_and_answers_in_what_json_knows():
    plain = answer(
        {"drawing": PRESETS["x"].tolist(), "kernel": KERNELS["x"].tolist(), "rows": 0, "columns": 1, "edge": "fall"}
    )
    assert plain["agrees"]
    assert plain["cells"] == 144


# --- another order, and how many weights ------------------------------------------------------------------------------

people = st.fixed_dictionaries(dict.fromkeys(column_order.LEARNED, st.integers(0, column_order.HIGHEST)))


@given(people, st.sampled_from(sorted(column_order.ORDERS)))
def test_a_neuron_reads_a_person_as_torchs_does_and_weights_that_go_along_answer_the_same(person, word):
    columns = column_order.ORDERS[word]
    neuron = torch.nn.Linear(3, 1, bias=False, dtype=torch.float64)
    answers = []
    for order, weights in (
        (column_order.LEARNED, column_order.WEIGHTS),
        (columns, column_order.WEIGHTS),
        (columns, column_order.learned_anew(columns)),
    ):
        neuron.weight.data[0] = torch.tensor(weights)
        found = column_order.as_row(person, order, weights)
        assert found.total == neuron(torch.tensor(found.numbers, dtype=torch.float64)).item()
        answers.append(found.total)
    assert answers[2] == answers[0]


def test_the_lectures_orders_give_another_sum_until_it_is_trained_anew():
    assert (column_order.LEARNED, column_order.OTHER) == lecture.COLUMN_ORDERS
    assert len(column_order.ORDERS) == 5
    sums = [column_order.as_row(column_order.PERSON, order).total for order in lecture.COLUMN_ORDERS]
    assert sums == [244, 395]


@given(st.integers(0, 10_000))
def test_an_mlp_with_its_inputs_shuffled_along_with_its_weights_is_the_same_mlp(seed):
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(16, generator=generator)
    x = torch.rand(3, 16, generator=generator, dtype=torch.float64)
    first = torch.nn.Linear(16, 5, dtype=torch.float64)
    other = torch.nn.Linear(16, 5, dtype=torch.float64)
    other.weight.data, other.bias.data = first.weight.data[:, shuffled], first.bias.data
    assert torch.allclose(first(x), other(x[:, shuffled]))


def test_the_lectures_pictures_need_millions_of_weights_and_a_kernel_ten():
    small, large = (Sizes(*size) for size in lecture.PICTURE_SIZES)
    assert (small.pixels, large.pixels) == (160_000, 1_000_000)
    assert (small.mlp_weights, large.mlp_weights) == (16_000_000, 100_000_000)
    assert (small.mlp_parameters, large.mlp_parameters) == (16_000_100, 100_000_100)
    assert small.kernel_parameters == large.kernel_parameters == 10
    assert large.mlp_parameters == Sizes(*reversed(lecture.PICTURE_SIZES[1])).mlp_parameters


sides, few = st.integers(SIDES[0], SIDES[1]), st.integers(1, 300)


@given(sides, sides, few, st.integers(*KERNEL), few)
def test_weights_are_counted_as_torch_counts_them(height, width, units, kernel, kernels):
    sizes = Sizes(height, width, units, kernel, kernels)
    with torch.device("meta"):  # which counts and computes nothing
        mlp = torch.nn.Linear(height * width, units)
        convolution = torch.nn.Conv2d(1, kernels, kernel)
        output = convolution(torch.zeros(1, 1, height, width))
    assert (sizes.mlp_weights, sizes.mlp_products) == (mlp.weight.numel(),) * 2
    assert sizes.mlp_parameters == mlp.weight.numel() + mlp.bias.numel()
    assert sizes.kernel_parameters == sum(each.numel() for each in convolution.parameters())
    assert sizes.places == output.shape[2:]
    assert sizes.kernel_products == convolution.weight.numel() * output.shape[2] * output.shape[3]
