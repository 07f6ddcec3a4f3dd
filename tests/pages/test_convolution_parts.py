"""The parts of the convolution page that stand on their own: as code, and on a picture."""

import dataclasses
import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnlab.data.photographs import photograph
from cnnlab.errors import CnnlabError
from cnnlab.torch_reference import Agreement
from cnnlab.ui.components.pictures.pair import clicked
from cnnlab.ui.parts import torch_check
from cnnlab.ui.parts.torch_check import difference_sentence
from tests.pages.app import components

EXACT = Agreement(True, 9, (3, 3), (3, 3), 0.0, None, None, None, "2.9.0")


def code_script(rows: int = 5, bias: float = 0.0) -> None:
    import numpy as np

    from cnnlab.lessons.convolution.settings import ConvSettings
    from cnnlab.ui.pages.convolution.code import code_section

    code_section(ConvSettings(np.ones((rows, 5)), np.ones((3, 3)), bias=bias))


def picture_script(**settings: object) -> None:
    import numpy as np

    from cnnlab.lessons.convolution.settings import ConvSettings
    from cnnlab.ui.pages.convolution.picture import picture_section
    from cnnlab.ui.state import links

    links.enter("convolution")
    links.tell_here()
    kernel = settings.pop("kernel", [[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    picture_section(ConvSettings(np.ones((5, 5)), np.array(kernel), **settings))


def open_picture(settings: dict[str, Any] | None = None, **parameters: str) -> AppTest:
    app = AppTest.from_function(picture_script, kwargs=settings or {}, default_timeout=20)
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    return app


def run_picture(**settings: Any) -> AppTest:
    """The part with a picture of 32×32 pixels."""
    return open_picture(settings, photo="frog")


def png(height: int, width: int) -> bytes:
    file = BytesIO()
    Image.fromarray(np.arange(height * width * 3, dtype=np.uint8).reshape(height, width, 3)).save(file, format="PNG")
    return file.getvalue()


class FakeReference:
    def __init__(self, answer: Agreement | CnnlabError) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def ask(self, function: str, question: dict[str, Any]) -> dict[str, Any]:
        assert function == "cnnlab.lessons.convolution.agreement:answer"
        self.asked.append(question)
        if isinstance(self.answer, CnnlabError):
            raise self.answer
        return json.loads(json.dumps(dataclasses.asdict(self.answer)))


def press_check(monkeypatch: pytest.MonkeyPatch, answer: Agreement | CnnlabError) -> AppTest:
    fake = FakeReference(answer)
    monkeypatch.setattr(torch_check, "reference", lambda: fake)
    app = AppTest.from_function(code_script, kwargs={"rows": 5}).run()
    assert not fake.asked, "PyTorch is asked only when the button is pressed"
    app.button(key="code_check").click().run()
    assert len(fake.asked) == 1
    assert not app.exception
    return app


def test_the_code_is_shown() -> None:
    app = AppTest.from_function(code_script).run()
    assert "F.conv2d(x, weight)" in app.code[0].value


def test_settings_without_an_output_are_told_in_words() -> None:
    app = AppTest.from_function(code_script, kwargs={"rows": 2}).run()
    assert "There is no code for these settings" in app.warning[0].value
    assert not app.code


def test_agreement_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_check(monkeypatch, EXACT)
    assert app.success[0].value == "PyTorch 2.9.0 agrees: all 9 cells are equal, to the last digit."


def test_rounding_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_check(monkeypatch, Agreement(True, 9, (3, 3), (3, 3), 4e-16, (0, 1), 1.0, 1.0, "2.9.0"))
    assert "the largest difference is 4.0e-16" in app.success[0].value


def test_a_difference_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_check(monkeypatch, Agreement(False, 9, (3, 3), (3, 3), 4.0, (1, 2), -3.0, 1.0, "2.9.0"))
    assert app.error[0].value.endswith("in row 2, column 3: PyTorch has 1 there, the lab −3.")
    other_shape = Agreement(False, 0, (3, 3), (2, 3), float("inf"), None, None, None, "2.9.0")
    assert difference_sentence(other_shape).endswith("its output has 2 × 3 cells, the lab's has 3 × 3.")


def test_no_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_check(monkeypatch, CnnlabError("PyTorch did not answer within 60 seconds: try again."))
    assert app.error[0].value == "PyTorch gave no answer. PyTorch did not answer within 60 seconds: try again."


def test_an_answer_goes_with_the_next_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_check(monkeypatch, EXACT)
    other = AppTest.from_function(code_script, kwargs={"bias": 1.0})
    other.session_state["code_check/answer"] = app.session_state["code_check/answer"]
    assert not other.run().success


def test_a_picture_and_its_output_are_drawn() -> None:
    app = run_picture()
    pair = components(app)[0]["pair"]
    assert pair["input"].startswith("data:image/webp;base64,")
    assert (pair["input_size"], pair["output_size"], pair["kernel_size"]) == ([32, 32], [30, 30], [3, 3])
    assert "blue is negative" in app.caption[-1].value


def test_a_photograph_comes_first_and_says_whose_it_is() -> None:
    app = open_picture()
    assert components(app)[0]["pair"]["input_size"] == list(photograph("chelsea").shape[1:])
    assert app.caption[-1].value.endswith("Photograph: Stefan van der Walt, CC0.")
    app.selectbox(key="photo").set_value("frog").run()
    assert app.caption[-1].value.endswith("The picture is one of CIFAR-10 (Krizhevsky 2009).")
    assert app.query_params["photo"] == "frog"


def test_the_middle_pixel_is_written_out_first() -> None:
    app = run_picture()
    assert components(app)[0]["pixel"] == [15, 15]
    (part,) = components(app)[1]["parts"]
    total = sum(int(cell["text"].replace("−", "-")) for row in part["products"] for cell in row)
    assert f"add up to {total}".replace("-", "−") in part["sentence"]


def test_a_click_asks_for_that_window_and_sends_the_pictures_unchanged() -> None:
    app = run_picture(padding=1, bias=2.0)
    before = components(app)[0]
    app.session_state["photo_pair"] = {"pixel": {"at": [0, 31]}}
    app.run()
    assert components(app)[0] == before
    (part,) = components(app)[1]["parts"]
    assert part["padding"] == [[True, True, True], [False, False, True], [False, False, True]]
    assert "with the bias of 2 the output is" in part["sentence"]
    assert app.query_params["photo_pixel"] == "0,31"


@pytest.mark.parametrize(
    "at", [None, [1], [1, 2, 3], [30, 0], [-1, 0], ["0", "1"], [0.5, 1], {"row": 1}, [[0], 1], [True, 1]]
)
def test_a_click_that_is_none_is_ignored(at: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"pair": {"pixel": {"at": at}}})
    assert clicked("pair", (30, 30)) is None
    monkeypatch.setattr(st, "session_state", {"pair": {"pixel": {"at": [29, 0]}}})
    assert clicked("pair", (30, 30)) == (29, 0)


def test_colours_are_convolved_one_by_one() -> None:
    app = open_picture(photo_channels="rgb", photo="ship", photo_pixel="3,4")
    assert [part["name"] for part in components(app)[1]["parts"]] == ["Red", "Green", "Blue"]
    assert components(app)[0]["pixel"] == [3, 4]
    assert app.selectbox(key="photo").value == "ship"


@pytest.mark.parametrize("text", ["5", "a,b", "-1,2", "1,2,3", "99999,1", "1,²"])
def test_a_pixel_that_a_link_cannot_mean_is_told(text: str) -> None:
    app = open_picture(photo="frog", photo_pixel=text)
    assert "photo_pixel" in app.warning[0].value
    assert components(app)[0]["pixel"] == [15, 15]


def test_a_pixel_outside_a_smaller_picture_is_moved_inside() -> None:
    app = open_picture(photo="frog", photo_pixel="400,7")
    assert components(app)[0]["pixel"] == [29, 7]


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "drawn as they are"),
        ([[1, 1], [1, 1]], "stretched"),
        ([[1, -1]], "blue is negative"),
    ],
)
def test_how_numbers_became_shades_is_told(kernel: list[list[int]], words: str) -> None:
    assert words in run_picture(kernel=kernel).caption[-1].value


