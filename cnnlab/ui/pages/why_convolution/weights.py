"""The section "How many weights": an MLP's first layer against a kernel, for a picture of any size."""

from pathlib import Path

import streamlit as st

from cnnlab import lecture
from cnnlab.lessons.why_convolution.weights import KERNEL, KERNELS, SIDES, UNITS, Sizes
from cnnlab.shown_text import Markdown, markdown, plain
from cnnlab.texts import message, say
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

_CSS = Path(__file__).with_name("sums.css")
_KEYS = {
    "height": "size_height",
    "width": "size_width",
    "units": "size_units",
    "kernel": "size_kernel",
    "kernels": "size_kernels",
}
_ASKED = {
    "height": (message("Picture's height"), SIDES),
    "width": (message("Picture's width"), SIDES),
    "units": (message("Units of the MLP"), UNITS),
    "kernel": (message("Kernel's side"), KERNEL),
    "kernels": (message("Kernels"), KERNELS),
}


def weights_section() -> None:
    """Draw the section."""
    with st.container(horizontal=True, gap="small"):
        for height, width in lecture.PICTURE_SIZES:
            st.button(
                markdown("{height} × {width} = {pixels:,} pixels", height=height, width=width, pixels=height * width),
                key=f"size_{height}_{width}",
                on_click=_load,
                args=(height, width),
            )
    usual = Sizes()
    asked: dict[str, int] = {}
    for column, (name, (label, (low, high))) in zip(st.columns(len(_ASKED)), _ASKED.items(), strict=True):
        with column:
            asked[name] = controls.whole_number(
                plain(say(label)), _KEYS[name], low, high, getattr(usual, name), widget="number"
            )
    sizes = Sizes(**asked)
    st.html(_CSS)
    with stage():
        with st.container(key="why_sums"):
            st.markdown(_table(sizes))
        st.markdown(
            markdown(
                "An MLP has a weight for each pixel and each unit: a picture of twice the height and width needs four "
                "times as many. A kernel has its few numbers whatever the size of the picture, since it uses the same "
                "ones at every place. It saves weights first of all: it still multiplies at each of its "
                "{rows:,} × {columns:,} places.",
                rows=sizes.places[0],
                columns=sizes.places[1],
            )
        )


def _load(height: int, width: int) -> None:
    controls.set_control(_KEYS["height"], height)
    controls.set_control(_KEYS["width"], width)


def _table(sizes: Sizes) -> Markdown:
    """What both layers need, with the products written out."""
    rows, columns = sizes.places
    lines = [
        [markdown("what is counted"), markdown("MLP, first layer"), markdown("convolution")],
        [Markdown("---"), Markdown("---"), Markdown("---")],
        [
            markdown("weights"),
            markdown(
                "{pixels:,} × {units:,} = **{weights:,}**",
                pixels=sizes.pixels,
                units=sizes.units,
                weights=sizes.mlp_weights,
            ),
            _times_kernels(sizes, message("{side} × {side}", side=sizes.kernel), sizes.kernel**2 * sizes.kernels),
        ],
        [
            markdown("with biases"),
            markdown(
                "{weights:,} + {units:,} = **{parameters:,}**",
                weights=sizes.mlp_weights,
                units=sizes.units,
                parameters=sizes.mlp_parameters,
            ),
            _times_kernels(sizes, message("{side} × {side} + 1", side=sizes.kernel), sizes.kernel_parameters),
        ],
        [
            markdown("multiplications for one picture"),
            markdown("{products:,}", products=sizes.mlp_products),
            markdown(
                "{side} × {side} × {kernels:,} × {rows:,} × {columns:,} = {products:,}",
                side=sizes.kernel,
                kernels=sizes.kernels,
                rows=rows,
                columns=columns,
                products=sizes.kernel_products,
            ),
        ],
    ]
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _times_kernels(sizes: Sizes, numbers: str, total: int) -> Markdown:
    """What each kernel has, and all of them."""
    if sizes.kernels == 1:
        return markdown("{numbers} = **{total:,}**", numbers=numbers, total=total)
    return markdown("({numbers}) × {kernels:,} = **{total:,}**", numbers=numbers, kernels=sizes.kernels, total=total)
