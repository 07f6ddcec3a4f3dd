"""The house keeps its own rules: pages are listed, thin, and framed."""

import ast
import tomllib
from pathlib import Path

import pytest

from cnnlab.ui.shell.page_list import PAGES

ROOT = Path(__file__).parents[1]
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
MODULES = sorted((ROOT / "cnnlab").rglob("*.py"))

# What a training process is made of needs torch at its top, and is itself only imported inside of functions.
NEEDS_TORCH = {f"cnnlab.training.{name}" for name in ("trainer", "batches", "fast_layers", "optimizers")}


def test_every_page_file_is_listed_once() -> None:
    assert sorted(page.key for page in PAGES) == [script.stem for script in SCRIPTS[1:]]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_is_thin(script: Path) -> None:
    assert len(script.read_text("utf-8").splitlines()) <= 90


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_starts_with_the_frame(script: Path) -> None:
    statements = [node for node in ast.parse(script.read_text("utf-8")).body if isinstance(node, ast.Expr)]
    calls = [node.value for node in statements if isinstance(node.value, ast.Call)]
    assert ast.unparse(calls[0].func) == "frame"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_torch_when_it_is_imported(module: Path) -> None:
    if ".".join(module.relative_to(ROOT).with_suffix("").parts) in NEEDS_TORCH:
        return
    tree = ast.parse(module.read_text("utf-8"))
    top_level = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top_level if isinstance(node, ast.Import) for alias in node.names}
    for node in top_level:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    assert not [name for name in names if name.split(".")[0] in {"torch", "torchvision"} or name in NEEDS_TORCH]


def test_only_the_user_interface_imports_streamlit() -> None:
    users = [path for path in MODULES if "streamlit" in _imported(path)]
    assert all(path.is_relative_to(ROOT / "cnnlab" / "ui") for path in users)
    assert users, "the search above finds nothing any more"


def test_types_are_strict_everywhere_but_in_the_user_interface() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("cnnlab/*/__init__.py")}
    strict = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pyright"]["strict"])
    assert strict == (folders - {"cnnlab/ui"}) | {"cnnlab/*.py"}


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("script", sorted((ROOT / "cnnlab").rglob("*.js")), ids=lambda path: path.name)
def test_a_component_writes_texts_and_reads_no_html(script: Path) -> None:
    forbidden = ("innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "document.write", "eval(")
    assert not [word for word in forbidden if word in script.read_text("utf-8")]


EXPLAINING = {ROOT / "cnnlab" / name for name in ("lessons", "figures", "layers", "ops")}
READERS = {"float", "int", "Fraction", "Decimal", "parse_number"}
WRITERS = ("show_", "format_", "number_text", "_written", "_few_digits", "_result")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_number_is_read_back_from_what_was_written_for_people(module: Path) -> None:
    found = numbers_read_back(module.read_text("utf-8"), explains=not EXPLAINING.isdisjoint(module.parents))
    # Rounding to some digits is what writing does, and `rounded` is where it is done.
    allowed = {"float(f'{number:.{digits}g}')"} if module.name == "number_text.py" else set[str]()
    assert set(found) == allowed


@pytest.mark.parametrize(
    "line",
    [
        "return float(show_number(x))",
        "text = show_number(x)\n    return float(text)",
        "return int(f'{x:.0f}')",
        "return float(written)",
        "return parse_number(str(format_number(x)))",
    ],
)
def test_the_search_for_numbers_that_are_read_back_finds_them(line: str) -> None:
    assert numbers_read_back(f"def f(x: float, written: str):\n    {line}\n", explains=True)


def numbers_read_back(source: str, *, explains: bool) -> list[str]:
    """Calls that make a number of a text that the same function wrote or, where numbers are explained, was given.

    What people type is read by `parse_number` there, which says what is wrong with it.
    """
    found: list[str] = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        given = {arg.arg for arg in function.args.args if arg.annotation and ast.unparse(arg.annotation) == "str"}
        made = {
            ast.unparse(node.targets[0])
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _writes(node.value)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS and len(node.args) == 1:
                text = ast.unparse(node.args[0])
                is_given = explains and text in given and ast.unparse(node.func) != "parse_number"
                if _writes(node.args[0]) or text in made or is_given:
                    found.append(ast.unparse(node))
    return found


def _writes(node: ast.AST) -> bool:
    calls = [ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)]
    return any(name.startswith(WRITERS) for name in calls) or isinstance(node, ast.JoinedStr)
