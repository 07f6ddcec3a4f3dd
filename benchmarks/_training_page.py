"""The training page in a browser: a run that is started there, watched to its end, and read off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks._browser import STANDS, chromium, open_page

_START_MILLISECONDS = 90_000  # until a worker has loaded torch


@contextmanager
def browsing(url: str, data: str) -> Iterator[Callable[[float], float]]:
    """A browser that starts runs on the lab's training page, each for so many seconds; gives its images per second."""
    with chromium() as browser:

        def measure(seconds: float) -> float:
            with open_page(browser) as page:
                page.goto(f"{url}/training?data={data}&until=seconds&seconds={round(seconds)}")
                page.wait_for_function(STANDS)
                page.get_by_role("button", name="Start training").click()
                speed = page.get_by_test_id("stMetric").filter(has_text="Images per second")
                speed.wait_for(timeout=_START_MILLISECONDS + 1000 * seconds)
                text = speed.get_by_test_id("stMetricValue").inner_text()
                return float(text.replace(",", ""))

        yield measure
