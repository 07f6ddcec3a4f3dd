"""Pages with PyTorch's lines write them in short or as the slides do; the link holds which."""

import pytest

from tests.pages.app import open_at

IMAGES = "open;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5"


@pytest.mark.parametrize(
    ("page", "link", "key", "line"),
    [
        ("convolution", {"view": "code"}, "code_style", "nn.Conv2d(in_channels=1, out_channels=1, kernel_size=3)"),
        ("pooling", {"pool_view": "code"}, "pool_style", "self.pool = nn.MaxPool2d(2, 2)"),
        ("channels", {"ch_view": "code"}, "ch_style", "self.conv1 = nn.Conv2d(in_channels=3, out_channels=2"),
        (
            "receptive_field",
            {"reach_part": "code"},
            "reach_style",
            "nn.Conv2d(in_channels=3, out_channels=16, kernel_size=5)",
        ),
        ("image_pipeline", {"img_steps": IMAGES}, "img_style", "transforms.Compose(["),
        ("image_pipeline", {"img_steps": IMAGES, "img_part": "dataset"}, "img_style", "transforms.Compose(["),
    ],
)
def test_the_code_is_also_written_as_on_the_slides(page: str, link: dict[str, str], key: str, line: str) -> None:
    app = open_at(page, **link)
    assert app.session_state[key] == "short"
    short = app.code[0].value
    app = open_at(page, **link, **{key: "slides"})
    assert not app.exception
    slides = app.code[0].value
    assert slides != short
    assert line in slides
