"""The figures of a finished run, as values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.figures import run_charts, style
from cnnlab.figures import training as figures
from cnnlab.figures.charts import smoothed
from cnnlab.training.history import History, Mark, Validation
from cnnlab.training.progress import Progress, RateChange


def history(steps: int = 100) -> History:
    made = History()
    made.add(Progress(steps, None, 2.0, 1.0, 3.0, 0.0, 1.0, 0.05, losses=tuple(3.0 - n / steps for n in range(steps))))
    return made


# The means of groups of steps, a gap among them now and then, and how many steps each has.
LOSSES = st.floats(0, 100) | st.just(float("nan"))
GROUPS = st.lists(st.tuples(LOSSES, st.integers(1, 40)), min_size=1, max_size=30)

VALIDATIONS = [Validation(50, 1.0, 1.0, 1.5, 0.4), Validation(100, 2.0, 2.0, 1.2, 0.55)]


def test_the_loss_is_drawn_raw_smoothed_and_validated():
    figure = figures.loss_curves(history().curve(), VALIDATIONS)
    raw, mean, validation = figure.data
    assert [trace.name for trace in figure.data] == ["training, each step", "training, smoothed", "validation"]
    assert list(raw.x) == list(range(1, 101))
    assert raw.y[0] == 3.0
    assert mean.y[-1] > raw.y[-1], "a mean of a falling curve lags"
    assert list(validation.x) == [50, 100]
    assert list(validation.y) == [1.5, 1.2]
    assert figure.layout.xaxis.title.text == "step"


def test_a_long_run_is_drawn_as_means_within_a_band():
    figure = figures.loss_curves(history().curve(limit=30), [])
    assert [trace.name for trace in figure.data] == [
        "training, lowest and highest of 4 steps",
        "training, mean of 4 steps",
        "training, smoothed",
    ]
    assert figure.data[0].fill == "toself"


def test_a_run_without_a_step_is_an_empty_figure():
    figure = figures.loss_curves(History().curve(), [])
    assert len(figure.data[0].x) == 0


def test_smoothing_starts_without_a_lag_and_keeps_gaps():
    assert smoothed([2.0, 2.0, 2.0], [1, 2, 3], span=20) == pytest.approx([2.0, 2.0, 2.0])
    assert smoothed([5.0, 1.0], [1, 2], span=1).tolist() == [5.0, 1.0]
    first, gap, last = smoothed([1.0, float("nan"), 3.0], [1, 2, 3], span=2)
    assert (first, last) == (1.0, pytest.approx((0.125 * 1 + 0.5 * 3) / 0.625))
    assert np.isnan(gap)
    assert smoothed([], [], span=5).tolist() == []


@given(groups=GROUPS, span=st.integers(1, 1000))
def test_smoothing_goes_by_steps_however_they_are_grouped(groups: list[tuple[float, int]], span: int):
    """Steps that are alike may stand one by one or in groups: where a group ends, the smoothed loss is the same."""
    values, counts = zip(*groups, strict=True)
    ends = np.cumsum(counts)
    one_by_one = smoothed(np.repeat(values, counts).tolist(), list(range(1, ends[-1] + 1)), span)
    np.testing.assert_allclose(
        smoothed(values, ends.tolist(), span), np.array(one_by_one)[ends - 1], rtol=1e-9, atol=1e-9
    )


@given(seed=st.integers(0, 1000), limit=st.sampled_from([1000, 300, 100, 40]), span=st.sampled_from([20, 100, 1000]))
def test_grouping_moves_the_smoothed_curve_by_less_than_what_is_within_a_group(seed: int, limit: int, span: int):
    losses = np.random.default_rng(seed).normal(2, 1, 999).astype(np.float32)
    made = History()
    made.add(Progress(999, None, 2.0, 1.0, 3.0, 0.0, 1.0, 0.05, losses=tuple(losses.tolist())))
    curve = made.curve(limit)
    assert curve.width in (1, 4, 16, 32)
    exact = np.array(smoothed(losses.tolist(), list(range(1, 1000)), span))[curve.steps - 1]
    grouped = smoothed(curve.mean.tolist(), curve.steps.tolist(), span)
    within = (curve.high - curve.low).max()
    np.testing.assert_allclose(grouped, exact, atol=max(1e-9, min(1, curve.width / span) * within))


def test_the_figure_smooths_over_steps_in_groups_and_one_by_one():
    for limit in (1000, 10):
        curve = history().curve(limit)
        drawn = figures.loss_curves(curve, [], span=7).data[-1]
        assert list(drawn.y) == list(smoothed(curve.mean, curve.steps, 7))


def test_accuracy_and_learning_rate_are_curves_over_the_steps():
    accuracy = figures.accuracy_curve(VALIDATIONS)
    assert list(accuracy.data[0].y) == [0.4, 0.55]
    assert accuracy.layout.yaxis.tickformat == ".0%"
    rate = figures.learning_rate_curve([Mark(1, 0.1, 0.1, 0.01), Mark(2, 0.2, 0.2, 0.05)])
    assert list(rate.data[0].y) == [0.01, 0.05]


def test_a_run_of_one_epoch_has_an_accuracy_between_0_and_100_percent_and_a_rate_that_is_seen():
    accuracy = figures.accuracy_curve(VALIDATIONS[:1])
    assert accuracy.layout.yaxis.range == (0, 1)
    assert accuracy.data[0].mode == "lines+markers"
    rate = figures.learning_rate_curve([Mark(70, 1.0, 2.0, 0.05)])
    assert rate.layout.yaxis.range == pytest.approx((0, 0.0525))
    assert rate.data[0].mode == "lines+markers", "a line of one point would show nothing"
    assert figures.learning_rate_curve([Mark(1, 0.1, 0.1, 0.01), Mark(2, 0.2, 0.2, 0.05)]).data[0].mode == "lines"


@pytest.mark.parametrize("accuracies", [(0.0, 0.02), (0.99, 1.0), (0.1, 0.1), (0.4, 0.6)])
def test_an_accuracy_is_never_below_0_nor_above_100_percent(accuracies):
    points = [Validation(n, n / 50, 1.0, 1.5, accuracy) for n, accuracy in enumerate(accuracies, start=50)]
    low, high = figures.accuracy_curve(points).layout.yaxis.range
    assert 0 <= low <= min(accuracies)
    assert max(accuracies) <= high <= 1


def test_a_change_of_the_learning_rate_is_marked_with_its_name():
    figure = figures.learning_rate_curve([Mark(9, 0.1, 0.1, 0.05)], [RateChange(5, 0.02)])
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (5, 5)
    assert [note.text for note in figure.layout.annotations] == ["new peak 0.02"]


def test_a_logarithmic_loss_shows_what_has_a_logarithm():
    curve, falling = history().curve(), [Validation(50, 1.0, 1.0, 0.01, 0.4)]
    axis = figures.loss_curves(curve, falling, is_log=True).layout.yaxis
    assert axis.type == "log"
    assert axis.range == pytest.approx((np.log10(0.01 / 1.1), np.log10(3 * 1.1)))
    assert figures.loss_curves(curve, falling).layout.yaxis.type is None


@pytest.mark.parametrize("colours", [style.CATEGORICAL, style.CATEGORICAL_ON_DARK])
def test_a_run_has_the_themes_colours(colours):
    figure = figures.loss_curves(history().curve(limit=30), VALIDATIONS, colours=colours)
    assert [trace.line.color for trace in figure.data[1:]] == [colours[0], colours[0], colours[1]]
    assert figure.data[0].fillcolor == f"rgba{(*style.channels(colours[0]), 0.18)}"
    assert figures.accuracy_curve(VALIDATIONS, colours).data[0].line.color == colours[1]
    assert figures.learning_rate_curve([Mark(1, 0.1, 0.1, 0.01)], (), colours).data[0].line.color == colours[0]


def test_axes_have_the_names_that_they_had_while_the_run_went_on():
    marks = [Mark(1, 0.1, 0.1, 0.01)]
    drawn = figures.loss_curves(history().curve(), []), figures.accuracy_curve([]), figures.learning_rate_curve(marks)
    charts = run_charts.loss_chart(history().curve(), []), run_charts.accuracy_chart([]), run_charts.rate_chart(marks)
    for figure, chart in zip(drawn, charts, strict=True):
        assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (chart.x.name, chart.y.name)


def test_a_confusion_matrix_shows_counts_and_is_coloured_by_the_share_of_the_row():
    figure = figures.confusion_matrix([[6, 2], [5, 95]], ["cat", "dog"])
    (heat,) = figure.data
    np.testing.assert_allclose(heat.z, [[0.75, 0.25], [0.05, 0.95]])
    assert list(heat.x) == ["cat", "dog"]
    shown = {(label.y, label.x): (label.text, label.font.color) for label in figure.layout.annotations}
    assert shown["cat", "dog"] == ("2", "#ffffff")
    assert shown["dog", "dog"] == ("95", "#000000")
    assert figure.layout.yaxis.autorange == "reversed"
    assert "were predicted as" in heat.hovertemplate
    assert list(heat.customdata[1][0]) == [5, 100]


def test_a_class_without_pictures_and_very_many_classes_can_be_drawn():
    assert figures.confusion_matrix([[0, 0], [1, 1]], ["a", "b"]).data[0].z[0].tolist() == [0, 0]
    many = figures.confusion_matrix(np.eye(30, dtype=int).tolist(), [str(number) for number in range(30)])
    assert not many.layout.annotations
    assert many.data[0].showscale


def test_kernels_become_one_picture_in_which_grey_is_zero():
    kernels = np.zeros((2, 3, 5, 5))
    kernels[0, 0, 0, 0], kernels[1, 2, 4, 4] = 2.0, -2.0
    (picture,) = figures.kernel_pictures(kernels.tolist(), zoom=2)
    assert picture.shape == (10, 22, 4)
    assert picture.dtype == np.uint8
    assert picture[0, 0].tolist() == [255, 128, 128, 255]
    assert picture[9, 21].tolist() == [128, 128, 0, 255]
    assert picture[0, 10].tolist() == [0, 0, 0, 0], "a gap between two kernels"
    assert figures.kernel_pictures(np.ones((1, 1, 3, 3)).tolist(), zoom=1)[0].shape == (3, 3, 4)


def test_kernels_of_two_moments_are_drawn_on_one_scale():
    small = np.full((1, 3, 1, 1), 0.5)
    first, last = figures.kernel_pictures(small.tolist(), (2 * small).tolist(), zoom=1)
    assert first[0, 0].tolist() == [191, 191, 191, 255]
    assert last[0, 0].tolist() == [255, 255, 255, 255]
