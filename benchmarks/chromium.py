"""A real Chromium for the benchmarks, and a digit drawn in it with the mouse."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

SEVEN = [(0.28, 0.25), (0.72, 0.25), (0.62, 0.5), (0.48, 0.8)]  # as shares of the pad's side
PATIENCE = 60  # seconds


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, and end it afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        yield browser
        browser.close()


def wait_until(page: Page, condition: str, argument: object = None) -> None:
    """Wait until a JavaScript condition holds in the page.

    (Playwright's own way makes code of text in the page, which its policy forbids.)
    """
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(condition, argument):
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {PATIENCE} seconds: {condition}")
        page.wait_for_timeout(10)


def points_on_pad(page: Page) -> list[tuple[float, float]]:
    """Return where the corners of a seven are on the screen."""
    pad = page.get_by_test_id("draw-pad").bounding_box()
    assert pad is not None
    return [(pad["x"] + x * pad["width"], pad["y"] + y * pad["height"]) for x, y in SEVEN]


def draw_seven(page: Page) -> None:
    """Draw a seven with the mouse."""
    points = points_on_pad(page)
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