def test_the_shades_can_be_chosen() -> None:
    app = run_picture()
    app.selectbox(key="photo_shades").set_value("scale").run()
    assert "stretched" in app.caption[-1].value
    assert app.query_params["photo_shades"] == "scale"


def test_an_uploaded_picture_is_shown() -> None:
    app = run_picture()
    app.get("file_uploader")[0].set_value(("mine.png", png(20, 40), "image/png")).run()
    assert not app.error
    assert components(app)[0]["pair"]["input_size"] == [20, 40]
    menu = app.selectbox(key="photo")
    assert menu.options[menu.index] == "Your picture"
    assert "photo" not in app.query_params
    assert "CIFAR" not in app.caption[-1].value
    assert "Photograph" not in app.caption[-1].value


def test_a_text_file_with_a_pictures_name_is_refused_in_words() -> None:
    app = run_picture()
    app.get("file_uploader")[0].set_value(("mine.png", b"hello", "image/png")).run()
    assert not app.exception
    assert "`mine.png` cannot be shown. The file is not a picture" in app.error[0].value
    assert components(app)[0]["pair"]["input_size"] == [32, 32]


def test_settings_that_do_not_fit_the_picture_are_told() -> None:
    app = run_picture(dilation=20)
    assert app.warning[0].value.startswith("These settings cannot be used on this picture.")
    assert not app.get("bidi_component")
