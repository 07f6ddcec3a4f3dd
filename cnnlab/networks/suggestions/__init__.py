"""What is wrong with a network that does not fit together, and what would repair it."""

from cnnlab.networks.suggestions.problems import Problem, Reading, Suggestion, possible_fixes, read
from cnnlab.networks.suggestions.sizes import USUAL_SIDES

__all__ = ["USUAL_SIDES", "Problem", "Reading", "Suggestion", "possible_fixes", "read"]
