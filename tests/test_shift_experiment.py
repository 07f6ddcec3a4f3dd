"""The experiment: what its pictures are, that a seed decides everything, and that both networks do what is claimed."""

import json
import subprocess
import sys

import numpy as np
import pytest

from cnnlab.errors import ParseError, TrainingError
from cnnlab.lessons.why_convolution import experiment, forecast
from cnnlab.lessons.why_convolution.experiment import Epoch, Experiment, Score, as_part
from cnnlab.lessons.why_convolution.pictures import (
    PARTS,
    PLACES,
    SIDE,
    SPECKS,
    X,
    no_x,
    pictures_to_ask,
    pictures_to_learn,
    shift_of_places,
)
from cnnlab.training.progress import read_sentence

PROGRAM = [sys.executable, "-m", experiment.MODULE]


def run_program(*arguments: str) -> list[dict]:
    done = subprocess.run(
        [*PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def told() -> list[dict]:
    return run_program("--seed", "0")


def test_what_is_no_x_has_as_many_pixels_as_one():
    rng = np.random.default_rng(1)
    marks = [no_x(rng) for _ in range(400)]
    assert {int(mark.sum()) for mark in marks} == {int(X.sum())}
    assert not any(np.array_equal(mark, X) for mark in marks)


def test_an_x_is_not_told_by_the_colour_of_its_pixels_on_a_chessboard():
    colour = np.add.outer(np.arange(5), np.arange(5)) % 2
    rng = np.random.default_rng(2)
    shares = [colour[no_x(rng)].mean() for _ in range(400)]
    assert colour[X].mean() == 0
    assert sum(share == 0 for share in shares) > 80
    assert sum(share == 1 for share in shares) > 80


@pytest.mark.parametrize("part", PARTS)
def test_the_training_shows_an_x_only_at_the_trained_places(part):
    learned = pictures_to_learn(part, seed=3, count=300)
    trained = shift_of_places(part) == 0
    assert learned.is_x.sum() == 150
    for picture in learned.pictures[learned.is_x]:
        places = [
            (row, column)
            for row in range(PLACES)
            for column in range(PLACES)
            if np.array_equal(picture[row : row + 5, column : column + 5] == 1, X)
        ]
        assert len(places) == 1
        assert trained[places[0]]
        assert X.sum() <= picture.sum() <= X.sum() + SPECKS


def test_every_place_is_asked_about_as_often_with_an_x_as_without():
    asked = pictures_to_ask(seed=0, per_place=4)
    assert asked.pictures.shape == (PLACES * PLACES * 4, SIDE, SIDE)
    assert asked.is_x.reshape(PLACES * PLACES, 4).sum(axis=1).tolist() == [2] * (PLACES * PLACES)


def test_no_picture_is_both_learned_and_asked_about_by_its_seed():
    learned, asked = pictures_to_learn("corner", 0, 100), pictures_to_ask(0, 1)
    assert not np.array_equal(learned.pictures[: len(asked.pictures)], asked.pictures[:100])


def test_the_shift_is_counted_from_the_trained_places():
    corner, left = shift_of_places("corner"), shift_of_places("left")
    assert (corner[0, 3], corner[3, 4], corner[11, 0], corner[11, 11]) == (0, 1, 8, 8)
    assert (left[11, 3], left[11, 4], left[0, 11]) == (0, 1, 8)
    assert shift_of_places("everywhere").max() == 0


def test_the_same_seed_gives_the_same_numbers_in_another_process(told):
    with subprocess.Popen(
        [*PROGRAM, "--seed", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as again:
        assert again.stdout is not None
        begun = [json.loads(again.stdout.readline()) for _ in range(4)]
        # Each epoch begins with the weights of the one before.
        again.kill()
    assert begun == told[:4]
    assert told[0]["event"] == "start"
    assert told[-1] == {"event": "end"}
    assert [event["epoch"] for event in told[1:-1]] == list(range(1, experiment.EPOCHS + 1))


def test_the_mlp_knows_the_trained_places_only_and_the_cnn_all(told):
    mlp, cnn = told[-2]["mlp"]["by_shift"], told[-2]["cnn"]["by_shift"]
    assert mlp[0] > 0.9
    assert max(mlp[1:]) < 0.7
    assert min(cnn) > 0.95


def test_what_is_counted_is_what_the_networks_have(told):
    parameters = [sum(weight.numel() for weight in network.parameters()) for network in experiment.networks()]
    assert parameters == [experiment.MLP_PARAMETERS, experiment.CNN_PARAMETERS] == [*told[0]["parameters"].values()]
    assert abs(parameters[0] - parameters[1]) < 0.01 * parameters[0]


def test_an_epoch_survives_its_line(told):
    epoch = Epoch.from_plain(told[5])
    assert json.loads(epoch.to_line("corner")) == told[5]


@pytest.mark.parametrize(
    "plain", [{}, {"epoch": 1}, {"epoch": "x", "mlp": 0, "cnn": 0}, {"epoch": 1, "mlp": {}, "cnn": {}}]
)
def test_a_line_that_is_no_epoch_is_refused_in_words(plain):
    with pytest.raises(ParseError, match="is not an epoch of the experiment: start it again"):
        Epoch.from_plain(plain)


def test_counts_that_cannot_be_are_no_epoch():
    score = {"training": 1.0, "right": np.full((PLACES, PLACES), 41).tolist()}
    with pytest.raises(ParseError, match="is not an epoch"):
        Epoch.from_plain({"epoch": 1, "mlp": score, "cnn": score})


def test_a_curve_is_made_of_the_places():
    right = np.where(shift_of_places("left") == 0, 40, 20)
    assert Score(1.0, right).by_shift("left") == [1.0] + 8 * [0.5]
    assert Score(1.0, right).by_shift("everywhere") == [pytest.approx(2 / 3)]


def test_settings_that_cannot_be_are_refused_in_words():
    with pytest.raises(TrainingError, match="The seed is 10: use one from 0 to 9"):
        Experiment(seed=10)
    with pytest.raises(TrainingError, match="There is no part 'middle' of the picture: use corner, left or"):
        as_part("middle")
    with pytest.raises(TrainingError, match="There is no part 'middle'"):
        shift_of_places("middle")
    (refused,) = run_program("--seed", "10")
    assert refused["event"] == "error"
    assert read_sentence(refused) == "The seed is 10: use one from 0 to 9."


def test_a_child_ends_with_its_input():
    with subprocess.Popen(
        [*PROGRAM, "--child"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(60) == 1


def test_a_missing_pytorch_is_told():
    assert experiment._explain(ImportError("No module named 'torch'")) == (
        "PyTorch cannot be loaded here (No module named 'torch'): install the packages of requirements.txt."
    )
    assert "close other programs and try again" in experiment._explain(MemoryError())
    too_little = ImportError("libtorch_cpu.so: failed to map segment from shared object")
    assert experiment._explain(too_little).startswith(
        "There is not enough memory to load PyTorch: close other programs"
    )


@pytest.mark.parametrize("said", forecast.FORECASTS)
@pytest.mark.parametrize("curve", [[0.97, 0.95, 0.96], [0.97, 0.8, 0.6], [0.97, 0.5, 0.57]])
def test_a_forecast_is_right_where_it_comes_true_and_else_told_why_not(said, curve):
    verdict = forecast.judge(said, curve)
    assert verdict.right == (forecast.outcome(curve) == said)
    assert verdict.sentence.startswith("You said so: " if verdict.right else "You said that it would ")
    assert verdict.kind == ("right" if verdict.right else said)
    assert f"to {curve[1]:.1%} one pixel further" in verdict.sentence


def test_what_the_networks_do_is_what_the_lecture_says(told):
    assert forecast.outcome(told[-2]["mlp"]["by_shift"]) == "guesses"
    assert forecast.outcome(told[-2]["cnn"]["by_shift"]) == "stays"
