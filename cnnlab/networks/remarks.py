"""What is unusual about a network that can be trained all the same: said beside a run, and in a script."""

from cnnlab.layers import Linear
from cnnlab.networks.network import Network
from cnnlab.texts import Message, message, plural


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


def remark_on_logits(network: Network) -> Message | None:
    """Say why nothing follows the last layer, where that gives a number for each class; None elsewhere.

    >>> from cnnlab.networks.network import lenet5
    >>> print(remark_on_logits(lenet5()))
    No ReLU: these 10 numbers are logits, which cross-entropy takes with their signs. A ReLU would make each negative \
one 0.
    """
    last = network.layers[-1] if network.layers else None
    if not isinstance(last, Linear):
        return None
    return plural(
        "No ReLU: this number is a logit, which the loss takes with its sign. A ReLU would make a negative one 0.",
        "No ReLU: these {n} numbers are logits, which cross-entropy takes with their signs. A ReLU would make each "
        "negative one 0.",
        n=last.out_features,
    )
