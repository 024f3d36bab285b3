"""Many runs compared: set up on the playground, watched on a page of their own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.app.clients import Client
from tests.app.sweeps.sweeping import QUICK, begun, until
from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible
from tests.servers import PATIENCE, Server

RATES = [0.01, 0.1, 1.0, 3.0]


@pytest.fixture
def expected_problems() -> list[str]:
    # What is asked for can be wrong, and a network can be gone when its picture is asked for.
    return ["the server responded with a status of (422|404)"]


@pytest.fixture(scope="module")
def owner(server: Server) -> Iterator[Client]:
    """Return a client that owns a sweep; it is deleted at the end."""
    with Client(base_url=server.url, timeout=PATIENCE) as owner:
        yield owner
        for sweep in owner.get("/api/sweeps").json():
            owner.delete(f"/api/sweeps/{sweep['id']}")


def column(page: Page, index: int) -> list[str]:
    """Return a column of the table of runs."""
    cells = page.locator(f"[data-testid=run-row] td:nth-child({index})")
    return cells.all_inner_texts()


def test_a_sweep_is_set_up_watched_and_deleted(playground: Playground) -> None:
    page = playground.page
    playground.open("/?train_examples=640&hidden=4&epochs=3")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    playground.open_more()
    playground.by("sweep").click()
    expect(playground.by("sweep-setup")).to_be_visible()
    assert any(url.endswith("/sweep/setup.view.js") for url in requested)
    playground.by("sweep-preset").select_option("rates")
    expect(playground.by("values-learning_rate")).to_have_value("0.01 .. 100 log 9")
    expect(playground.by("sweep-cost")).to_have_text(re.compile("9 runs, about "))
    playground.by("sweep-preset").select_option("")
    playground.by("vary-learning_rate").check()
    playground.by("values-learning_rate").fill("0.1, -1")
    problem = page.locator("#vary-error-learning_rate")
    expect(problem).to_contain_text("greater than or equal to 0")
    expect(playground.by("sweep-begin")).to_be_disabled()
    playground.by("values-learning_rate").fill("0.1, 1")
    expect(playground.by("sweep-cost")).to_have_text(re.compile("2 runs, about "))
    assert_accessible(page, "setting up", '[data-testid="sweep-setup"]')
    playground.by("sweep-begin").click()
    page.wait_for_url(re.compile("/sweeps/[0-9a-f]{32}$"))
    expect(playground.by("sweep-standing")).to_contain_text("2 of 2 runs have ended")
    assert sorted(column(page, 1)) == ["0.1", "1"]
    assert column(page, 5) == ["3", "3"]
    playground.by("sweep-delete").click()
    playground.by("sweep-delete-yes").click()
    page.wait_for_url(re.compile("/sweeps$"))
    expect(page.get_by_text("No sweeps yet")).to_be_visible()


def test_its_pictures_show_the_same_runs(page: Page, server: Server, owner: Client) -> None:
    sweep = begun(owner, {"learning_rate": RATES}, QUICK | {"epochs": 8}, search="halving")
    ended = until(owner, sweep, "finished")
    page.goto(f"{server.url}/sweeps/{sweep['id']}")
    rows = page.get_by_test_id("run-row")
    expect(rows).to_have_count(4)
    expect(page.get_by_test_id("sweep-controls")).to_be_hidden()  # it is somebody else's
    accuracies = [float(text.removesuffix("%")) for text in column(page, 2)]
    assert accuracies == sorted(accuracies, reverse=True)
    reasons = {run["reason"] for run in ended["runs"] if run["reason"]}
    assert reasons <= set(column(page, 7))
    pictures = page.locator("[data-testid=sweep-best] canvas:visible")
    expect(pictures).to_have_count(4)
    expect(pictures.first).to_have_attribute("aria-label", re.compile("after epoch"))
    assert_accessible(page, "a sweep")

    # What is pointed at stands out everywhere.
    best = max(ended["runs"], key=lambda run: (run["epoch"], run["test_accuracy"]))
    curves = page.get_by_test_id("sweep-curves")
    box = curves.bounding_box()
    assert box is not None
    # The best one's curve is the only one that comes to the right edge.
    height = box["height"] - 30
    y = box["y"] + 8 + (1 - best["test_accuracy"]) * height
    page.mouse.move(box["x"] + box["width"] - 11, y)
    stands = page.locator(f"[data-run='{best['id']}'].stands")
    expect(stands).to_be_visible()
    expect(page.get_by_test_id("sweep-hovered")).to_contain_text("learning rate")

    # Another order, and an earlier epoch.
    page.get_by_role("button", name="Learning rate").click()
    assert [float(text) for text in column(page, 1)] == sorted(RATES, reverse=True)
    page.get_by_test_id("sweep-epoch").fill("1")
    expect(rows.first.locator("td").nth(4)).to_have_text("1")
    assert set(column(page, 5)) == {"1"}
    expect(pictures.first).to_have_attribute("aria-label", re.compile("after epoch 1"))

    # Brushed: of the results only the upper ones.
    parallel = page.get_by_test_id("sweep-parallel")
    parallel.scroll_into_view_if_needed()
    box = parallel.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] - 56
    page.mouse.move(x, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] - 60, steps=3)
    page.mouse.up()
    expect(page.locator("tr.away")).not_to_have_count(0)
    page.get_by_test_id("clear-brushes").click()
    expect(page.locator("tr.away")).to_have_count(0)
    page.mouse.move(0, 0)

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page, "a sweep on a phone")


def test_a_sweep_that_is_gone_says_so(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/sweeps/{'0' * 32}")
    expect(page.get_by_test_id("connection")).to_contain_text("there is no sweep")


def test_its_owner_pauses_resumes_and_stops_it(page: Page, server: Server) -> None:
    base = {"train_examples": 320, "epochs": None, "steps_per_second": 100, "hidden": [4]}
    asked = {"base": base, "vary": {"seed": [1, 2]}, "at_once": 2}
    sweep = page.request.post(f"{server.url}/api/sweeps", data=asked).json()
    page.goto(f"{server.url}/sweeps/{sweep['id']}")
    epoch = page.get_by_test_id("run-row").first.locator("td").nth(4)
    for _ in range(2):  # the curves grow
        expect(epoch).not_to_have_text(epoch.inner_text())
    for command, words in (("pause", "Paused"), ("resume", "Training"), ("stop", "Stopped")):
        page.get_by_test_id(f"sweep-{command}").click()
        expect(page.get_by_test_id("sweep-standing")).to_contain_text(words)
    page.goto(f"{server.url}/runs/{sweep['runs'][0]['id']}")
    page.get_by_test_id("to-sweep").click()
    expect(page.get_by_test_id("sweep-standing")).to_contain_text("Stopped")
    page.request.delete(f"{server.url}/api/sweeps/{sweep['id']}")
    expect(page.get_by_test_id("connection")).to_contain_text("was deleted")
