"""Text from outside is shown as text: what `shown_text` writes, and that every drawing call takes nothing else."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.delta_generator import DeltaGenerator

from cnnlab.shown_text import code, markdown, plain, visible

ROOT = Path(__file__).parents[1]
USER_INTERFACE = [
    *sorted((ROOT / "cnnlab" / "ui").rglob("*.py")),
    *sorted((ROOT / "pages").glob("*.py")),
    ROOT / "app.py",
]

# --- every text that is drawn -----------------------------------------------------------------------------------------
#
# The rule: what Streamlit draws as Markdown, or as HTML, is ours (a literal, a constant of a module), a number, or the
# result of `shown_text`. Where a number cannot be told by its name, its format says so: {count:d} refuses a text.

TEXTS = {"body", "label", "help", "text", "caption", "tabs", "options", "delta", "args", "title", "titles"}
"""Parameters that hold such a text, of Streamlit's functions and of ours."""

TAKES_NO_MARKDOWN = {"text", "code", "json", "echo", "exception", "TypedBoard"}
# fmt: off
NUMBERS = {
    "int", "float", "bool", "None", "tuple", "list", "Sequence", "NDArray", "np", "int64", "float64", "uint8",
    "Matrix", "Fraction", "Unit", "Pixel", "Shape",
}
"""Words of which the annotation of a number, or of several, is made."""

SHOWERS = {"plain", "code"}
WRITE_NUMBERS = {
    "len", "show_number", "by", "format_seconds", "short_shape", "format_shape", "int", "float", "round",
    "max", "min", "sum", "abs",
}
KEEP_SAFE = {
    "format", "removesuffix", "strip", "capitalize", "upper", "lower", "join", "values", "items", "enumerate", "zip",
    "filter", "list", "tuple", "reversed", "sorted", "next", "iter", "str", "map", "range", "dict", "groupby",
    "columns", "container", "get",
}
"""What gives nothing foreign back if it is given nothing foreign."""
# fmt: on

OURS = {
    "preset.note": "of a constant of presets.py",
    "where_it_stands(run, position)": "a message, whose template is ours",
    "chosen.note": "likewise",
    "page.title": "of a constant of pages.py",
    "page.line": "likewise",
    "_css(_FOOTER)": "a constant of ours, as a string of a style sheet",
    "_css(_UNTIL_THEN, ' ')": "likewise",
    "check.label": "where a Check is made its label is looked at",
    "change.__name__": "a function of ours, in the log of the server",
    "settings.outputs": "a whole number",
    "settings.depth": "likewise",
    "settings.groups": "likewise",
    "settings.channels": "likewise",
    "_table(costs(layer))": "its cells are code, numbers, and what plain and markdown wrote",
    "str": "what it writes is looked at",
    "st": "Streamlit itself, which columns are drawn with",
    "visible(word)": "for a select box, whose options are no Markdown",
    "verb": "one of two words, in the same file",
    "job.watch_id": "made by the server of letters and digits",
    "course.title": "for a field, which reads no Markdown",
    "step.title": "likewise",
    "step.say": "likewise",
    "step.question": "likewise",
    "step.answer": "likewise",
    "names": "of the pictures that come with the lab",
    "figures.size_formula(*axes)": "LaTeX, of numbers",
    "figures.lecture_formula(*axes)": "likewise",
    "_table(learned, other, anew)": "its cells are numbers, and what plain and markdown wrote",
    "_table(sizes)": "likewise",
    'f\'<img alt="" src="data:image/svg+xml;base64,{code}">\'': "base64 of a file of ours",
    "key or ''": "of a constant of pages.py",
}
"""Expressions that may be drawn as they are, and why."""


