"""The page on pictures in PyTorch, as the server sees it: steps in, cards, sentences and scripts out."""

import io
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest
from torchvision import transforms

from cnnlab.errors import CnnlabError
from cnnlab.lessons.image_pipeline.pipeline import parse_pipeline
from cnnlab.lessons.image_pipeline.presets import PRESETS, PipelineSettings
from cnnlab.lessons.image_pipeline.snapshots import Outcome, take_snapshot
from cnnlab.presets import Preset
from cnnlab.ui.components.pictures import film
from cnnlab.ui.pages.image_pipeline import results, settings
from tests.pages.app import components, open_at

open_page = partial(open_at, "image_pipeline")

ROOT = Path(__file__).parents[2]
CIFAR = str(PRESETS["cifar"].settings.pipeline)
EARLY = str(PRESETS["early"].settings.pipeline)


def data(app: AppTest) -> dict[str, Any]:
    (found,) = components(app)
    return found


def states(app: AppTest) -> list[str]:
    return [card["state"] for card in data(app)["cards"]]


def edit(app: AppTest, steps: list[list[str]], selected: int = 1, message: int = 1) -> None:
    """What the film's callback does with an edit of the browser; AppTest itself cannot send one."""
    sent = {"edit": {"steps": steps, "selected": selected, "message": message}}
    app.session_state[settings.FILM] = sent
    try:
        app.session_state["links/value/img_steps"] = settings.make_pipeline(steps)
        app.session_state["links/value/img_step"] = selected + 1
    except CnnlabError as error:
        app.session_state["image_pipeline/refused"] = (message, str(error))
    app.run()
    assert not app.exception


def test_the_page_opens_with_the_shortest_way_into_a_network() -> None:
    app = open_page()
    cards = data(app)["cards"]
    assert [card["title"] for card in cards] == [
        "Image.open(file)",
        "ToTensor()",
        "Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))",
        "Conv2d(3, 6, 5)",
    ]
    assert states(app) == ["done"] * 4
    assert [card.get("shape") for card in cards] == ["W=32, H=32", "C=3, H=32, W=32", "C=3, H=32, W=32", None]
    assert [card.get("range") for card in cards][:3] == ["0 to 240", "0 to 0.941", "−1 to 0.882"]
    assert cards[3]["gives"] == "C=6, H=28, W=28"
    assert data(app)["selected"] == 1
    assert PRESETS["halves"].note in [text.value for text in app.markdown]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_shows_its_steps_and_what_there_is_to_see(preset: Preset[PipelineSettings]) -> None:
    app = open_page()
    (menu,) = [box for box in app.selectbox if box.label == "Preset"]
    name = next(name for name, one in PRESETS.items() if one is preset)
    menu.set_value(name).run()
    assert not app.exception
    shown = data(app)
    assert len(shown["cards"]) == len(preset.settings.pipeline.steps) + 1
    assert shown["selected"] == preset.settings.step
    assert preset.note in [text.value for text in app.markdown]
    is_mistake = preset.title.startswith("Mistake")
    assert ("failed" in states(app)) <= is_mistake
    assert (preset.settings.pipeline == PRESETS["halves"].settings.pipeline) == ("img_steps" not in app.query_params)


def test_a_link_brings_steps_seed_picture_and_the_chosen_step() -> None:
    app = open_page(img_steps=CIFAR, img_seed="3", img_photo="ship", img_step="5", img_part="dataset")
    assert not app.warning
    assert data(app)["selected"] == 4
    assert "torch.manual_seed(3)" in app.code[0].value
    assert "datasets.CIFAR10(" in app.code[0].value
    assert "# (64, 6, 14, 14)" in app.code[0].value
    other = open_page(img_steps=CIFAR, img_seed="4", img_photo="ship")
    assert data(other)["cards"][1]["picture"] != data(app)["cards"][1]["picture"]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"img_steps": "open;blur"}, "Step 2 is 'blur': use open, read"),
        ({"img_steps": "open;resize:9999"}, "size is a whole number from 1 to 512, not 9999"),
        ({"img_steps": "tensor"}, "Step 1 is tensor: only step 1 opens the file"),
        ({"img_step": "5"}, "It is a step, counted from 1, up to 4 here"),
        ({"img_step": "0"}, "It is a step, counted from 1, up to 4 here"),
        ({"img_seed": "-1"}, "It goes from 0 to 9999 in whole numbers"),
        ({"img_photo": "cow"}, "It is one of chelsea, coffee, astronaut, rocket, frog"),
        ({"img_hide": "maybe"}, "It is true or false"),
        ({"img_part": "all"}, "It is one of code, dataset"),
    ],
)
def test_a_link_with_a_value_that_cannot_be_is_told_so(parameters: dict[str, str], sentence: str) -> None:
    app = open_page(**parameters)
    told = [warning.value.replace("\\", "") for warning in app.warning]
    assert any(sentence.replace("\\", "") in one for one in told), told
    assert states(app) == ["done"] * 4


