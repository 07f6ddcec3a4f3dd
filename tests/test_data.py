"""Every data set that has a name, and those in .npz files of one's own."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnnlab import DataError, Dataset, load_dataset
from cnnlab.data import DATASETS, FILE_KINDS, Source, data_facts, files, mini, register

ROOT = Path(__file__).parents[1]
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


@pytest.fixture(params=[name for name, source in DATASETS.items() if source.is_ready()])
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return load_dataset(request.param)


# Every data set that is here.


def test_a_data_set_has_bytes_and_labels_of_its_classes(dataset: Dataset) -> None:
    assert DATASETS[dataset.name].line
    for pictures, labels in ((dataset.x_train, dataset.y_train), (dataset.x_test, dataset.y_test)):
        assert pictures.dtype == np.uint8
        assert pictures.shape == (len(labels), *dataset.image_shape)
        assert labels.dtype == np.int64
        assert set(labels.tolist()) == set(range(dataset.num_classes))


def test_a_data_set_is_shared_and_read_only(dataset: Dataset) -> None:
    assert load_dataset(dataset.name) is dataset
    for name in ARRAYS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(dataset, name)[0] = 0


def test_mean_and_standard_deviation_are_those_of_the_training_pictures(dataset: Dataset) -> None:
    pixels = dataset.x_train / np.float32(255)
    np.testing.assert_allclose(dataset.mean, pixels.mean(axis=(0, 2, 3), dtype=np.float64), rtol=1e-5)
    np.testing.assert_allclose(dataset.std, pixels.std(axis=(0, 2, 3), dtype=np.float64), rtol=1e-5)
    assert all(type(number) is float for number in dataset.mean + dataset.std)


# cifar10-mini.


@pytest.mark.parametrize(("part", "per_class"), [("train", 500), ("test", 100)])
def test_the_decoded_sheets_are_what_the_manifest_says_about_the_source(part: str, per_class: int) -> None:
    dataset = load_dataset("cifar10-mini")
    pictures, labels = getattr(dataset, f"x_{part}"), getattr(dataset, f"y_{part}")
    facts = mini.manifest()[part]
    assert np.bincount(labels).tolist() == [per_class] * 10
    assert "".join(map(str, labels.tolist())) == facts["labels"]
    first = [int(pictures[labels == label][0].sum()) for label in range(10)]
    assert first == facts["first_image_sums"]
    assert hashlib.sha256(pictures.tobytes()).hexdigest() == facts["sha256"]


def test_the_first_labels_are_those_everybody_knows() -> None:
    dataset = load_dataset("cifar10-mini")
    # CIFAR-10 begins with a frog and two trucks; its test part with a cat and two ships.
    assert [dataset.classes[label] for label in dataset.y_train[:3]] == ["frog", "truck", "truck"]
    assert [dataset.classes[label] for label in dataset.y_test[:3]] == ["cat", "ship", "ship"]


def test_the_embedded_pictures_are_found_from_everywhere_and_without_torch(tmp_path: Path) -> None:
    code = "import cnnlab, sys; print(len(cnnlab.load_dataset('cifar10-mini').x_train), 'torch' in sys.modules)"
    root = str(Path(mini.__file__).parents[2])
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
    )
    assert answer.stdout.split() == ["5000", "False"], answer.stderr


def test_the_embedded_pictures_stay_small_and_tell_their_origin() -> None:
    assert sum(path.stat().st_size for path in mini.FOLDER.iterdir()) < 11e6
    assert "Learning Multiple Layers of Features from Tiny Images" in (mini.FOLDER / "ORIGIN.md").read_text("utf-8")


def test_a_missing_sheet_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mini, "FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"manifest\.json of the embedded cifar10-mini pictures is missing or damaged"):
        mini.load.__wrapped__()
    (tmp_path / "manifest.json").write_text(json.dumps({"train": {"labels": "0"}, "test": {"labels": "0"}}))
    (tmp_path / "train-airplane.webp").write_bytes(b"RIFF")
    with pytest.raises(
        DataError, match=r"train-airplane\.webp of the embedded cifar10-mini pictures is missing or damaged"
    ):
        mini.load.__wrapped__()


def run_script(*arguments: Path) -> subprocess.CompletedProcess[str]:
    """Give the command that ORIGIN.md documents, in the repository's root."""
    origin = (mini.FOLDER / "ORIGIN.md").read_text("utf-8")
    (module,) = re.findall(r"^    python -m (\S+) CIFAR10\.npz$", origin, re.MULTILINE)
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_the_script_takes_the_first_of_each_class_without_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"train": 510, "test": 104}  # of each class, so that some are left over
    arrays: dict[str, np.ndarray] = {}
    for part, count in counts.items():
        labels = np.random.default_rng(count).permutation(np.repeat(np.arange(10), count))
        shades = np.arange(len(labels), dtype=np.int64)[:, None] // (1, 256, 7) % 256  # a plain colour for each picture
        arrays |= {f"y_{part}": labels, f"x_{part}": np.tile(shades.astype(np.uint8)[..., None, None], (32, 32))}
    source = tmp_path / "small.npz"
    np.savez_compressed(source, **arrays)
    done = run_script(source, tmp_path / "made")
    assert done.stdout.startswith("20 sheets, "), done.stderr
    monkeypatch.setattr(mini, "FOLDER", tmp_path / "made")
    made = mini.load.__wrapped__()
    for part, count in mini.PER_CLASS.items():
        labels = arrays[f"y_{part}"]
        first = np.sort(np.concatenate([np.flatnonzero(labels == label)[:count] for label in range(10)]))
        assert np.array_equal(getattr(made, f"x_{part}"), arrays[f"x_{part}"][first])
        assert np.array_equal(getattr(made, f"y_{part}"), labels[first])