def test_every_text_that_is_drawn_is_ours_or_was_written_by_shown_text() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text}"
        for path in USER_INTERFACE
        for line, text in foreign(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def foreign(source: str) -> Iterator[tuple[int, str]]:
    """The line and the source of each text that is drawn, and that may come from outside."""
    tree = ast.parse(source)
    scopes = _scopes(tree)
    ours = {name: parameters for name, parameters in _ours().items() if not name.startswith("_")} | _given(tree)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            for text in _texts(call, ours):
                if not _is_safe(text, scopes.get(call, (tree,)), set()):
                    yield text.lineno, ast.unparse(text)


def _scopes(tree: ast.Module) -> dict[ast.AST, tuple[ast.AST, ...]]:
    """The functions around each node, the innermost first, and the module."""
    around: dict[ast.AST, tuple[ast.AST, ...]] = {}

    def visit(node: ast.AST, functions: tuple[ast.AST, ...]) -> None:
        around[node] = functions
        inner = (node, *functions) if isinstance(node, ast.FunctionDef | ast.Lambda) else functions
        for child in ast.iter_child_nodes(node):
            visit(child, inner)

    visit(tree, (tree,))
    return around


def _texts(call: ast.Call, ours: dict[str, list[str]]) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    is_method = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in {
        "links",
        "controls",
        "figures",
    }
    names = _drawing()[name] if is_method and name in _drawing() else ours.get(name, [])
    if name in TAKES_NO_MARKDOWN:
        return
    for place, text in enumerate(call.args):
        if names and (names[min(place, len(names) - 1)] in TEXTS):
            yield text.value if isinstance(text, ast.Starred) else text
    for keyword in call.keywords:
        if keyword.arg in TEXTS - {"args"} and (names or keyword.arg in {"help", "label"}):
            yield keyword.value


@cache
def _drawing() -> dict[str, list[str]]:
    """The parameters of each of Streamlit's functions that draws."""
    drawing: dict[str, list[str]] = {}
    for name, function in inspect.getmembers(DeltaGenerator, callable):
        if not name.startswith("_") and name not in TAKES_NO_MARKDOWN:
            parameters = list(inspect.signature(function).parameters)[1:]
            if name == "metric":
                parameters = ["text" if each == "value" else each for each in parameters]
            if name == "write":
                parameters = ["args"]
            if TEXTS & set(parameters):
                drawing[name] = parameters
    return drawing


@cache
def _ours() -> dict[str, list[str]]:
    """The parameters of each of our functions, and of each class, that is given such texts to draw."""
    ours: dict[str, list[str]] = {"spinner": ["text"]}
    for path in USER_INTERFACE:
        ours |= _given(ast.parse(path.read_text("utf-8")))
    return ours


def _given(tree: ast.Module) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            parameters = [arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]]
            if {"label", "help", "titles", "options"} & set(parameters):
                given[node.name] = parameters
    return given


