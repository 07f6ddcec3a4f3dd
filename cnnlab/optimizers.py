"""The optimizers that a network is trained with here: one table for the screen, the trainer and the scripts.

What each does is PyTorch's: `torch.optim.SGD` and `torch.optim.AdamW`, with the arguments that stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cnnlab.texts import Message, message, verbatim

WEIGHT_DECAY = 0.001
"""What every optimizer takes where nothing else is asked for."""


@dataclass(frozen=True)
class OptimizerType:
    """One of them."""

    title: Message  # as the screen names it
    torch_name: str  # the class in torch.optim
    peak_rate: float  # the highest learning rate of a schedule that rises and falls
    steady_rate: float  # the learning rate of a script that has no schedule
    arguments: Mapping[str, float | bool] = field(default_factory=dict[str, float | bool])
    """Of the class, besides lr and weight_decay; all others are PyTorch's defaults."""

    def code(self, parameters: str, rate: str, weight_decay: float = WEIGHT_DECAY) -> str:
        """Write the line of Python that makes one.

        >>> OPTIMIZER_TYPES["adamw"].code("model.parameters()", "0.01")
        'torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.001)'
        """
        named = {"lr": rate, **self.arguments, "weight_decay": weight_decay}
        return f"torch.optim.{self.torch_name}({', '.join([parameters, *(f'{k}={v}' for k, v in named.items())])})"


OPTIMIZER_TYPES: Mapping[str, OptimizerType] = MappingProxyType(
    {
        "sgd": OptimizerType(
            message("SGD with Nesterov momentum"),
            "SGD",
            0.05,
            0.01,
            MappingProxyType({"momentum": 0.9, "nesterov": True}),
        ),
        "adamw": OptimizerType(verbatim("AdamW"), "AdamW", 0.003, 0.001),
    }
)
"""By the word that links, commands and records have for it."""

FORMER_WORDS: Mapping[str, str] = MappingProxyType({"adam": "adamw"})
"""What links and records once said, and what it has always meant."""


def present_word(word: str) -> str:
    """The word for an optimizer, where a former one may be given.

    >>> present_word("adam"), present_word("sgd")
    ('adamw', 'sgd')
    """
    return FORMER_WORDS.get(word, word)
