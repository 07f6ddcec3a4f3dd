"""What a component is sent: parts by their marks, and numbers as bytes, which the browser reads as they were."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from benchmarks._sent import marks_of, open_parts
from cnnlab.ui.components.parts import FEW, Column, held, parts, whole
from tests.test_browser_units import node

__all__ = ["node"]  # a fixture

ROOT = Path(__file__).parents[1]
NUMBERS = st.one_of(
    st.integers(-300, 300).map(float),
    st.floats(-1e15, 1e15),
    st.floats(-2, 2).map(lambda number: round(number, 5)),
    st.just(float("nan")),
)


def sent_and_read(data: dict[str, Any]) -> dict[str, Any]:
    return open_parts(parts({"boards": [], **data}), {})


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=6), elements=NUMBERS))
def test_numbers_arrive_to_ten_decimals(array: NDArray[np.float64]) -> None:
    read = np.array(sent_and_read({"numbers": array})["numbers"], dtype=np.float64)
    assert read.shape == array.shape
    np.testing.assert_allclose(read, array, rtol=1e-15, atol=0.5e-10)


@given(arrays(np.int64, array_shapes(max_dims=2, max_side=6), elements=st.integers(-(2**53), 2**53)))
def test_whole_numbers_arrive_exactly(array: NDArray[np.int64]) -> None:
    assert np.array_equal(np.array(sent_and_read({"numbers": array})["numbers"], dtype=np.int64), array)


@given(arrays(np.float32, 40, elements=st.floats(-(2.0**99), 2.0**99, width=32)))
def test_floats_of_four_bytes_arrive_to_seven_digits(array: NDArray[np.float32]) -> None:
    read = np.array(sent_and_read({"numbers": array})["numbers"])
    np.testing.assert_allclose(read, array.astype(np.float64), rtol=0.5e-6)
    assert len(parts({"numbers": array})) < 4 * array.size + 100


@given(arrays(st.sampled_from([np.float32, np.float64]), st.integers(0, 20)))
def test_a_column_arrives_to_the_last_bit(array: NDArray[np.floating]) -> None:
    for sent in (parts({"part": {"loss": Column(array)}}), whole({"part": {"loss": Column(array)}})):
        read = open_parts(sent, {})["part"]["loss"]
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=20), st.integers(1, 9), st.integers(1, 200))
def test_a_column_of_whole_numbers_arrives_as_it_was(some: list[int], stride: int, last: int) -> None:
    regular = np.append(np.arange(stride, last, stride), last)
    for array in (np.array(some, np.int64), np.array(sorted(set(some)), np.int64), regular, regular - 1):
        read = open_parts(whole({"steps": Column(array)}), {})["steps"]
        np.testing.assert_array_equal(read, array)
    if regular.size > 2:
        assert len(whole({"steps": Column(regular)})) < 80, "their distance says all"


@given(st.lists(st.text("ab é\ud83d", max_size=5), min_size=FEW + 1, max_size=FEW + 9))
def test_lines_arrive_as_they_were(lines: list[str]) -> None:
    around = [f"Gradient after {line} steps" for line in lines]
    assert sent_and_read({"titles": around, "plain": lines}) == {"titles": around, "plain": lines, "boards": {}}


def test_lines_that_begin_and_end_alike_cost_what_is_between() -> None:
    titles = [f"Gradient of w11 after {step} steps: error × input, added up" for step in range(100)]
    assert len(parts({"titles": titles})) < 100 * len('"99",') + 150


def test_each_step_has_the_bytes_that_its_numbers_need() -> None:
    coming_to_rest = np.array([[300.25] * 20] + [[0.25] * 20] * 50)
    assert len(parts({"numbers": coming_to_rest})) < 20 * 3 + 50 * 21 + 120


def test_a_part_that_is_held_goes_as_its_mark() -> None:
    data = {
        "boards": [],
        "words": {"tip": "Type into the input, please, and see."},
        "numbers": np.arange(50),
        "step": 3,
    }
    kept: dict[str, Any] = {}
    first = parts(data)
    assert open_parts(first, kept)["numbers"] == list(range(50))
    second = parts(data | {"step": 4}, marks_of(first))
    assert open_parts(second, kept) == open_parts(first, {}) | {"step": 4}
    assert len(second) < 120
    changed = parts(data | {"numbers": np.arange(1, 51)}, marks_of(first))
    assert open_parts(changed, kept)["numbers"] == list(range(1, 51))
    assert len(second) + 50 < len(changed) < len(first)


def test_one_other_number_is_another_part() -> None:
    array = np.zeros(FEW + 1)
    other = array.copy()
    other[-1] = 1
    assert marks_of(parts({"numbers": array})) != marks_of(parts({"numbers": other}))
    # The same bytes, in another shape.
    assert marks_of(parts({"n": np.zeros((4, 5))})) != marks_of(parts({"n": np.zeros((5, 4))}))


def test_only_a_list_of_texts_is_held() -> None:
    assert held(["a", "b"]) == {"a", "b"}
    for told in (None, "ab", {"a": 1}, 3, ["a"] * 1000):
        assert held(told) == frozenset()
    assert held(["a", 3, None, ["b"]]) == {"a"}


def opened_by_node(node: Path, file: Path) -> dict[str, Any]:
    """What the browser's module makes of a file of bytes."""
    script = f"""
        import {{ open }} from {json.dumps((ROOT / "cnnlab/ui/components/lib/parts.js").as_uri())};
        import {{ readFileSync }} from "node:fs";
        console.log(JSON.stringify(open(readFileSync({json.dumps(str(file))})).whole.data));
    """
    command = [node, "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)


def test_the_browser_reads_what_was_written(node: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    sizes = 10.0 ** random.integers(-6, 15, 60)
    data = {
        "boards": [],
        "kernel": random.normal(size=(3, 4, 5)).round(5),
        "steps": random.integers(-300, 300, (30, 2)),
        "far": (random.normal(size=60) * sizes).astype(np.float32),
        "exact": random.normal(size=40) * 1e9,
        "some": np.where(random.random((5, 8)) < 0.3, np.nan, random.normal(size=(5, 8)).round(2)),
        "few": np.array([1.5, np.nan]),
        "errors": [{"row": 0, "column": 1, "lines": 2, "every": 3, "packed": 4}],
        "titles": [f"after {step} step{'s' * (step != 1)}: added up" for step in range(30)],
        "text": {"이름": "합성곱 − 커널"},
    }
    sent = parts(data)
    (tmp_path / "sent").write_bytes(sent)
    assert opened_by_node(node, tmp_path / "sent") == open_parts(sent, {}) | {"boards": []}


def test_half_of_a_pair_of_utf16_arrives(node: Path, tmp_path: Path) -> None:
    data = {"boards": [], "typed": {"text": "x" * 40 + "\ud83d", "whole": "\U0001f642" * 20}}
    sent = parts(data)
    (tmp_path / "sent").write_bytes(sent)
    assert opened_by_node(node, tmp_path / "sent") == open_parts(sent, {}) | {"boards": []}


@pytest.mark.parametrize("number", [float("inf"), float("-inf")])
def test_what_is_no_number_in_json_is_refused_here(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        parts({"boards": [], "few": np.array([number])})


def test_very_large_numbers_arrive_without_a_warning() -> None:
    array = np.array([1e300, -1e300, 0.5] * 10)
    assert sent_and_read({"numbers": array})["numbers"] == array.tolist()
