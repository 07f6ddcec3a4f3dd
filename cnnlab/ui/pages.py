"""The pages of the lab, in the order of the lecture. A new page is one file in `pages/` and one line here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: where it lies, and how the menu and the landing page speak of it."""

    key: str
    """Its file's name without the ending, and its address: /convolution."""
    title: str
    icon: str
    """A Material symbol; Streamlit brings the font along."""
    section: str
    line: str
    """One sentence: what a learner does there."""

    @property
    def path(self) -> str:
        """The script, as `st.page_link` wants it: relative to `app.py`."""
        return f"pages/{self.key}.py"


PAGES = (
    Page(
        "why_convolution",
        "Why convolution?",
        ":material/control_camera:",
        "Start here",
        "Shift a drawing: to an MLP it is another picture, a kernel finds it wherever it is. Train both, and see.",
    ),
    Page(
        "convolution",
        "Convolution",
        ":material/grid_on:",
        "Start here",
        "Type an input and a kernel, slide one over the other, and read every sum term by term.",
    ),
    Page(
        "learn_a_kernel",
        "A kernel learns",
        ":material/trending_down:",
        "Start here",
        "Hide a kernel and watch gradient descent find its numbers from input and output alone.",
    ),
    Page(
        "receptive_field",
        "Receptive field",
        ":material/center_focus_strong:",
        "Mechanics",
        "Click a unit of any layer and see, down to the pixels, what it sees and what it listens to.",
    ),
    Page(
        "channels",
        "Channels",
        ":material/layers:",
        "Mechanics",
        "Give kernels a slice for every channel, add the channels up, and see one map come out of each kernel.",
    ),
    Page(
        "output_shape",
        "Output shape",
        ":material/straighten:",
        "Mechanics",
        "See how padding, stride and dilation decide the output's size, and which pixels are never read.",
    ),
    Page(
        "pooling",
        "Pooling",
        ":material/compress:",
        "Mechanics",
        "Keep one number of each window: the maximum or the average, and see where the gradient goes.",
    ),
    Page(
        "transposed",
        "Transposed convolution",
        ":material/approval:",
        "Mechanics",
        "Stamp the kernel once for every input cell, and see where the stamps overlap and add up.",
    ),
    Page(
        "network",
        "Network",
        ":material/schema:",
        "Networks",
        "Put layers together, read where every shape and parameter comes from, and see why layers do not fit together.",
    ),
    Page(
        "image_pipeline",
        "Images in PyTorch",
        ":material/image:",
        "Networks",
        "Send a picture through torchvision's steps in any order, and see what each makes of type, shape and numbers.",
    ),
    Page(
        "training",
        "Train a network",
        ":material/model_training:",
        "Networks",
        "Train LeNet-5, or a network of your own, here and now: watch the loss fall and the first kernels take shape.",
    ),
)


def page_of(key: str) -> Page:
    """Find a page by its key."""
    return next(page for page in PAGES if page.key == key)
