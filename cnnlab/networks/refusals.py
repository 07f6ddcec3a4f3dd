"""What PyTorch says when a layer cannot take what comes, so that a learner recognises the message.

The wording is that of PyTorch 2.14, and the tests compare it with the installed one. Where a message cannot be worked
out from the shapes there is none.
"""

from __future__ import annotations

from cnnlab.layers import Layer, Mismatch, Shape


def torch_says(layer: Layer, input_shape: Shape, batch: int = 1) -> str | None:
    """Write PyTorch's message for a layer that cannot take what comes.

    Args:
        input_shape: what comes, of one picture.
        batch: how many pictures come at once.

    Returns:
        None where PyTorch has nothing against it, or where its words are not known.

    >>> from cnnlab.layers import Linear
    >>> torch_says(Linear(400, 120), (256,), batch=64)
    'mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)'
    """
    try:
        layer.output_shape(input_shape)
    except Mismatch as mismatch:
        return layer.torch_message(mismatch, input_shape, batch)
    return None
