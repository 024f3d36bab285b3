"""Pictures of the page for the README, from the running program: ``make screenshots``.

The page in light and dark, on a phone, and a short animation of a training run.
"""

import io
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.chromium import chromium, draw_seven, wait_until
from benchmarks.serving import Server, serving

DOCS = Path(__file__).resolve().parents[1] / "docs"
EPOCHS = 12
Scheme = Literal["light", "dark"]

FRAMES = 48
FRAME_MILLISECONDS = 120
ANIMATION_SIZE = (960, 600)


def open_page(browser: Browser, server: Server, query: str, scheme: Scheme, width: int) -> Page:
    """Open the playground in a browser of its own, and wait until its charts can draw."""
    height = 900 if width > 1000 else 844  # noqa: PLR2004 - a desktop's window or a phone's
    page = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    ).new_page()
    page.goto(f"{server.url}/?{query}")
    wait_until(page, "window.Plotly")
    return page


def trained(page: Page) -> None:
    """Train to the end, draw a digit, and look on."""
    page.get_by_test_id("train").click()
    wait_until(
        page,
        "epochs => document.querySelector('[data-testid=epoch]').textContent == epochs",
        EPOCHS,
    )
    draw_seven(page)
    wait_until(page, "document.querySelector('[data-testid=prediction]').textContent")
    page.mouse.move(720, 5)
    page.wait_for_selector("[data-testid=cost-chart] .plot-container", state="attached")
    wait_until(page, "document.querySelector('#gradient-length').textContent.includes('1,000')")
    page.wait_for_load_state("networkidle")


def animation(browser: Browser, server: Server) -> None:
    """Keep the first seconds of a run, with a digit on the pad, as an animated picture."""
    page = open_page(browser, server, "epochs=4&steps_per_second=60", "light", 1440)
    draw_seven(page)
    page.mouse.move(720, 5)
    page.get_by_test_id("reset").click()
    page.wait_for_url("**/runs/**")
    page.get_by_test_id("train").click()
    frames = []
    for _ in range(FRAMES):
        frames.append(Image.open(io.BytesIO(page.screenshot())).resize(ANIMATION_SIZE))
        page.wait_for_timeout(FRAME_MILLISECONDS)
    frames[0].save(
        DOCS / "training.webp",
        save_all=True,
        append_images=frames[1:],
        duration=FRAME_MILLISECONDS,
        loop=0,
        quality=40,
        method=6,
    )
    page.context.close()


def main() -> None:
    """Train networks, draw on the pad, and take the pictures."""
    DOCS.mkdir(exist_ok=True)
    query = f"epochs={EPOCHS}&steps_per_second=500"
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    with serving() as server, chromium() as browser:
        for scheme in schemes:
            page = open_page(browser, server, query, scheme, 1440)
            trained(page)
            page.screenshot(path=DOCS / f"playground-{scheme}.png")
            page.context.close()
        page = open_page(browser, server, query, "light", 390)
        trained(page)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=DOCS / "playground-phone.png")
        page.context.close()
        animation(browser, server)


if __name__ == "__main__":
    main()