def test_the_script_refuses_too_few_pictures_in_one_sentence(tmp_path: Path) -> None:
    labels = np.arange(20) % 10
    pictures = np.zeros((20, 3, 32, 32), np.uint8)
    np.savez(tmp_path / "tiny.npz", x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    done = run_script(tmp_path / "tiny.npz", tmp_path / "made")
    assert done.returncode == 1
    assert "has only 2 train pictures of class 0 (airplane), but 500 are taken: give the whole" in done.stderr
    assert done.stderr.count("\n") == 1


# The registry.


def test_an_unknown_name_is_answered_with_what_there_is() -> None:
    with pytest.raises(DataError, match=r"no data set and no file 'cifar11'.*are cifar10-mini and cifar10\. .*\.npz"):
        load_dataset("cifar11")


@pytest.mark.parametrize("name", ["", "no\x00name", "~nobody-has-this-name/x", "x" * 5000])
def test_strange_names_are_answered_in_words(name: str) -> None:
    with pytest.raises(DataError, match="no data set and no file"):
        load_dataset(name)


@pytest.mark.parametrize("thing", [None, 5, b"cifar10-mini", ["cifar10-mini"], np.zeros(3)])
def test_what_is_no_name_is_answered_with_what_there_is(thing: object) -> None:
    with pytest.raises(DataError, match=r"is neither the name of a data set nor a path\. .* cifar10-mini and .*\.npz"):
        load_dataset(thing)  # type: ignore[arg-type]


def test_a_data_set_of_lists_is_refused_in_words() -> None:
    pictures, labels = np.zeros((1, 3, 4, 4), np.uint8), np.zeros(1, np.int64)
    with pytest.raises(DataError, match=r"x_train is \[1, 2\]: use a NumPy array"):
        Dataset("mine", [1, 2], labels, pictures, labels, ("a",))  # type: ignore[arg-type]
    with pytest.raises(DataError, match="y_test is None: use a NumPy array"):
        Dataset("mine", pictures, labels, pictures, None, ("a",))  # type: ignore[arg-type]


@pytest.mark.parametrize("classes", [None, 10, "ab", ("a", 2), {"a": 0}])
def test_classes_without_names_are_refused_in_words(classes: object) -> None:
    pictures, labels = np.zeros((1, 3, 4, 4), np.uint8), np.zeros(1, np.int64)
    with pytest.raises(DataError, match=rf"The classes are {re.escape(repr(classes))}: use a tuple of names, \('cat'"):
        Dataset("mine", pictures, labels, pictures, labels, classes)  # type: ignore[arg-type]
    assert Dataset("mine", pictures, labels, pictures, labels, ["a"]).classes == ("a",)  # type: ignore[arg-type]


def test_a_file_of_another_kind_is_answered_with_the_kinds(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    for path in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(DataError, match=r"is not a data set that cnnlab reads\. cnnlab reads") as refusal:
            load_dataset(path)
        assert all(kind.description in str(refusal.value) for kind in FILE_KINDS)


def test_a_name_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnlab.data.DATASETS", dict(DATASETS))
    with pytest.raises(DataError, match="There is already a data set with the name 'cifar10'"):
        register(Source("cifar10", "again", load=mini.load, is_ready=lambda: True))
    register(Source("another", "", load=mini.load, is_ready=lambda: True))
    assert load_dataset("another") is load_dataset("cifar10-mini")


# .npz files.


def keras_arrays(count: int = 6, shape: tuple[int, ...] = (8, 9, 3)) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (count, *shape), np.uint8),
        "y_train": (np.arange(count) % 3).astype(np.uint8).reshape(-1, 1),
        "x_test": rng.integers(0, 256, (3, *shape), np.uint8),
        "y_test": np.arange(3),
    }


