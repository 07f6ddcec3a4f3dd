"""What is wrong with a network that does not fit together, and what would mend it."""

from cnnlab.networks.mending.problems import Mend, Problem, Reading, read
from cnnlab.networks.mending.sizes import USUAL_SIDES

__all__ = ["USUAL_SIDES", "Mend", "Problem", "Reading", "read"]
