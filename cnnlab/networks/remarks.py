"""What is unusual about a network that can be trained all the same: said beside a run, and in a script."""

from cnnlab.networks.network import Network
from cnnlab.texts import Message, message


def remark_on(network: Network) -> Message | None:
    """Say what hinders a network's learning; None where nothing does.

    >>> from cnnlab.layers import Linear, ReLU
    >>> print(remark_on(Network("small", (Linear(8, 4), ReLU())))[:75])
    The last layer is ReLU(): cross-entropy takes numbers of any sign and turns
    """
    is_row = False
    for number, layer in enumerate(network.layers, start=1):
        is_row = is_row or "in_features" in layer.rules() or layer.makes_rows
        if layer.mixes_pictures(of_rows=is_row):
            return message(
                "Layer {number} is {layer}: it compares the pictures of a batch with each other, so its output for one "
                "depends on the others. For classes or channels, use dim=1.",
                number=number,
                layer=layer,
            )
    return network.layers[-1].remark_at_end() if network.layers else None