def test_a_refused_step_is_told_in_pytorchs_words_and_in_ours_and_the_rest_is_not_reached() -> None:
    app = open_page(img_steps=EARLY)
    assert states(app) == ["done", "failed", "unknown", "unknown"]
    card = data(app)["cards"][1]
    assert card["error"] == {"type": "TypeError", "says": "img should be Tensor Image. Got <class 'PIL.Image.Image'>"}
    assert card["notes"] == [
        "Normalize calculates with a tensor's numbers. A PIL image comes in. Put ToTensor() before this step."
    ]
    assert data(app)["cards"][2]["notes"] == [
        "Nothing comes this far: step 2, Normalize, is refused. Look at its card."
    ]
    edit(app, [["open"], ["tensor"], ["normalize", "0.5", "0.5"]])
    assert states(app) == ["done"] * 4
    assert data(app)["answered"] == 1


def test_an_edit_that_cannot_be_is_told_and_the_steps_stay() -> None:
    app = open_page()
    edit(app, [["open"], ["tensor"], ["normalize", "0.5", "0"]], message=8)
    shown = data(app)
    assert shown["refused"].startswith("Step 3, Normalize: std goes from 0.0001 to 1000, not 0")
    assert shown["answered"] == 8
    assert shown["steps"][2] == ["normalize", "0.5,0.5,0.5", "0.5,0.5,0.5"]
    edit(app, [["open"], ["tensor"]], message=9)
    assert data(app)["answered"] == 9
    assert data(app)["refused"] is None


def test_the_code_is_that_of_the_chosen_step() -> None:
    app = open_page(img_step="2")
    assert "Normalize" not in app.code[0].value
    assert "# torch.float32 (3, 32, 32)" in app.code[0].value
    assert any("Up to step 2, the chosen one." in caption.value for caption in app.caption)
    app = open_page(img_step="4")
    assert "transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))," in app.code[0].value
    assert "convolution = torch.nn.Conv2d(3, 6, 5)" in app.code[0].value


def test_a_prediction_is_judged_before_anything_is_shown() -> None:
    app = open_page(img_hide="true", img_step="2")
    assert states(app) == ["done", "hidden", "hidden", "hidden"]
    assert "picture" not in data(app)["cards"][1]
    assert "# torch" not in app.code[0].value
    shape, number = app.text_input
    assert (shape.label, number.label) == ("Shape after ToTensor", "Largest number after ToTensor, roughly")
    shape.set_value("32, 32, 3").run()
    assert app.warning[0].value.startswith("This has the channels last")
    app.text_input[1].set_value("255").run()
    assert app.warning[1].value.startswith("Without rescaling it would be 255")
    app.text_input[0].set_value("three").run()
    assert app.warning[0].value.startswith("Write a shape like 3, 32, 32")
    app.text_input[0].set_value("3, 32, 32").run()
    assert states(app)[1] == "hidden"
    app.text_input[1].set_value("1").run()
    assert [one.value.replace("\\", "") for one in app.success] == [
        "Right: C=3, H=32, W=32.",
        "Right: 0.941 in this picture, and 1 at most.",
    ]
    assert states(app) == ["done", "done", "hidden", "hidden"]


def test_an_error_can_be_predicted_too() -> None:
    app = open_page(img_hide="true", img_steps=EARLY, img_step="2")
    assert states(app)[1] == "hidden"
    (shape,) = app.text_input
    shape.set_value("error").run()
    assert app.success[0].value == "Right: PyTorch refuses this step."
    assert states(app)[1] == "failed"
    app = open_page(img_hide="true", img_step="4")
    assert any("Choose a step that is reached" in caption.value for caption in app.caption)


