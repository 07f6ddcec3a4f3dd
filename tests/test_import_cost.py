"""The front door opens without what is slow to import."""

import json
import subprocess
import sys

SLOW = {"torch", "torchvision", "streamlit", "plotly", "pandas"}


def test_importing_the_lab_imports_nothing_slow() -> None:
    # A fresh interpreter: in this one, other tests have imported everything.
    program = "import json, sys, cnnlab; print(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert SLOW.isdisjoint(json.loads(answer.stdout))
