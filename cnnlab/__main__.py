"""`python -m cnnlab`: train, download, summary."""

import sys

from cnnlab.cli import main

if __name__ == "__main__":
    sys.exit(main())
