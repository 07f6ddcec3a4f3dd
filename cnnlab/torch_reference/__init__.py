"""PyTorch as a reference: it computes what the core has computed, in a process of its own, and both are compared.

child.py        the process, and how many sessions ask it
agreement.py    two arrays, cell by cell

A lesson brings a function from a question to an answer, both made of what JSON knows; the function imports torch, and
`TorchReference.ask` has it run where torch may be.
"""

from cnnlab.torch_reference.child import TorchReference
from cnnlab.torch_reference.comparison import Agreement, compare

__all__ = ["Agreement", "TorchReference", "compare"]
