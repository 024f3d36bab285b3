"""The network's mistakes: the confusion matrix, and misread digits that are put on the pad."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.playground import Playground, Server

FAST = "/?steps_per_second=null&epochs=3"


def look(playground: Playground) -> None:
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(playground.by("mistakes-score")).to_contain_text("1,000")


def test_the_matrix_the_digits_and_the_pad(playground: Playground) -> None:
    asked: list[str] = []
    playground.page.on("request", lambda r: asked.append(r.url) if "/mistakes" in r.url else None)
    playground.open(FAST)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    assert [url for url in asked if "/api/" in url] == []  # nobody has looked
    look(playground)
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/mistakes") as answer:
        mistakes = json.load(answer)
    words = f"{mistakes['right']} of 1,000 test digits read right after step {mistakes['step']:,}."
    expect(playground.by("mistakes-score")).to_have_text(words)
    rows = playground.by("confusion").locator("tbody tr")
    expect(rows).to_have_count(10)
    shown = rows.evaluate_all(
        "rows => rows.map((row) => [...row.querySelectorAll('td')]"
        ".map((cell) => Number(cell.textContent)))"
    )
    assert shown == mistakes["confusion"]

    worst = mistakes["wrong"][0]
    cell = rows.nth(worst["label"]).locator("button").nth(worst["digit"])
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    pair = [m for m in mistakes["wrong"] if (m["label"], m["digit"]) == pair_of(worst)]
    digits = playground.by("wrong-digits").get_by_role("button")
    expect(digits).to_have_count(len(pair))
    expect(digits.first).to_have_accessible_name(
        re.compile(rf"^an? {worst['label']} read as {worst['digit']}, output −?\d\.\d\d$")
    )
    playground.page.get_by_role("button", name="Show all").click()
    expect(digits).to_have_count(len(mistakes["wrong"]))
    digits.first.click()
    expect(playground.by("draw-pad")).to_be_in_viewport()


def pair_of(mistake: dict[str, int]) -> tuple[int, int]:
    return mistake["label"], mistake["digit"]


def test_the_matrix_is_one_stop_of_the_keyboard(playground: Playground) -> None:
    playground.open(FAST)
    playground.train_without_waiting()
    look(playground)
    cells = playground.by("confusion").get_by_role("button")
    cells.first.focus()
    playground.page.keyboard.press("ArrowRight")
    playground.page.keyboard.press("ArrowDown")
    playground.page.keyboard.press("ArrowLeft")
    expect(cells.nth(10)).to_be_focused()
    playground.page.keyboard.press("ArrowLeft")
    expect(cells.nth(10)).to_be_focused()
    playground.page.keyboard.press("Enter")
    expect(cells.nth(10)).to_have_attribute("aria-pressed", "true")


def test_a_network_whose_test_digits_are_not_here_is_not_asked(playground: Playground) -> None:
    playground.open()  # the pretrained one, of MNIST
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(playground.by("mistakes-score")).to_contain_text("mnist is not here yet")


def test_the_mistakes_follow_the_network_and_looking_back(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=1000")
    playground.train()
    look(playground)
    score = playground.by("mistakes-score")
    first = score.inner_text()
    expect(score).not_to_have_text(first)  # it goes on while it trains
    playground.pause()
    playground.by("timeline").press("Home")
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(score).to_contain_text("after step 0")


def test_an_error_is_told_in_place(playground: Playground, expected_problems: list[str]) -> None:
    expected_problems.append("503")
    playground.page.route(
        re.compile("/api/runs/.*/mistakes"),
        lambda route: route.fulfill(status=503, json={"detail": "The server is busy."}),
    )
    playground.open(FAST)
    playground.train_without_waiting()
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(playground.page.locator("#mistakes-problem")).to_have_text("The server is busy.")


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``static`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str) -> Any:
        return page.evaluate(
            f"async () => {{ const m = await import('/static/{module}.js'); {body} }}"
        )

    yield run
    page.close()


def test_every_cell_can_be_read(run: Any) -> None:
    contrasts = run(
        "mistakes/mistakes.pure",
        """const light = (rgb) => rgb.map((c) => c / 255)
          .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const contrast = ({ ground, ink }) => {
          const [one, other] = [light(ground.match(/\\d+/g).map(Number)), ink === "#000" ? 0 : 1];
          return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        };
        const shares = Array.from({ length: 101 }, (_, i) => i / 100);
        return ["light", "dark"].flatMap((theme) =>
          shares.map((share) => contrast(m.cellColours(share, theme))))""",
    )
    assert min(contrasts) >= 4.5


def test_mistakes_have_words(run: Any) -> None:
    told = run(
        "mistakes/mistakes.pure",
        """const digits = Array.from({ length: 10 }, (_, i) => String(i));
        const mistakes = { examples: 1000, right: 916, confusion: [[3, 2], [0, 5]] };
        const pair = (label, digit) => m.wrongWords(mistakes, 1, { label, digit }, digits);
        return [
          m.mistakeWords({ label: 8, digit: 3, confidence: 0.974 }, digits),
          m.mistakeWords({ label: 1, digit: 0, confidence: -1 }, ["boat", "ankle boot"]),
          m.wrongWords(mistakes, 48, null, digits), pair(0, 1), pair(1, 0),
          m.sharesOf([[3, 1], [0, 0]]),
        ]""",
    )
    assert told == [
        "an 8 read as 3, output 0.97",
        "an ankle boot read as boat, output −1.00",
        "48 of 84, the most confident first; choose one to put it on the pad.",
        "1 of 2, a 0 read as 1.",
        "None is a 1 read as 0.",
        [[0.75, 0.25], [0, 0]],
    ]
