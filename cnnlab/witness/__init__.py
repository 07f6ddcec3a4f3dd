"""PyTorch as a witness: it computes what the core has computed, in a process of its own, and both are compared.

child.py        the process, and how many sessions ask it
agreement.py    two arrays, cell by cell

A lesson brings a function from a question to an answer, both made of what JSON knows; the function imports torch, and
`Witness.ask` has it run where torch may be.
"""

from cnnlab.witness.agreement import Agreement, compare
from cnnlab.witness.child import Witness

__all__ = ["Agreement", "Witness", "compare"]
