"""The numbers of Convolution go along to other pages."""

import pytest

from cnnlab.ui.pages.convolution.take_along import TARGETS
from tests.pages.app import grid, open_at, rerun

INPUT, KERNEL = "1,2,3,4;5,6,7,8;9,1,2,3;4,5,6,-7.5", "1,0;0,0.5"


@pytest.mark.parametrize(
    ("page", "matrices"), [("pooling", [INPUT]), ("channels", [INPUT, KERNEL]), ("learn_a_kernel", [INPUT, KERNEL])]
)
def test_a_page_opens_with_the_numbers_of_the_screen(page: str, matrices: list[str]) -> None:
    at = open_at("convolution", input=INPUT, kernel=KERNEL, padding="1")
    at.button(key=f"take_{page}").click()
    rerun(at)
    assert not [warning.value for warning in at.warning]
    shown = [each["texts"] for each in grid(at)["boards"].values() if each["kind"] == "typed"]
    for matrix in matrices:
        assert [line.split(",") for line in matrix.split(";")] in shown


def test_where_the_numbers_do_not_fit_the_button_says_why() -> None:
    size = 9
    at = open_at("convolution", input=";".join([",".join(["1"] * size)] * size))
    refused = at.button(key="take_channels")
    assert refused.disabled
    assert refused.help == "The input of that page has at most 8 rows and columns."
    assert not at.button(key="take_pooling").disabled
    kernel = ";".join(["1,2,3,4"] * 4)
    at = open_at("convolution", kernel=kernel)
    assert at.button(key="take_channels").help == "A kernel of that page has at most 3 rows and columns."
    assert [target.page for target in TARGETS if at.button(key=f"take_{target.page}").disabled] == ["channels"]
