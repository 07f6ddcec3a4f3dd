"""The section "Another order": the columns of one person exchanged, and what a trained neuron makes of that."""

from pathlib import Path

import streamlit as st

from cnnlab.lessons.why_convolution.column_order import (
    HIGHEST,
    LEARNED,
    ORDERS,
    OTHER,
    PERSON,
    Sum,
    as_row,
    learned_anew,
)
from cnnlab.shown_text import Markdown, markdown, plain
from cnnlab.texts import Message, all_of, message, say
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

_CSS = Path(__file__).with_name("sums.css")
COLUMN_NAMES = {"height": message("height"), "age": message("age"), "grade": message("grade")}
ORDER_TITLES = {word: all_of([COLUMN_NAMES[name] for name in columns]) for word, columns in ORDERS.items()}
_ASKED = {"height": message("Height in cm"), "age": message("Age in years"), "grade": message("Grade")}


def order_section() -> None:
    """Draw the section."""
    person: dict[str, int] = {}
    *fields, of_order = st.columns([1, 1, 1, 2], vertical_alignment="bottom")
    for field, name in zip(fields, LEARNED, strict=True):
        with field:
            person[name] = controls.whole_number(
                plain(say(_ASKED[name])), f"order_{name}", 0, HIGHEST, PERSON[name], widget="number"
            )
    with of_order:
        word = controls.choice(say("The columns come as"), "order_columns", ORDER_TITLES, "-".join(OTHER))
    learned, other = as_row(person, LEARNED), as_row(person, ORDERS[word])
    anew = as_row(person, other.columns, learned_anew(other.columns))
    st.html(_CSS)
    with stage():
        with st.container(key="why_sums"):
            st.markdown(_table(learned, other, anew))
        st.markdown(plain(say(_told(learned, other))))
        st.markdown(
            markdown(
                "**What an MLP cannot know**: that two places are neighbours. Which order it is trained with makes "
                "no difference to it: the weights go along with the columns, and the answers are the same. So "
                "it is with pixels: all pictures shuffled in one and the same way are as easy for it, and to us they "
                "are noise. A kernel reads neighbours together, so shuffled pixels would be another task for it."
            )
        )
        st.caption(
            markdown(
                "In a text or a series the order itself means something, and the length differs: for that there are "
                "other networks, recurrent ones (RNN) among them, which this lab does not show."
            )
        )


def _table(learned: Sum, other: Sum, anew: Sum) -> Markdown:
    """The sums, place by place."""
    places = [markdown("place {place}", place=place) for place in range(1, len(LEARNED) + 1)]
    head = [markdown("order"), *places, markdown("the neuron's sum")]
    rows = [
        (message("in the order that it learned"), learned),
        (message("the columns exchanged, the same weights"), other),
        (message("trained anew with this order"), anew),
    ]
    lines = [head, [Markdown("---"), *[Markdown("---")] * len(LEARNED), Markdown("--:")]]
    lines += [
        [plain(say(name)), *map(_product, one.columns, one.numbers, one.weights), _total(one)] for name, one in rows
    ]
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _product(column: str, number: int, weight: int) -> Markdown:
    return markdown("{column} {number:d} × {weight:d}", column=say(COLUMN_NAMES[column]), number=number, weight=weight)


def _total(one: Sum) -> Markdown:
    return markdown("{products} = **{total:d}**", products=" + ".join(map(str, one.products)), total=one.total)


def _told(learned: Sum, other: Sum) -> Message:
    if other.total == learned.total:
        return message(
            "The same person in another order is another vector. The sum is {total} both times, but only because these "
            "numbers happen to give it.",
            total=learned.total,
        )
    return message(
        "The same person in another order is another vector: the trained neuron gives {other} instead of {learned}, as "
        "each weight meets another column. Only training anew gets {learned} back: the weights then lie in the new "
        "order.",
        other=other.total,
        learned=learned.total,
    )