def test_a_data_set_of_pil_images_is_told_to_need_a_step() -> None:
    app = open_page(img_steps="open", img_part="dataset")
    assert app.info[0].value.startswith("A data set needs at least one step")
    app = open_page(img_steps="open;gray:1;tensor", img_part="dataset")
    assert any("the loader or the network stops with an error" in caption.value for caption in app.caption)


def test_what_makes_pictures_of_all_sizes_alike_is_told_as_torchvision_does_it() -> None:
    pictures = [Image.new("RGB", size) for size in ((60, 40), (40, 70))]
    ways = {
        "a crop": transforms.CenterCrop(32),
        "height and width": transforms.Resize((24, 32)),
        "one number": transforms.Resize(32),
    }
    alike = {name for name, way in ways.items() if len({way(picture).size for picture in pictures}) == 1}
    (told,) = [
        text.value for text in open_page(img_part="dataset").markdown if "must all have the same shape" in text.value
    ]
    assert told.endswith("a crop, or a Resize with height and width.")
    assert alike == {"a crop", "height and width"}


def test_an_uploaded_picture_goes_through_the_steps_and_a_text_file_is_refused() -> None:
    file = io.BytesIO()
    Image.fromarray(np.full((30, 60, 3), (200, 40, 10), np.uint8)).save(file, "PNG")
    app = open_page(img_steps="open;resize:64")
    app.get("file_uploader")[0].set_value(("mine.png", file.getvalue(), "image/png")).run()
    assert not app.error
    assert [card.get("shape") for card in data(app)["cards"]][:2] == ["W=60, H=30", "W=128, H=64"]
    assert any("With the file that you uploaded the code may give other numbers." in one.value for one in app.caption)
    app.get("file_uploader")[0].set_value(("mine.png", b"hello", "image/png")).run()
    assert "`mine.png` cannot be shown. The file is not a picture" in app.error[0].value
    assert data(app)["cards"][0]["shape"] == "W=60, H=30", "the upload before it was good, and stays"


def test_an_earlier_order_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_reference: object, _content: bytes, pipeline: object, _seed: int) -> Outcome:
        asked.append(str(pipeline))
        shot = take_snapshot(np.zeros((3, 4, 4), np.uint8), "CHW", "tensor", "torch.Tensor", "torch.uint8")
        return Outcome((shot,) * len(parse_pipeline(str(pipeline)).steps), None, (6, 1, 1), None, ("2", "0"))

    monkeypatch.setattr(results, "ask_torch", ask)
    monkeypatch.setattr(results, "_SHELF", results.Shelf())
    app = open_page(img_steps="open;tensor")
    edit(app, [["open"], ["flip", "0.5"]])
    edit(app, [["open"], ["tensor"]], message=2)
    assert asked == ["open;tensor", "open;flip:0.5"]
    open_page(img_steps="open;tensor", img_seed="5")
    assert len(asked) == 2  # nothing is drawn at random there


def test_a_pytorch_that_does_not_answer_is_told_in_words_and_can_be_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> None:
        raise CnnlabError("PyTorch has been busy.")

    monkeypatch.setattr(results, "_SHELF", results.Shelf())
    with monkeypatch.context() as broken:
        broken.setattr(results, "ask_torch", refuse)
        app = open_page()
        assert app.error[0].value == "PyTorch gave no answer. PyTorch has been busy."
        assert states(app) == ["unknown"] * 4
    app.button(key="img_again").click().run()
    assert not app.error
    assert states(app) == ["done"] * 4


def outcome_for_nothing() -> Outcome:
    shot = take_snapshot(np.zeros((3, 4, 4), np.uint8), "CHW", "tensor", "torch.Tensor", "torch.uint8")
    return Outcome((shot,), None, None, None, ("2", "0"))


