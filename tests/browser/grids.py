"""The grids of a page, as a learner sees and touches them."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import wait_for_app


class Lab:
    """The grid component, as a learner sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.status = page.locator(".lab .status")
        self.counter = page.locator(".lab .counter")
        self.result = page.locator(".lab .result")
        self.slider = page.locator(".lab .slider")
        self.frame = page.locator(".lab .matrix[data-stack=input] .frame")

    def field(self, name: str, row: int, column: int) -> Locator:
        return self.page.get_by_label(f"{name}, row {row}, column {column}", exact=True)

    def output(self, step: int) -> Locator:
        return self.page.locator(".lab .output .cell").nth(step)

    def outputs(self) -> list[str]:
        return self.page.locator(".lab .output .cell .number").all_inner_texts()

    def expect_outputs(self, numbers: list[str]) -> None:
        expect(self.page.locator(".lab .output .cell .number")).to_have_text(numbers)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".lab").get_by_role("button", name=name)

    def size(self, name: str, axis: str) -> Locator:
        return self.page.get_by_label(f"{name}: {axis}", exact=True)

    def link(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    def expect_in_link(self, name: str, value: str) -> None:
        def holds(url: str) -> bool:
            return parse_qs(urlsplit(url).query).get(name) == [value]

        self.page.wait_for_url(holds)


def open_link(page: Page, link: str) -> Lab:
    page.goto(link)
    wait_for_app(page)
    expect(page.locator(".lab .board").first).to_be_visible()
    return Lab(page)


def board(page: Page, title: str) -> Locator:
    return page.locator(".lab .matrix").filter(has=page.get_by_text(title, exact=True))


def cell(page: Page, title: str, number: int) -> Locator:
    return board(page, title).locator(".cell").nth(number)


def numbers(page: Page, title: str) -> Locator:
    return board(page, title).locator(".cell .number")


def field(page: Page, name: str, row: int, column: int) -> Locator:
    return page.get_by_label(f"{name}, row {row}, column {column}", exact=True)


def button(page: Page, name: str) -> Locator:
    return page.locator(".lab").get_by_role("button", name=re.compile(name))
