"""What is unusual about a network that can be trained all the same: said beside a run, and in a script."""

from cnnlab.layers import LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from cnnlab.networks.network import Network
from cnnlab.texts import Message, message

_ACTIVATIONS = (ReLU, LeakyReLU, Sigmoid, Tanh)


def remark_on(network: Network) -> Message | None:
    """Say what hinders a network's learning; None where nothing does.

    >>> from cnnlab.layers import Linear
    >>> print(remark_on(Network("small", (Linear(8, 4), ReLU())))[:75])
    The last layer is ReLU(): cross-entropy takes numbers of any sign and turns
    """
    is_row = False
    for number, layer in enumerate(network.layers, start=1):
        is_row = is_row or "in_features" in layer.rules() or "start_dim" in layer.rules()
        if isinstance(layer, Softmax | LogSoftmax) and layer.dim in (0, -2 if is_row else -4):
            return message(
                "Layer {number} is {layer}: it compares the pictures of a batch with each other, so that what it says "
                "of one depends on which others it comes with. For classes or channels, use dim=1.",
                number=number,
                layer=layer,
            )
    last = network.layers[-1] if network.layers else None
    if isinstance(last, Softmax) and not isinstance(last, LogSoftmax):
        return message(
            "The last layer is {layer}: cross-entropy takes a softmax itself, and taking it twice leaves little "
            "gradient. Such a network learns slowly and is never sure; leave the layer out.",
            layer=last,
        )
    if isinstance(last, _ACTIVATIONS):
        return message(
            "The last layer is {layer}: cross-entropy takes numbers of any sign and turns them into probabilities "
            "itself, so what the layer cuts off or squeezes is lost to it. Such a network learns more slowly; leave "
            "the layer out.",
            layer=last,
        )
    return None