def test_the_shelf_lets_go_of_what_nobody_has_asked_for_longest() -> None:
    outcome = outcome_for_nothing()
    shelf = results.Shelf(most=2 * (len(outcome.snapshots[0].picture) + 4_000))
    for name in "abb":
        assert shelf.ask((name, "", 0), lambda: outcome).wait(10)
    assert shelf.get(("a", "", 0)) is outcome
    assert shelf.ask(("c", "", 0), lambda: outcome).wait(10)
    assert [shelf.get((name, "", 0)) is not None for name in "abc"] == [True, False, True]


def test_a_class_that_asks_for_the_same_waits_for_one_run_of_it() -> None:
    gate, runs = Event(), list[int]()

    def find() -> Outcome:
        runs.append(1)
        gate.wait(10)
        return outcome_for_nothing()

    shelf = results.Shelf()
    promises = [shelf.ask(("a", "", 0), find) for _ in range(30)]
    assert not promises[0].wait(0)
    gate.set()
    assert all(promise.wait(10) for promise in promises)
    assert len({id(promise.outcome()) for promise in promises}) == len(runs) == 1


def test_what_went_wrong_is_told_to_those_who_wait_and_not_kept() -> None:
    def fail() -> Outcome:
        raise CnnlabError("PyTorch has been busy.")

    shelf = results.Shelf()
    promise = shelf.ask(("a", "", 0), fail)
    assert promise.wait(10)
    with pytest.raises(CnnlabError, match="PyTorch has been busy"):
        promise.outcome()
    promise = shelf.ask(("a", "", 0), outcome_for_nothing)
    assert promise.wait(10)
    assert promise.outcome() == outcome_for_nothing()
    with pytest.raises(RuntimeError, match="before it was kept"):
        results.Promise().outcome()


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "open",
        {"steps": "open", "selected": 0, "message": 1},
        {"steps": [[]], "selected": 0, "message": 1},
        {"steps": [["open", 3]], "selected": 0, "message": 1},
        {"steps": [["x" * 201]], "selected": 0, "message": 1},
        {"steps": [["open"]], "selected": "0", "message": 1},
        {"steps": [["open"]], "selected": 0},
        {"steps": [["open"]], "selected": True, "message": 1},
        {"steps": [["open"]], "selected": -1, "message": 1},
        {"steps": [["open"]], "selected": 0, "message": True},
        {"steps": [["open"]], "selected": 0, "message": 0},
        {"steps": [["open"]] * 101, "selected": 0, "message": 1},
        {"steps": [["open"] * 21], "selected": 0, "message": 1},
        {"steps": [{"open": 1}], "selected": 0, "message": 1},
    ],
)
def test_what_is_no_edit_is_not_taken_from_a_browser(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"film": {"edit": sent}})
    assert film.edited("film") is None
    monkeypatch.setattr(st, "session_state", {"film": {"edit": {"steps": [["open"]], "selected": 0, "message": 2}}})
    assert film.edited("film") == film.Edit([["open"]], 0, 2)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        2,
        {"card": 2},
        *({"card": card, "message": 1} for card in (None, -1, "2", 1.5, True, 10**6)),
        {"card": 2, "message": "1"},
        {"card": 2, "message": True},
    ],
)
def test_what_is_no_card_is_not_taken_from_a_browser(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"film": {"chosen": sent}})
    assert film.chosen("film") is None
    monkeypatch.setattr(st, "session_state", {"film": {"chosen": {"card": 2, "message": 3}}})
    assert film.chosen("film") == film.Choice(2, 3)


def test_the_film_is_told_which_of_its_messages_was_taken_into_account_last() -> None:
    app = open_page()
    assert data(app)["answered"] == 0
    app.session_state[settings.FILM] = {
        "edit": {"steps": [["open"]], "selected": 0, "message": 4},
        "chosen": {"card": 1, "message": 5},
    }
    app.run()
    assert data(app)["answered"] == 5


def test_the_server_never_loads_pytorch_for_it() -> None:
    # A fresh interpreter: in this one, other tests have imported everything.
    program = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        " app = AppTest.from_file('app.py', default_timeout=60);"
        " app.switch_page('pages/image_pipeline.py').run(); assert not app.exception;"
        " from cnnlab.ui.parts.torch_check import reference; assert reference().is_awake; reference().close();"
        " print(sorted({'torch', 'torchvision'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=180
    )
    assert told.stdout.splitlines()[-1] == "[]"
