"""Pupils of the lesson's benchmark who use the page, and the wall as a teacher has it open."""

import time

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from benchmarks.chromium import draw_seven, wait_until
from benchmarks.page import EMPTY, FRAMES

SCREEN = ViewportSize(width=1440, height=900)
PAIRS = 3
SECONDS = 4  # of each turn

# Told within a page's own clock, since asking it takes a while on a busy machine.
WATCH_FOR_WORDS = """words => {
  window.toldAt = null;
  const look = () => {
    if (document.body.innerText.includes(words)) window.toldAt ??= Date.now();
    else requestAnimationFrame(look);
  };
  look();
}"""


class PupilInChromium:
    """A pupil with a page of their own: each call is answered before the next."""

    def __init__(self, browser: Browser, address: str, code: str, name: str) -> None:
        self.problems: list[str] = []
        self.address = address
        self.page = browser.new_context(viewport=SCREEN).new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"{name}: {error}"))
        self.page.on("console", self._note)
        self.page.goto(f"{address}/class?code={code}")
        self.page.get_by_test_id("nickname").fill(name)
        self.page.get_by_test_id("join").click()
        self._see("[data-testid=weight-tile]")

    def do(self, task: int) -> None:
        """Answer the task's question, train, teach the network a seven, and begin anew."""
        page = self.page
        page.goto(f"{self.address}/?lesson={task}")
        self._see("[data-testid=weight-tile]")
        page.locator("[data-testid=lesson-answers] input").first.check()
        page.get_by_test_id("lesson-notes").fill("what I saw")
        page.get_by_test_id("train").click()
        wait_until(page, "/[1-9]/.test(document.querySelector('#step-count').textContent)")
        page.reload()  # as one who has lost the connection
        self._see("[data-testid=weight-tile]")
        draw_seven(page)
        wait_until(page, "document.querySelector('[data-testid=prediction]').textContent !== ''")
        page.get_by_test_id("reset").click()
        wait_until(page, "document.querySelector('#step-count').textContent === '0'")

    def watch_for(self, words: str) -> None:
        """Note when these words come into sight."""
        self.page.evaluate(WATCH_FOR_WORDS, words)

    def told_after(self, began: float) -> float:
        """Return how long the words took that are watched for; ``began`` is of ``time.time``."""
        wait_until(self.page, "window.toldAt !== null")
        told: float = self.page.evaluate("window.toldAt")
        return told / 1000 - began

    def _note(self, message: ConsoleMessage) -> None:
        """Note what the console calls an error: an answer that refuses something is one, too."""
        if message.type == "error":
            self.problems.append(message.text)

    def _see(self, what: str) -> None:
        wait_until(self.page, "what => document.querySelector(what) !== null", what)


def wall_frames(browser: Browser, wall: Page) -> list[float]:
    """Return the wall's animation frames per second as shares of an empty page's, by turns."""
    empty = browser.new_page(viewport=SCREEN)
    empty.set_content(EMPTY)
    ratios = []
    for _ in range(PAIRS):
        empty.bring_to_front()
        most: float = empty.evaluate(FRAMES, 1000 * SECONDS)
        wall.bring_to_front()
        time.sleep(0.5)
        ratios.append(wall.evaluate(FRAMES, 1000 * SECONDS) / most)
    empty.close()
    return ratios
