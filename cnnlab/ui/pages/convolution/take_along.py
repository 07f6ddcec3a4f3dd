"""The numbers of the convolution page go along to other pages, which open with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from cnnlab.lessons.channels import settings as channels
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.lessons.learn_a_kernel import settings as learning
from cnnlab.lessons.pooling import settings as pooling
from cnnlab.number_text import format_matrix, format_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say
from cnnlab.ui.shell.page_list import page_of


@dataclass(frozen=True)
class Target:
    """A page that opens with an input, and maybe a kernel.

    Args:
        page: its key.
        most: the rows and columns that its input has at most.
        most_of_kernel: likewise its kernel; None where none goes along.
        query: the parameters of its link.
    """

    page: str
    most: int
    most_of_kernel: int | None
    query: Callable[[ConvSettings], Mapping[str, str]]

    def refusal(self, settings: ConvSettings) -> Message | None:
        """Why the numbers cannot go there, or None."""
        if max(settings.input.shape) > self.most:
            return message("The input of that page has at most {most} rows and columns.", most=self.most)
        if self.most_of_kernel is not None and max(settings.kernel.shape) > self.most_of_kernel:
            return message("A kernel of that page has at most {most} rows and columns.", most=self.most_of_kernel)
        return None


TARGETS = (
    Target("pooling", pooling.MAX_INPUT, None, lambda settings: {"pool_input": format_matrix(settings.input)}),
    Target(
        "channels",
        channels.MAX_INPUT,
        channels.MAX_KERNEL,
        lambda settings: {
            "ch_input": format_matrix(settings.input),
            "ch_kernel": format_matrix(settings.kernel),
            "ch_bias": format_number(settings.bias),
            "ch_stride": str(min(settings.stride, channels.MAX_STRIDE)),
            "ch_padding": str(min(settings.padding, channels.MAX_PADDING)),
        },
    ),
    Target(
        "learn_a_kernel",
        learning.MAX_INPUT,
        learning.MAX_KERNEL,
        lambda settings: {
            "learn_input": format_matrix(settings.input),
            "learn_target": format_matrix(settings.kernel),
        },
    ),
)


def take_along(settings: ConvSettings) -> None:
    """Offer to open other pages with these numbers."""
    with st.popover(say("Take the numbers to …"), width="stretch"):
        for target in TARGETS:
            page = page_of(target.page)
            refusal = target.refusal(settings)
            if st.button(
                markdown(page.title),
                key=f"take_{page.key}",
                icon=page.icon,
                disabled=refusal is not None,
                help=None if refusal is None else plain(say(refusal)),
                width="stretch",
            ):
                # A press comes with what was typed last, which a link that was drawn before would not have.
                st.switch_page(page.path, query_params=dict(target.query(settings)))
