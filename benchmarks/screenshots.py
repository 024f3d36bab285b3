"""Pictures of the page for the README, from the running program: ``make screenshots``."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import serving

DOCS = Path(__file__).resolve().parents[1] / "docs"
EPOCHS = 12
SEVEN = [(0.28, 0.25), (0.72, 0.25), (0.62, 0.5), (0.48, 0.8)]  # as shares of the pad's side


def draw(page: Page) -> None:
    """Draw a seven with the mouse."""
    pad = page.get_by_test_id("draw-pad").bounding_box()
    assert pad is not None
    points = [(pad["x"] + x * pad["width"], pad["y"] + y * pad["height"]) for x, y in SEVEN]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def main() -> None:
    """Train a network, draw on the pad, and take the pictures."""
    DOCS.mkdir(exist_ok=True)
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1440, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page.goto(f"{server.url}/?epochs={EPOCHS}&steps_per_second=500")
            page.get_by_test_id("train").click()
            page.wait_for_function(
                "epochs => document.querySelector('[data-testid=epoch]').textContent == epochs",
                arg=EPOCHS,
            )
            draw(page)
            page.wait_for_function("document.querySelector('[data-testid=prediction]').textContent")
            page.mouse.move(720, 5)
            page.wait_for_selector("[data-testid=cost-chart] .plot-container")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=DOCS / f"playground-{scheme}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
