"""A transposed convolution's settings as the PyTorch lines that compute the same."""

from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.pytorch_text import printed_lines, tensor_lines


def conv_transpose2d_code(settings: TransposedSettings, show_output: bool = True) -> str:
    """Write a script that computes these settings with PyTorch: as a function, as a layer, as a gradient of conv2d.

    It runs as it stands. Where the output is small, a comment shows what the script prints, unless
    `show_output` is off.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    output = settings.output()
    size = f"({settings.kernel.shape[0]}, {settings.kernel.shape[1]})"
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += tensor_lines("x", settings.input) + tensor_lines("kernel", settings.kernel)
    lines += ["", "# One image with one channel, one kernel: (N, C, H, W) and (C, O, FH, FW)."]
    lines += ["x, weight = x[None, None], kernel[None, None]"]
    lines += [f"y = F.conv_transpose2d(x, weight{_keywords(settings)})"]
    lines += ["print(y[0, 0])", *(printed_lines(output) if show_output else []), ""]
    lines += ["# The same as a layer, whose weights training would find."]
    lines += [f"layer = torch.nn.ConvTranspose2d(1, 1, kernel_size={size}{_keywords(settings)}, bias=False)"]
    lines += ["with torch.no_grad():", "    layer.weight.copy_(weight)"]
    lines += ["print(torch.allclose(layer(x), y))  # True"]
    # Otherwise a convolution of the output's size gives more cells than the input has.
    if settings.output_padding < settings.stride:
        lines += ["", "# The same as the gradient of a convolution that turns y's shape into x's."]
        lines += ["image = torch.zeros_like(y, requires_grad=True)"]
        lines += [f"F.conv2d(image, weight{_keywords(settings, output_padding=False)}).backward(x)"]
        lines += ["print(torch.allclose(image.grad, y, rtol=1e-4, atol=1e-4))  # True"]
    return "\n".join(lines) + "\n"


def _keywords(settings: TransposedSettings, *, output_padding: bool = True) -> str:
    """What differs from the defaults."""
    words = [f"stride={settings.stride}"] if settings.stride > 1 else []
    if settings.padding:
        words.append(f"padding={settings.padding}")
    if settings.output_padding and output_padding:
        words.append(f"output_padding={settings.output_padding}")
    if settings.dilation > 1:
        words.append(f"dilation={settings.dilation}")
    return "".join(f", {word}" for word in words)