@cache
def _annotations() -> dict[str, set[str]]:
    """What every name is annotated with, anywhere in the package: attributes, arguments and results of functions."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "cnnlab").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign):
                name = node.target.attr if isinstance(node.target, ast.Attribute) else ast.unparse(node.target)
                found.setdefault(name, set()).add(ast.unparse(node.annotation))
            elif isinstance(node, ast.arg) and node.annotation:
                found.setdefault(node.arg, set()).add(ast.unparse(node.annotation))
            elif isinstance(node, ast.FunctionDef) and node.returns:
                found.setdefault(node.name, set()).add(ast.unparse(node.returns))
    return found


def _is_typed(name: str) -> bool:
    """Whether a name stands for numbers only wherever it is annotated."""
    kinds = _annotations().get(name, set())
    return bool(kinds) and all(map(_is_kind, kinds))


def _is_kind(annotation: str) -> bool:
    words = set(re.findall(r"\w+", annotation))
    return bool(words) and words <= NUMBERS


def _is_safe(node: ast.AST | None, scopes: tuple[ast.AST, ...], asked: set[tuple[int, str]]) -> bool:
    def safe(*nodes: ast.AST | None) -> bool:
        return all(_is_safe(each, scopes, asked) for each in nodes)

    match node:
        case None | ast.Constant() | ast.Compare():
            return True
        case _ if ast.unparse(node) in OURS:
            return True
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return safe(*parts)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return safe(*parts)
        case ast.FormattedValue(value=value, format_spec=spec):
            written = (
                "".join(str(part.value) for part in ast.walk(spec) if isinstance(part, ast.Constant)) if spec else ""
            )
            return safe(value) or (node.conversion == -1 and re.search(r"[defg%,]$", written) is not None)
        case ast.IfExp(body=body, orelse=orelse):
            return safe(body, orelse)
        case ast.BinOp(left=left, op=op, right=right):
            # Only numbers can be subtracted and divided, or added to a number; a text can be repeated and filled in.
            if not isinstance(op, ast.Add | ast.Mod | ast.BitOr | ast.Mult):
                return True
            constants = [each.value for each in (left, right) if isinstance(each, ast.Constant)]
            return (isinstance(op, ast.Add) and any(isinstance(each, int) for each in constants)) or safe(left, right)
        case ast.UnaryOp(operand=operand):
            return safe(operand)
        case ast.Dict(values=values):
            return safe(*values)
        case ast.Starred(value=value) | ast.NamedExpr(value=value) | ast.Lambda(body=value):
            return safe(value)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            inner = (node, *scopes)
            element = node.value if isinstance(node, ast.DictComp) else node.elt
            return _is_safe(element, inner, asked)
        case ast.Call(func=ast.Name(id=name)) if name in SHOWERS | WRITE_NUMBERS or _is_typed(name):
            return True
        case ast.Call(func=ast.Name(id="markdown"), args=[template, *_]):
            return safe(template)
        case ast.Call(func=ast.Name(id="say"), args=args, keywords=keywords):
            return safe(*args, *(keyword.value for keyword in keywords))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in KEEP_SAFE:
            return safe(*args, *(keyword.value for keyword in keywords))
        case ast.Call(func=ast.Name(id=name)) if found := _named(name, scopes[-1]):
            return all(_returns_safe(function, module, asked) for function, module in found)
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=keywords):
            if name in KEEP_SAFE:
                return safe(value, *args, *(each.value for each in keywords))
            return _is_typed(name)
        case ast.Attribute(value=value, attr=name):
            return _is_typed(name) or name.isupper() or safe(value)
        case ast.Subscript(value=value):
            return safe(value)
        case ast.Name(id=name):
            return name.isupper() or name.lstrip("_").isupper() or _is_safe_name(name, scopes, asked)
    return False


def _returns_safe(function: ast.FunctionDef, module: ast.AST, asked: set[tuple[int, str]]) -> bool:
    """Whether all that a function of ours returns is safe; its arguments are, where their kind says so."""
    key = (id(function), "return")
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return key in asked or (
        bool(returned) and all(_is_safe(value, (function, module), asked | {key}) for value in returned)
    )


def _named(name: str, module: ast.AST) -> list[tuple[ast.FunctionDef, ast.AST]]:
    """The functions of the user interface with a name, and their modules; a private one is of this module."""
    modules = [module] if name.startswith("_") else _modules()
    return [
        (node, tree)
        for tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]


@cache
def _modules() -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in USER_INTERFACE]


def _is_safe_name(name: str, scopes: tuple[ast.AST, ...], asked: set[tuple[int, str]]) -> bool:
    """Whether all that is bound to a name in the innermost scope that binds it is safe."""
    for depth, scope in enumerate(scopes):
        if isinstance(scope, ast.FunctionDef | ast.Lambda):
            for arg in [*scope.args.args, *scope.args.kwonlyargs]:
                if arg.arg == name:
                    kind = ast.unparse(arg.annotation) if arg.annotation else ""
                    # Those who call a function of ours with a label are looked at themselves.
                    return _is_kind(kind) or name in {"label", "help", "titles", "options"}
        bound = list(_bindings(scope, name))
        if bound:
            if (id(scope), name) in asked:
                return True
            return all(_is_safe(value, scopes[depth:], asked | {(id(scope), name)}) for value in bound)
    return False


def _bindings(scope: ast.AST, name: str) -> Iterator[ast.AST]:
    """What a scope binds to a name: the values, and what loops over such values go through."""

    def binds(target: ast.AST) -> bool:
        return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(target))

    nodes = (
        scope.generators
        if isinstance(scope, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp)
        else ast.walk(scope)
    )
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from (value for target, value in zip(targets, values, strict=True) if binds(target))
            case ast.Assign(targets=targets, value=value) if any(map(binds, targets)):
                yield value
            case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value) if binds(target):
                yield value
            case ast.AnnAssign(target=target, value=value) if binds(target) and value is not None:
                yield value
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value) if binds(target):
                yield value


@pytest.mark.parametrize(
    "line",
    [
        "st.warning(f'{error}.')",
        "st.caption(upload.name)",
        "place.markdown(text)",
        "controls.switch(name, 'key')",
        "controls.choice('Data', 'data', {word: word for word in found}, 'x')",
        "st.button('**' + title + '**', key='k')",
        "st.toggle('x', help=text)",
        "st.metric('x', value)",
        "st.progress(0.5, text=sentence)",
        "st.html(f'<b>{name}</b>')",
        "st.info(' '.join(one for one in sentences))",
        "said = str(error)\n    st.error(said)",
        "st.write(markdown(error, name=plain(name)))",
        "st.button(say(error))",
        "st.button(say('{name} is loaded', name=name))",
        "st.write('x' if known else text)",
        "st.info(f'{name:>10}')",
        "st.info(f'{name:s}')",
        "st.info(f'{name!s:<3}')",
        "st.info(name * 2)",
        "st.info(name % 2)",
        "st.info(str(dict(a=name)))",
    ],
)
def test_the_search_for_foreign_texts_finds_them(line: str) -> None:
    assert list(foreign(f"def draw(error, upload, text: str, name: str):\n    {line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "st.warning(f'It cannot be used: {plain(error)}.')",
        "st.caption(f'{count:,} pictures of {code(upload.name)}')",
        "st.write(markdown('**{name}**', name=name))",
        "said = plain(error)\n    st.error(said)",
        "st.button(TITLES[word], help='a' if known else 'b')",
    ],
)
def test_the_search_lets_pass_what_is_shown_as_text(line: str) -> None:
    assert not list(foreign(f"def draw(error, upload, name: str):\n    {line}\n"))


# --- what is written --------------------------------------------------------------------------------------------------


@given(st.text())
def test_everything_is_one_line_of_characters_that_can_be_seen(text: str) -> None:
    shown = visible(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", shown)
    shown.encode("utf-8")


@given(st.text())
def test_what_can_be_seen_is_left_as_it_is(text: str) -> None:
    seen = re.sub(r"[^ -~À-ÿ가-힣]", "", text)
    assert visible(seen) == seen


@given(st.text(alphabet=" `ab\n") | st.text())
def test_a_span_of_code_cannot_be_ended_from_inside(text: str) -> None:
    written = code(text)
    fence = re.match("`+", written).group()
    assert fence not in re.findall("`+", written[len(fence) : -len(fence)])
    assert written.endswith(fence)
    assert "\n" not in written


@given(st.text(alphabet="ab:/@.w-<>=~ "))
def test_plain_text_adds_backslashes_and_joiners_only(text: str) -> None:
    written = plain(text)
    start = "&#32;" if text.startswith(" ") else ""
    assert written.startswith(start)
    assert written.removeprefix(start).replace("\\", "").replace("\N{WORD JOINER}", "") == text[bool(start) :]


def test_a_template_s_markdown_stays_and_values_do_not_become_markdown() -> None:
    written = markdown(
        "**{name}** in {where}: {count:,}, {share:.0%}", name="*a*", where=code("b`"), count=1200, share=0.5
    )
    assert written == "**\\*a\\*** in `` b` ``: 1,200, 50%"
