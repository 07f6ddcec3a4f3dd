"""A page of the lab without a browser: opened by its link, run again, and what its components were given.

A test file of a page begins with

    open_page = partial(open_at, "pooling", "pool_")
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from benchmarks._sent import open_parts
from cnnlab.ui.components.grid_lab import cell_text
from cnnlab.ui.state.grid_page import GridPage

ROOT = Path(__file__).parents[2]


def open_at(page: str, prefix: str = "", /, **parameters: str) -> AppTest:
    """Open a page by a link with these parameters, whose names all begin with `prefix`."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params.update({f"{prefix}{name}": value for name, value in parameters.items()})
    at.switch_page(f"pages/{page}.py")
    return rerun(at)


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def components(at: AppTest) -> list[dict[str, Any]]:
    """The data of the page's components, in the page's order; the frame's is not the page's."""
    parts = [part.proto for part in at.get("bidi_component")]
    return [_data(part) for part in parts if part.component_name != "cnnlab.frame"]


def _data(proto: Any) -> dict[str, Any]:
    """What a component draws; the grids as a browser has them that held nothing, and the line of each step whole."""
    if proto.WhichOneof("data") == "json":
        return json.loads(proto.json)
    parts = open_parts(proto.bytes, {})
    if "boards" not in parts:
        return parts
    tails = parts["tails"]
    if "line" in tails:
        parts["tails"] = [
            _filled(tails["line"], dict(zip(tails["open"], step, strict=True))) for step in tails["steps"]
        ]
    return {"grid": parts}


def _filled(line: list[list[Any]], numbers: dict[int, Any]) -> list[list[Any]]:
    return [[kind, numbers.get(place, what)] for place, (kind, what) in enumerate(line)]


def grid(at: AppTest) -> dict[str, Any]:
    return next(data["grid"] for data in components(at) if "grid" in data)


def board(at: AppTest, name: str) -> dict[str, Any]:
    return grid(at)["boards"][name]


def tail(at: AppTest, step: int = 0) -> str:
    """The line that the sum of a step ends in."""
    return " ".join(str(what) for _, what in grid(at)["tails"][step])


def tell(grids: GridPage, at: AppTest, /, **states: dict[str, Any]) -> AppTest:
    """Say what the grids would say; they speak about the matrices that they were last given."""
    revision = grid(at)["revision"]
    at.session_state[grids.key] = {name: {"revision": revision} | state for name, state in states.items()}
    return rerun(at)


def texts(matrix: np.ndarray) -> list[list[str]]:
    """A matrix as it stands in the cells of a grid."""
    return [[cell_text(value) for value in row] for row in matrix.tolist()]


def menu(at: AppTest, label: str = "Preset") -> Any:
    return next(box for box in at.selectbox if box.label == label)


def captions(at: AppTest) -> list[str]:
    return [caption.value for caption in at.caption]