def save(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flowers.npz"


def test_keras_layout_becomes_channels_first(path: Path) -> None:
    arrays = keras_arrays()
    dataset = load_dataset(save(path, arrays))
    assert dataset.name == "flowers"
    assert dataset.image_shape == (3, 8, 9)
    assert np.array_equal(dataset.x_train, arrays["x_train"].transpose(0, 3, 1, 2))
    assert dataset.x_train.flags.c_contiguous
    assert dataset.y_train.tolist() == [0, 1, 2, 0, 1, 2]
    assert dataset.y_train.dtype == np.int64
    assert dataset.classes == ("0", "1", "2")


@pytest.mark.parametrize(
    ("shape", "image_shape"),
    [((3, 8, 9), (3, 8, 9)), ((1, 8, 9), (1, 8, 9)), ((8, 9, 1), (1, 8, 9)), ((8, 9), (1, 8, 9))],
)
def test_other_layouts(path: Path, shape: tuple[int, ...], image_shape: tuple[int, ...]) -> None:
    arrays = keras_arrays(shape=shape)
    dataset = load_dataset(save(path, arrays))
    assert dataset.image_shape == image_shape
    assert dataset.x_test.sum() == arrays["x_test"].sum()


def test_compressed_files_and_fortran_order_are_read(path: Path) -> None:
    arrays = {name: np.asfortranarray(array) for name, array in keras_arrays().items()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    assert np.array_equal(load_dataset(path).x_train, arrays["x_train"].transpose(0, 3, 1, 2))


def test_classes_can_have_names(path: Path) -> None:
    dataset = load_dataset(save(path, {**keras_arrays(), "classes": np.array(["rose", "tulip", "튤립", "none"])}))
    assert dataset.classes == ("rose", "tulip", "튤립", "none")


def test_a_changed_file_is_loaded_anew(path: Path) -> None:
    first = load_dataset(save(path, keras_arrays()))
    assert load_dataset(path) is first
    assert len(load_dataset(save(path, keras_arrays(count=12))).x_train) == 12


def test_a_channel_without_variation_can_be_divided_by(path: Path) -> None:
    arrays = keras_arrays()
    arrays["x_train"][..., 2] = 7
    dataset = load_dataset(save(path, arrays))
    assert dataset.std[2] == 1.0
    assert dataset.mean[2] == pytest.approx(7 / 255)


REFUSED = {
    "no test part": ({"x_test": None, "y_test": None}, "lacks x_test and y_test: an .npz data set has the keys"),
    "floats": (
        {"x_train": np.zeros((6, 8, 9, 3), np.float32)},
        r"x_train holds float32, but pictures are uint8, from 0 to 255: save \(255 \* x_train\)",
    ),
    "flat": ({"x_train": np.zeros((6, 192), np.uint8)}, r"x_train has the shape \(6, 192\), but pictures come as"),
    "none": ({"x_test": np.zeros((0, 8, 9, 3), np.uint8)}, r"x_test has the shape \(0, 8, 9, 3\).*one at least"),
    "no channels": (
        {"x_train": np.zeros((6, 8, 9, 4), np.uint8)},
        r"neither axis 1 nor axis 3 has the size 1 \(grey\) or 3 \(colour\)",
    ),
    "ambiguous": (
        {"x_train": np.zeros((6, 3, 9, 3), np.uint8)},
        r"both axis 1 \(of size 3\) and axis 3 \(of size 3\) could be the channels\. Save wider pictures",
    ),
    "another size": (
        {"x_test": np.zeros((3, 9, 9, 3), np.uint8)},
        r"Training pictures have the shape \(3, 8, 9\), test",
    ),
    "one-hot": (
        {"y_train": np.eye(6, dtype=np.int64)},
        r"labels are one whole number per picture: save y_train.argmax",
    ),
    "too few labels": ({"y_train": np.zeros(5, np.int64)}, r"y_train has the shape \(5,\), but there are 6 pictures"),
    "float labels": ({"y_test": np.zeros(3)}, r"y_test holds float64, but labels are whole numbers from 0 on"),
    "negative": (
        {"y_test": np.array([0, -1, 2])},
        r"y_test has labels from -1 to 2, but cnnlab takes at most 1000 classes, numbered from 0 on",
    ),
    "huge label": ({"y_test": np.array([0, 1, 10**9])}, "from 0 to 1000000000, but cnnlab takes at most 1000"),
    "wrapped label": (
        {"y_test": np.array([0, 1, 2**64 - 1], np.uint64)},
        "y_test has labels from 0 to 18446744073709551615",
    ),
    "label without class": (
        {"classes": np.array(["a", "b"])},
        "flowers.npz has labels up to 2, but 2 names in classes: number the labels from 0 on",
    ),
    "same names": ({"classes": np.array(["a", "b", "b"])}, "more than one 'b' in classes"),
    "empty name": (
        {"classes": np.array(["a", " ", "b"])},
        "class name ' ' cannot be used: a name has 1 to 80 printable",
    ),
    "terminal codes": ({"classes": np.array(["a", "\x1b[31mred", "b"])}, r"class name '\\x1b\[31mred' cannot be used"),
    "numbers as names": ({"classes": np.arange(3)}, "classes must be a list of names, not int64"),
    "many classes": (
        {"classes": np.array([str(i) for i in range(1001)])},
        "There are 1001 names in classes, but .* at most 1000",
    ),
    "objects": ({"y_test": np.array([0, 1, None])}, "y_test holds Python objects, which could run code"),
    "object names": ({"classes": np.array(["a", None, "b"])}, "classes holds Python objects"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_npz_is_refused_in_words(path: Path, name: str) -> None:
    changes, words = REFUSED[name]
    arrays = {key: array for key, array in {**keras_arrays(), **changes}.items() if array is not None}
    with pytest.raises(DataError, match=words):
        load_dataset(save(path, arrays))


LABELS = {
    "text": ([*"cabcab"], [*"bca"]),
    "text of columns": ([[name] for name in "cabcab"], [[name] for name in "bca"]),
    "bytes": ([b"cat", b"dog"] * 3, [b"dog", b"cat", b"cat"]),
    "text of numbers": ([*"123123"], [*"312"]),
    "a class in the test part only": ([*"ababab"], [*"abc"]),
    "dates": (np.array(["2026-01-01", "2026-01-02"] * 3, "datetime64[D]"), np.array(["2026-01-02"] * 3, "datetime64")),
    "floats": ([0.0, 1.0, 2.0] * 2, [0.0, 1.0, 2.0]),
    "bools": ([True, False] * 3, [True, False, True]),
    "from 1 on": ([1, 2, 3] * 2, [3, 1, 2]),
    "from 7 on": ([7, 8] * 3, [7, 7, 8]),
    "years": ([2024, 2025] * 3, [2024, 2025, 2026]),
    "below 0": ([-1, 1] * 3, [-1, -1, 1]),
    "a gap": ([0, 1, 3] * 2, [0, 0, 1]),
    "gaps": ([0, 5, 9] * 2, [0, 0, 5]),
}


@pytest.mark.parametrize("name", LABELS)
def test_the_advice_about_labels_gives_a_data_set_without_empty_classes(path: Path, name: str) -> None:
    given = [np.array(labels) for labels in LABELS[name]]
    arrays = {**keras_arrays(), "y_train": given[0], "y_test": given[1]}
    for _ in range(2):  # labels of one kind may be refused in both parts
        try:
            dataset = load_dataset(save(path, arrays))
            break
        except DataError as error:
            with pytest.raises(DataError, match=re.escape(str(error))):
                data_facts(path)
            names = {"np": np, **arrays}
            for code, target in re.findall(r"`([^`]+)`(?: as (\w+))?", str(error)):
                if code.endswith("astype('int64')"):
                    target = code.split(".")[0]
                exec(code if not target else f"new_{target} = {code}", names)
            arrays |= {key[4:]: names[key] for key in list(names) if key.startswith("new_")}
    else:
        dataset = load_dataset(save(path, arrays))
    labels = np.concatenate([dataset.y_train, dataset.y_test])
    before = np.concatenate([given[0].ravel(), given[1].ravel()])
    assert set(labels.tolist()) == set(range(dataset.num_classes))
    assert np.array_equal(labels, np.unique(before, return_inverse=True)[1])


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        (
            [1, 2, 3] * 2,
            [1, 2, 3],
            "has labels from 1 to 3, but labels are numbered from 0 on: save `y_train - 1` as y_train",
        ),
        (
            [4, 5] * 3,
            [4, 5, 6],
            r"labels from 4 to 6, but labels are numbered from 0 on: save `y_train - 4`.*`y_test - 4`",
        ),
        ([0, 2] * 3, [0, 2, 2], r"labels up to 2, but no picture has the label 1\. Take"),
        (
            [0, 9] * 3,
            [0, 2, 9],
            r"no picture has the label 1, 3, 4, 5, 6 or 2 others\. Take .* If that is intended, add classes",
        ),
    ],
)
def test_an_empty_class_is_named(path: Path, train: list[int], test: list[int], words: str) -> None:
    arrays = {**keras_arrays(), "y_train": np.array(train), "y_test": np.array(test)}
    for read in (load_dataset, data_facts):
        with pytest.raises(DataError, match=words):
            read(save(path, arrays))
    names = np.array([f"class {number}" for number in range(max(train + test) + 1)])
    assert load_dataset(save(path, {**arrays, "classes": names})).classes == tuple(names.tolist())


@pytest.mark.parametrize("lowest", [1, 2, 3])
def test_labels_from_1_on_with_as_many_names_are_told_what_to_subtract(path: Path, lowest: int) -> None:
    labels = [max(label, lowest) for label in (1, 2, 3)]
    arrays = {**keras_arrays(), "y_train": np.array(labels * 2), "y_test": np.array(labels)}
    with pytest.raises(DataError, match=f"from {lowest} to 3, but labels are numbered from 0 on: save `y_train - 1`"):
        load_dataset(save(path, {**arrays, "classes": np.array([*"abc"])}))


def npz_with(path: Path, key: str, content: bytes) -> Path:
    """A sound file in which one member is replaced by these bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in keras_arrays().items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            archive.writestr(f"{name}.npy", content if name == key else buffer.getvalue())
    return path


def npy_header(shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def test_a_header_that_promises_too_much_is_refused_before_it_is_believed(path: Path) -> None:
    npz_with(path, "x_train", npy_header((1_000_000, 3, 100, 100)) + b"little")
    with pytest.raises(
        DataError, match=r"would fill more than 2 GB of memory \(x_train has the shape \(1000000, 3, 100"
    ):
        load_dataset(path)
    npz_with(path, "x_train", npy_header((100, 3, 100, 100)) + b"little")
    with pytest.raises(DataError, match=r"x_train in flowers\.npz is cut short"):
        load_dataset(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"noise",
        b"\x93NUMPY\x09\x00",
        b"\x93NUMPY\x03\x00",
        npy_header((6, 8))[:40],
        npy_header((-6,)),
        b"\x93NUMPY\x01\x00\x28\x23" + b"(" * 9000,
    ],
)
def test_members_that_are_no_arrays_are_refused(path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match=r"y_train|flowers\.npz cannot be read \([^\n]{1,80}\): make it again"):
        load_dataset(npz_with(path, "y_train", content))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x93NUMPY"])
def test_files_that_are_no_archives_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"flowers\.npz is not a complete \.npz file .*numpy\.savez"):
        load_dataset(path)


@pytest.mark.parametrize("compressed", [True, False])
def test_damaged_and_truncated_files_never_give_another_error(path: Path, compressed: bool) -> None:
    (np.savez_compressed if compressed else np.savez)(path, **keras_arrays())  # type: ignore[arg-type]
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(300):
        spoilt = bytearray(whole)
        for place in rng.integers(0, len(whole), rng.integers(1, 6)):
            spoilt[place] = rng.integers(0, 256)
        path.write_bytes(spoilt[: rng.integers(1, len(whole))] if rng.random() < 0.3 else spoilt)
        try:
            dataset = files.read_npz(path)
        except DataError:
            continue
        assert dataset.x_train.dtype == np.uint8


# What is known of a data set without its pictures.


def test_facts_are_those_of_the_loaded_data_set(dataset: Dataset) -> None:
    assert data_facts(dataset.name) == dataset.facts


@pytest.mark.parametrize("shape", [(9, 3, 8, 10), (9, 8, 10, 3), (9, 1, 8, 10), (9, 8, 10)])
def test_the_facts_of_a_file_are_those_of_its_data_set(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "mine.npz"
    pictures, labels = np.zeros(shape, np.uint8), np.arange(9) % 4
    np.savez_compressed(path, x_train=pictures, y_train=labels, x_test=pictures[:5], y_test=labels[:5])
    assert data_facts(path) == load_dataset(path).facts
    assert data_facts(str(path)).num_classes == 4
    names = [*"abcdef"]
    np.savez(path, x_train=pictures, y_train=labels, x_test=pictures[:5], y_test=labels[:5], classes=names)
    assert data_facts(path).num_classes == 6, "another file under the same name is read anew"


def test_facts_are_told_without_reading_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.npz"
    pictures, labels = np.zeros((9, 3, 8, 8), np.uint8), np.arange(9)
    np.savez(path, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    read, keys = files._read_array, []
    monkeypatch.setattr(files, "_read_array", lambda archive, key: (keys.append(key), read(archive, key))[1])
    data_facts(path)
    assert keys == ["y_train", "y_test"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"x_test": np.zeros((9, 3, 8, 9), np.uint8)}, "both parts need pictures of one size"),
        ({"classes": ["a", "b"]}, "mine.npz has labels up to 8, but 2 names in classes"),
        ({"y_train": np.arange(9.0)}, "y_train holds float64, but labels are whole numbers"),
    ],
)
def test_facts_of_a_file_that_cannot_be_used_are_refused(tmp_path: Path, changes: dict, sentence: str) -> None:
    path = tmp_path / "mine.npz"
    pictures, labels = np.zeros((9, 3, 8, 8), np.uint8), np.arange(9)
    np.savez(path, **({"x_train": pictures, "y_train": labels, "x_test": pictures, "y_test": labels} | changes))
    with pytest.raises(DataError, match=sentence):
        data_facts(path)
    path.write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"mine\.npz is not a complete \.npz file"):
        data_facts(path)
