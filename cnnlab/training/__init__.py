"""Training: settings, records, the trainer itself, and runs in processes of their own.

Importing this does not load torch: `train` does, when it is called.
"""

from __future__ import annotations

from cnnlab.training.config import TrainingConfig
from cnnlab.training.progress import End, Progress, Start

__all__ = ["End", "Progress", "Start", "TrainingConfig"]
