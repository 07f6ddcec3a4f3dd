"""The pages of the lab, in the order of the lecture. A new page is one file in `pages/` and one line here."""

from dataclasses import dataclass

from cnnlab.texts import Message, message


@dataclass(frozen=True)
class Page:
    """One page: where it lies, and how the menu and the landing page speak of it."""

    key: str
    """Its file's name without the ending, and its address: /convolution."""
    title: Message
    icon: str
    """A Material symbol; Streamlit brings the font along."""
    section: Message
    line: Message
    """One sentence: what a learner does there."""

    @property
    def path(self) -> str:
        """The script, as `st.page_link` wants it: relative to `app.py`."""
        return f"pages/{self.key}.py"


_START, _MECHANICS, _NETWORKS = message("Start here"), message("Mechanics"), message("Networks")
_TEACHING = message("Teaching")

PAGES = (
    Page(
        "why_convolution",
        message("Why convolution?"),
        ":material/control_camera:",
        _START,
        message(
            "Shift a drawing: to an MLP it is another picture, a kernel finds it wherever it is. Train both, and see."
        ),
    ),
    Page(
        "convolution",
        message("Convolution"),
        ":material/grid_on:",
        _START,
        message("Type an input and a kernel, slide one over the other, and read every sum term by term."),
    ),
    Page(
        "learn_a_kernel",
        message("A kernel learns"),
        ":material/trending_down:",
        _START,
        message("Hide a kernel and watch gradient descent find its numbers from input and output alone."),
    ),
    Page(
        "receptive_field",
        message("Receptive field"),
        ":material/center_focus_strong:",
        _MECHANICS,
        message("Click a unit of any layer and see, down to the pixels, what it sees and what it listens to."),
    ),
    Page(
        "channels",
        message("Channels"),
        ":material/layers:",
        _MECHANICS,
        message(
            "Give kernels a slice for every channel, add the channels up, and see one map come out of each kernel."
        ),
    ),
    Page(
        "output_shape",
        message("Output shape"),
        ":material/straighten:",
        _MECHANICS,
        message("See how padding, stride and dilation decide the output's size, and which pixels are never read."),
    ),
    Page(
        "pooling",
        message("Pooling"),
        ":material/compress:",
        _MECHANICS,
        message("Keep one number of each window: the maximum or the average, and see where the gradient goes."),
    ),
    Page(
        "transposed",
        message("Transposed convolution"),
        ":material/approval:",
        _MECHANICS,
        message("Stamp the kernel once for every input cell, and see where the stamps overlap and add up."),
    ),
    Page(
        "network",
        message("Network"),
        ":material/schema:",
        _NETWORKS,
        message(
            "Put layers together, read where every shape and parameter comes from, and see why layers do not fit "
            "together."
        ),
    ),
    Page(
        "image_pipeline",
        message("Images in PyTorch"),
        ":material/image:",
        _NETWORKS,
        message(
            "Send a picture through torchvision's steps in any order, and see what each makes of type, shape and "
            "numbers."
        ),
    ),
    Page(
        "training",
        message("Train a network"),
        ":material/model_training:",
        _NETWORKS,
        message(
            "Train LeNet-5, or a network of your own, here and now: watch the loss fall and the first kernels take "
            "shape."
        ),
    ),
    Page(
        "lessons",
        message("Lessons"),
        ":material/school:",
        _TEACHING,
        message("Follow the lecture or half an hour of tasks, or put screens of your own in order."),
    ),
)


def page_of(key: str) -> Page:
    """Find a page by its key."""
    return next(page for page in PAGES if page.key == key)
