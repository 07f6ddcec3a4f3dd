"""The child that may import PyTorch: reads questions and writes answers, as JSON, one a line.

python -m cnnlab.torch_reference
"""

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

from cnnlab.errors import CnnlabError, is_out_of_memory, reason
from cnnlab.texts import Message, message


def main() -> None:
    """Answer questions on standard input until it ends."""
    if hasattr(os, "nice"):
        os.nice(5)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(line)) + "\n")
        sys.stdout.flush()


def _answer(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        module, _, name = asked["function"].partition(":")
        return {"answer": getattr(import_module(module), name)(asked["question"])}
    except CnnlabError as error:
        return _refused(error.message)
    except ImportError as error:
        if is_out_of_memory(error):
            return _refused(
                message("There is not enough memory to load PyTorch: close other programs, or try again later.")
            )
        return _refused(
            message(
                "PyTorch cannot be loaded here ({reason}): install the packages of requirements.txt.", reason=str(error)
            )
        )
    except (RuntimeError, MemoryError) as error:
        return _refused(
            message("PyTorch cannot compute this here ({reason}): use a smaller input.", reason=reason(error))
        )
    except Exception as error:  # noqa: BLE001, the next one who asks needs this process, and the server's log tells why
        traceback.print_exc()
        return _refused(
            message("PyTorch's check went wrong ({reason}): the server's log says more.", reason=reason(error))
        )


def _refused(told: Message) -> dict[str, Any]:
    return {"error": told.to_plain()}


if __name__ == "__main__":
    main()
