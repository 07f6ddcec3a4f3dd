"""Controls and parameters take their values from a link, and say in words what they cannot take."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.number_text import parse_matrix


def _page() -> None:
    import numpy as np
    import streamlit as st

    from cnnlab.number_text import format_matrix, parse_matrix
    from cnnlab.ui.state import controls, links

    default = np.array([[1, 2], [3, 4]])
    links.enter("a page")
    links.tell_here()
    controls.whole_number("Stride", "stride", 1, 4, 1)
    controls.real_number("Bias", "bias", -10.0, 10.0, 0.0)
    controls.switch("Flip", "flip")
    mode = controls.choice("Mode", "mode", {"zeros": "Zeros", "reflect": "Mirrored"}, "zeros")
    matrix = links.read("kernel", default, lambda text: parse_matrix(text, 3, 3))
    if st.button("Double"):
        matrix = matrix * 2
    links.write("kernel", matrix, default, format_matrix)
    step = links.read_int("step", 0, 0, 8)
    links.write_int("step", step, 0)
    st.text(f"{mode} {format_matrix(matrix)} {step}")


def _open(**parameters: str) -> AppTest:
    at = AppTest.from_function(_page)
    for name, value in parameters.items():
        at.query_params[name] = value
    return at.run()


def test_without_a_link_everything_is_at_its_default() -> None:
    at = _open()
    assert at.text[0].value == "zeros 1,2;3,4 0"
    assert not at.warning
    assert not at.query_params


def test_a_link_sets_every_value() -> None:
    at = _open(stride="3", bias="1.5", flip="true", mode="reflect", kernel="0,1;2,3", step="4")
    assert (at.slider[0].value, at.number_input[0].value, at.toggle[0].value) == (3, 1.5, True)
    assert at.text[0].value == "reflect 0,1;2,3 4"
    assert not at.warning


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("stride", "0", "`stride=0`, which cannot be used. It goes from 1 to 4 in whole numbers"),
        ("stride", "1.5", "It goes from 1 to 4 in whole numbers. Shown instead: 1."),
        ("stride", "9" * 400, "It goes from 1 to 4 in whole numbers"),
        ("bias", "nan", "`bias=nan`, which cannot be used. It goes from -10 to 10"),
        ("bias", "1e300", "`bias=1e300`, which cannot be used"),
        ("flip", "maybe", "`flip=maybe`, which cannot be used. It is true or false. The default is shown instead."),
        ("mode", "<b>x</b>", "`mode=<b>x</b>`, which cannot be used. It is one of zeros, reflect."),
        ("kernel", "1,x", "`kernel=1,x`, which cannot be used. Row 1: 'x' is not a number"),
        ("kernel", "1;2;3;4", "The matrix has more than 3 rows"),
        ("kernel", "1,2;" * 9_000, "which cannot be used. It has 36,000 characters, and at most 30,000 are read."),
        ("step", "-1", "`step=-1`, which cannot be used. It is a whole number from 0 to 8"),
        ("step", "--5", "It is a whole number from 0 to 8"),
        ("step", "0" * 5000, "It is a whole number from 0 to 8"),
        ("step", "9" * 400, "It is a whole number from 0 to 8"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_and_the_rest_survives(name: str, value: str, sentence: str) -> None:
    at = _open(**({"stride": "2", "kernel": "5,6;7,8"} | {name: value}))
    assert len(at.warning) == 1
    assert sentence in at.warning[0].value
    assert not at.exception
    assert at.slider[0].value == (1 if name == "stride" else 2)
    assert ("5,6;7,8" in at.text[0].value) == (name != "kernel")


def _page_whose_head_cannot_be_written_to() -> None:
    import streamlit as st
    from streamlit.errors import StreamlitAPIException

    from cnnlab.ui.state import controls, links

    class Head:
        def warning(self, text: str) -> None:
            raise StreamlitAPIException(text)

    links.enter("a page")
    links.tell_here()
    st.session_state["links/refusals"] = Head()
    controls.switch("Flip", "flip")


def test_where_the_page_s_head_cannot_be_written_to_the_control_says_it_itself() -> None:
    at = AppTest.from_function(_page_whose_head_cannot_be_written_to)
    at.query_params["flip"] = "maybe"
    at.run()
    assert "`flip=maybe`" in at.warning[0].value
    assert not at.exception


def test_a_link_cannot_bring_a_picture_or_a_link_into_a_warning() -> None:
    at = _open(kernel="![](//a.b/c.png)")
    assert "Row 1: '!\\[\\](//a.b/c.png)' is not a number" in at.warning[0].value


def _number_page() -> None:
    from cnnlab.ui.state import controls, links

    links.enter("a page")
    links.tell_here()
    controls.whole_number("Height", "h", 1, 256, 9, widget="number")


@pytest.mark.parametrize("value", ["inf", "-Infinity", "1e309"])
def test_an_infinite_number_in_a_link_leaves_the_field_at_work(value: str) -> None:
    at = AppTest.from_function(_number_page)
    at.query_params["h"] = value
    at.run()
    assert f"h={value}" in at.warning[0].value
    assert not at.exception
    assert at.number_input[0].value == 9
    at.number_input[0].set_value(12).run()
    assert not at.exception
    assert not at.warning
    assert at.number_input[0].value == 12


def test_the_session_holds_the_truth_once_the_page_is_entered() -> None:
    at = _open(kernel="1,1;1,1")
    at.button[0].click().run()
    assert at.text[0].value == "zeros 2,2;2,2 0"
    # The next edit arrives with a URL that is one edit old.
    at.query_params["kernel"] = "1,1;1,1"
    at.button[0].click().run()
    assert at.text[0].value == "zeros 4,4;4,4 0"
    assert np.array_equal(parse_matrix(at.query_params["kernel"], 3, 3), [[4, 4], [4, 4]])


def _two_pages() -> None:
    import streamlit as st

    from cnnlab.ui.state import links

    page = st.session_state.get("page", "first")
    links.enter(page)
    name = {"first": "step", "second": "run"}[page]
    links.write_int(name, links.read_int(name, 0, 0, 8), 0)
    st.text(str(links.read_int(name, 0, 0, 8)))


def test_a_parameter_of_another_page_is_no_link_to_this_one() -> None:
    at = AppTest.from_function(_two_pages)
    at.query_params["step"] = "5"
    at.run()
    at.session_state["page"] = "second"
    at.query_params["run"] = "3"
    at.run()
    # Back on the first page, with what the second one has left in the URL.
    at.session_state["page"] = "first"
    at.query_params.clear()
    at.query_params["run"] = "3"
    at.run()
    assert at.text[0].value == "5"
    assert "run" not in at.query_params


def test_a_choice_keeps_its_word_in_the_url() -> None:
    at = _open()
    at.selectbox[0].select("reflect").run()
    assert at.query_params["mode"] == "reflect"
    at.selectbox[0].select("zeros").run()
    assert "mode" not in at.query_params
