"""The network's mistakes: the confusion matrix, and misread digits that are put on the pad."""

import json
import re
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.playground import Playground

FAST = "/?steps_per_second=null&epochs=3"


def look(playground: Playground) -> None:
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(playground.by("mistakes-score")).to_contain_text("1,000")


def test_the_matrix_the_digits_the_pad_and_the_keyboard(playground: Playground) -> None:
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
    digits = playground.page.locator("#wrong-digits li:not([hidden]) > button:first-child")
    expect(digits).to_have_count(len(pair))
    expect(digits.first).to_have_accessible_name(
        re.compile(rf"^an? {worst['label']} read as {worst['digit']}, output −?\d\.\d\d$")
    )
    playground.page.get_by_role("button", name="Show all").click()
    expect(digits).to_have_count(len(mistakes["wrong"]))
    digits.first.click()
    expect(playground.by("draw-pad")).to_be_in_viewport()

    name = digits.nth(1).get_attribute("aria-label")
    look_inside = playground.page.get_by_role("button", name=f"Look inside: {name}")
    look_inside.first.click()
    other = mistakes["wrong"][1]
    expect(playground.by("inside-reads")).to_contain_text(f"{other['digit']} (")
    expect(playground.by("inside-truth")).to_have_value(str(other["label"]))
    playground.page.keyboard.press("Escape")
    expect(playground.by("inside")).to_be_hidden()
    expect(look_inside.first).to_be_focused()
    assert_one_stop_of_the_keyboard(playground)


def pair_of(mistake: dict[str, int]) -> tuple[int, int]:
    return mistake["label"], mistake["digit"]


def assert_one_stop_of_the_keyboard(playground: Playground) -> None:
    """Go through the cells of the matrix by the arrow keys, and choose one."""
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


def test_the_mistakes_follow_the_network_and_looking_back(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=200")
    playground.train()
    look(playground)
    score = playground.by("mistakes-score")
    first = score.inner_text()
    expect(score).not_to_have_text(first)  # it goes on while it trains
    playground.wait_for_epoch(1)
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
