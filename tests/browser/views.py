"""What there is to look at on a page: its views, and what it shows beside them."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page

STATES = (
    "convolution?step=4&predict=1",
    "convolution?stride=x&input=1,2;3,many",
    "learn_a_kernel?learn_pick=kernel,5&learn_step=3",
    "receptive_field?layers=c3,c2&reach_size=5&reach_view=side&unit=2,0,0&reach_hide=true",
    "pooling?pool_gradient=true&pool_all=1",
    "network?net_row=0&net_hide=p6&net=Conv2d(1,6,5),ReLU(),Flatten(),Linear(400,120)&net_input=1x28x28",
    "image_pipeline?img_steps=open;normalize:0.5,0.5,0.5:0.5,0.5,0.5;tensor&img_hide=true",
)
"""What pages show beside their views: predictions, refusals, mistakes, a chosen row."""


def views(page: Page) -> Iterator[Locator]:
    """The choices of what to look at: those of settings have a label."""
    for group in page.get_by_test_id("stButtonGroup").all():
        if not group.get_by_test_id("stWidgetLabel").is_visible():
            yield from group.get_by_role("radio").all()
