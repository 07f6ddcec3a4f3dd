r"""Text that a link, a file or a person brought, shown as the text that it is.

Streamlit draws most of its texts as Markdown: a file's name could make a heading, a link, or a picture that is fetched
from another host. Whatever the lab did not write itself goes through one of these functions on its way to the screen:

- `plain` inside a sentence of Markdown, `code` where it is quoted; `markdown` puts values into a template of ours;
- `figure_text` inside a Plotly figure, whose texts may hold HTML;
- `visible` where no markup is read: the options of a select box, `st.code`, `textContent`.

All of them show characters that cannot be seen, or that change the order of others, by sign or by number.
"""

import html
import re
import unicodedata
from typing import LiteralString

from cnnlab.texts import Message, say_with

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by their category, and yet they show nothing."""

_JOINER = "\N{WORD JOINER}"
"""Shows nothing and breaks no line. Streamlit changes some texts after it has read the Markdown, so that no backslash
helps: addresses become links, `:names:` symbols, `->` an arrow. One of these between their characters stops it."""

_CHANGED_LATER = re.compile(
    r"""
    (?<=:)(?=[\w+-]+(?::|$)|material[/_])              # :smile:  :streamlit:  :material/home:
    | (?<=http:)(?=//|$) | (?<=https:)(?=//|$)           # http://host
    | (?<=www)(?=\.|$)                                   # www.host
    | (?<=@)(?=[\w-]|$)                                  # name@host
    | (?<=-)(?=[->](?:\s|$)) | (?<=<)(?=-(?:\s|>|$))       # --  ->  <->  <-
    | (?<=[<>~])(?=\=(?:\s|$))                           # <=  >=  ~=
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Places for a joiner. What follows the text may complete it: `$` stands for that."""

_MARKS = re.compile(r"[\\`*_\[\]<>$~|]|:(?=[A-Za-z:\u2060])|&(?=[#A-Za-z])|!(?=$)")
_LINE_START = re.compile(r"[-+=#]|\d{1,9}(?=[.)])|\s")


class Markdown(str):
    """A text whose foreign parts went through one of these functions: `markdown` takes it as it is."""

    __slots__ = ()


def visible(text: object) -> str:
    r"""Write a text in one line, with a sign or a number for each character that could not be seen.

    >>> print(visible("a\n\tb\x00\u202ec\u200bd"))
    a↵␉b␀⟨U+202E⟩c⟨U+200B⟩d
    """
    return "".join(map(_visible_character, _BREAKS.sub("\n", str(text))))


def _visible_character(character: str) -> str:
    if character == "\n":
        return "↵"
    if character < " ":
        return chr(0x2400 + ord(character))
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in _BLANKS:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def plain(text: object) -> Markdown:
    r"""Write a text so that Markdown, as Streamlit reads it, shows just this text.

    >>> print(plain("# ![x](y) costs $1$ \n :red[*b*]"))
    \# !\[x\](y) costs \$1\$ ↵ \:red\[\*b\*\]

    An address does not become a link, nor a word between colons a symbol: a joiner, which nobody sees, parts them.

    >>> plain("http://a.b :+1:")
    'http\\:\u2060//a.b \\:\u2060+1:'
    """
    parted = _CHANGED_LATER.sub(_JOINER, visible(text))
    escaped = _MARKS.sub(r"\\\g<0>", parted)
    return Markdown(_LINE_START.sub(_no_start, escaped, count=1) if _LINE_START.match(escaped) else escaped)


def _no_start(match: re.Match[str]) -> str:
    """Write what makes a list, a heading or a block of code where a line begins with it, so that it does not."""
    start = match.group()
    if start.isspace():
        return f"&#{ord(start)};"
    return f"{start}\\" if start.isdecimal() else f"\\{start}"


def code(text: object) -> Markdown:
    r"""Write a text as a span of code in Markdown, however many backticks it holds.

    >>> print(code("stride=1"), code("a`b"), code("a\nb"))
    `stride=1` `` a`b `` `a↵b`
    """
    # Streamlit writes :material_ for this before it reads any Markdown, in code as well.
    shown = visible(text).replace(":material/", f":{_JOINER}material/") or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    room = " " if fence != "`" or shown != shown.strip() else ""
    return Markdown(f"{fence}{room}{shown}{room}{fence}")


def markdown(text: LiteralString | Message, /, **values: object) -> Markdown:
    r"""Say a message, or a template with its values: the template is our Markdown, the values are shown as they are.

    >>> print(markdown("**{name}** has {count:,} pictures", name="a*b", count=6000))
    **a\*b** has 6,000 pictures
    """
    told = text if isinstance(text, Message) else Message(text, values)
    return Markdown(say_with(_written, told))


def _written(value: object) -> object:
    return value if isinstance(value, Markdown | int | float) else plain(value)


def figure_text(text: object) -> str:
    """Write a text so that a Plotly figure, which reads some HTML, shows just this text.

    >>> figure_text('<a href="http://a.b">x</a> & y')
    '&lt;a href="http://a.b"&gt;x&lt;/a&gt; &amp; y'
    """
    return html.escape(visible(text), quote=False)
