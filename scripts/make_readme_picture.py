"""Make the README's picture of the Convolution page, docs/convolution.png, or another file.

    python -m scripts.make_readme_picture [FILE.png]

It needs Chromium. The numbers on the page are written into the file as well (PNG texts `input`, `kernel`, `output`), so
that a test can tell a picture of other numbers. Give the command in the repository's root.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Locator

from benchmarks._browser import chromium, open_page
from benchmarks._servers import LAB, running

STEP = 4
PICTURE = LAB.parent / "docs" / "convolution.png"


def main(file: Path) -> None:
    """Photograph the page at a step at which some of the output is still to come."""
    with running(LAB) as server, chromium() as browser, open_page(browser) as page:
        page.goto(f"{server.url}/convolution?step={STEP}")
        page.locator(".lab .result").wait_for()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        typed = {
            name: _typed(page.locator(f".lab [data-stack={name}] input[data-row]")) for name in ("input", "kernel")
        }
        shown = page.locator(".lab .output .cell .number").all_inner_texts()[: STEP + 1]
        picture = Image.open(io.BytesIO(page.screenshot()))
    told = PngInfo()
    for name, text in (typed | {"output": ",".join(shown)}).items():
        told.add_text(name, text)
    picture.convert("RGB").save(file, pnginfo=told, optimize=True)
    print(f"{file}: {picture.width} x {picture.height}, {file.stat().st_size / 1000:.0f} kB")


def _typed(fields: Locator) -> str:
    """A matrix as it stands in its grid's fields."""
    rows: dict[str, list[str]] = {}
    for field in fields.all():
        rows.setdefault(field.get_attribute("data-row") or "", []).append(field.input_value())
    return ";".join(",".join(row) for row in rows.values())


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]) if len(sys.argv) == 2 else PICTURE)
