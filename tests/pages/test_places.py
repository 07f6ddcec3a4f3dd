"""What is looked at keeps its place on the page: Streamlit begins anew what moves to another, and a field that somebody
types into has gone."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from cnnlab.ui.shell.page_list import PAGES
from tests.pages.test_teaching import LINKS, open_link

STATES = (
    "/network?net=Conv2d(3,6,5),ReLU()",
    "/network?net=Conv2d(1,6,5),ReLU(),Flatten(),Linear(400,120)&net_input=1x28x28&net_row=0",
    "/output_shape?h=3&fh=5",
    "/convolution?stride=9&padding=0",
    "/convolution?input=1,2;3,4&kernel=1,1;1,1&predict=1",
    "/channels?ch_stride=3&ch_groups=3",
    "/pooling?pool_gradient=true&pool_kind=avg",
    "/receptive_field?layers=c3,c2&unit=1,0,0",
)
"""What the notes have no link to: other networks, refused sizes, predictions."""


def components_of(block: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The name of each component below a block of a page, and its place there."""
    for index, child in getattr(block, "children", {}).items():
        if child.type == "bidi_component" and child.proto.component_name != "cnnlab.frame":
            yield child.proto.component_name, (*path, index)
        yield from components_of(child, (*path, index))


@pytest.mark.parametrize("key", [page.key for page in PAGES if page.key not in ("training", "lessons")])
def test_the_first_thing_that_is_looked_at_stands_in_one_place_whatever_is_set(key: str) -> None:
    places: dict[tuple[str, str], dict[tuple[int, ...], str]] = defaultdict(dict)
    links = [f"/{key}", *(link for link in (*LINKS, *STATES) if urlsplit(link).path == f"/{key}")]
    for link in links:
        parameters = parse_qsl(urlsplit(link).query)
        view = next((value for name, value in parameters if name.endswith("view") or name == "why"), "")
        first = next(components_of(open_link(link)._tree[0]), None)
        if first is not None:
            name, place = first
            places[view, name].setdefault(place, link)
    assert places, "the page draws nothing"
    assert all(len(links) == 1 for links in places.values()), places
