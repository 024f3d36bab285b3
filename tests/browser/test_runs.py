"""The list of the visitor's runs: open, rename, compare, fork, delete, export and import."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.playground import Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.server_thread import serving
from tests.servers import Server

SHORT = {"epochs": 2, "hidden": [4], "train_examples": 100}


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that only these tests use: they count its runs."""
    with serving(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture
def playground(own_server: Server, page: Page) -> Iterator[Playground]:
    """The page on that server, which has no runs yet; not yet opened."""
    playground = Playground(page, own_server.url)
    yield playground
    page.close()
    delete_runs(playground)


def delete_runs(playground: Playground) -> None:
    """Delete what tests have left behind."""
    for run in ask(playground, "GET", ""):
        if not run["id"].startswith("pretrained"):
            ask(playground, "DELETE", f"/{run['id']}")


@pytest.fixture(scope="module")
def opened(contexts: Contexts, own_server: Server) -> Iterator[SharedPage]:
    """The start page on that server, opened once."""
    with shared_page(contexts(DESKTOP), own_server) as playground:
        yield playground


@pytest.fixture
def start(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """The start page, with the list of runs closed; there are none."""
    with opened.of_a_test(expected_problems):
        yield opened
        if opened.by("runs-dialog").is_visible():
            opened.by("runs-close").click()
        delete_runs(opened)


def create(playground: Playground, **spec: object) -> str:
    """Start a run beside the page; return its id."""
    run_id: str = ask(playground, "POST", "", {**SHORT, **spec})["id"]
    return run_id


def ask(playground: Playground, method: str, path: str, body: object = None) -> Any:
    """Call the server beside the page, as the same visitor."""
    answer = playground.page.context.request.fetch(
        f"{playground.url}/api/runs{path}", method=method, data=body, max_retries=2
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def open_list(playground: Playground) -> Locator:
    """Open the list; return its rows."""
    playground.by("runs").click()
    expect(playground.by("runs-dialog")).to_be_visible()
    return playground.by("run-row")


def test_the_list_begins_empty_and_has_what_is_trained(playground: Playground) -> None:
    playground.open("/?epochs=2&hidden=4&train_examples=100&steps_per_second=null")
    open_list(playground)
    expect(playground.by("runs-empty")).to_have_text("No runs yet: press Train.")
    expect(playground.by("runs-export")).to_be_hidden()
    playground.by("runs-close").click()
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    trained = open_list(playground)
    expect(trained).to_have_count(1)
    expect(trained).to_contain_text("4 sigmoid, SGD 1 on digits-5k")
    expect(trained).to_contain_text("open now")
    expect(trained).to_contain_text(
        re.compile(r"\d%.*finished · epoch 2 of 2 · (today|\d+ \w+ \d+), \d\d:\d\d")
    )
    expect(trained.get_by_test_id("run-compare")).to_be_disabled()


def test_another_run_is_opened_from_the_list(playground: Playground) -> None:
    first, second = create(playground), create(playground, hidden=[5])
    playground.open(f"/runs/{second}")
    playground.wait_for_status("Finished")
    rows = open_list(playground)
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-run", second)  # the newest is the first
    expect(rows.last).to_contain_text(re.compile(r"\d%"))
    rows.last.get_by_test_id("run-open").click()
    playground.page.wait_for_url(re.compile(first))
    expect(playground.by("runs-dialog")).to_be_hidden()
    expect(playground.field("hidden")).to_have_value("4")
    playground.page.go_back()
    expect(playground.field("hidden")).to_have_value("5")


def test_a_run_is_renamed_in_its_place_with_the_keyboard(playground: Playground) -> None:
    run = create(playground)
    playground.open(f"/runs/{run}")
    row = open_list(playground).first
    row.get_by_role("button", name="Rename").press("Enter")
    name = row.get_by_label("Name of the run")
    expect(name).to_be_focused()
    playground.page.keyboard.type("not this")
    playground.page.keyboard.press("Escape")  # lets go of the name, and not of the list
    expect(row.get_by_test_id("run-open")).to_have_text("hidden 4, 100 training digits")
    expect(row.get_by_role("button", name="Rename")).to_be_focused()
    playground.page.keyboard.press("Enter")
    playground.page.keyboard.type("Four neurons")
    playground.page.keyboard.press("Enter")
    expect(row.get_by_test_id("run-open")).to_have_text("Four neurons")
    assert ask(playground, "GET", f"/{run}")["name"] == "Four neurons"


def test_a_compared_run_stands_behind_the_charts(playground: Playground) -> None:
    create(playground)
    playground.open(f"/runs/{create(playground, hidden=[5])}")
    playground.wait_for_status("Finished")
    compare = open_list(playground).last.get_by_test_id("run-compare")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    playground.page.keyboard.press("Escape")
    expect(playground.by("earlier")).to_contain_text("hidden 4")
    open_list(playground)
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "false")
    expect(playground.page.locator("#earlier-none")).to_have_count(1)
    playground.page.keyboard.press("Escape")
    expect(playground.by("earlier")).to_be_hidden()


def test_a_fork_trains_the_same_setup_with_one_change(playground: Playground) -> None:
    first = create(playground, seed=7, optimizer="adam", learning_rate=0.02)
    live = create(playground, epochs=None, steps_per_second=20, hidden=[5])
    playground.open(f"/runs/{live}")
    playground.wait_for_status("Training")
    open_list(playground).last.get_by_test_id("run-fork").click()
    expect(playground.by("preset-note")).to_contain_text("change one thing, then press Train")
    expect(playground.field("dataset")).to_be_focused()
    expect(playground.field("hidden")).to_have_value("4")
    playground.field("hidden").fill("6")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    runs = {run["id"]: run for run in ask(playground, "GET", "")}
    forked = runs[playground.page.url.partition("?")[0].rpartition("/")[2]]
    assert forked["spec"] == runs[first]["spec"] | {"hidden": [6]}
    assert runs[live]["spec"]["hidden"] == [5]
    assert runs[live]["status"] == "training"  # what was open trains on
    expect(playground.by("earlier")).to_be_visible()  # the original, to compare with


@pytest.mark.parametrize("expected_problems", [["404"]])  # of what it was just asking the run
def test_delete_asks_once_and_leaves_the_deleted_run(playground: Playground) -> None:
    kept, open_now = create(playground), create(playground)
    playground.open(f"/runs/{open_now}")
    rows = open_list(playground)
    rows.first.get_by_test_id("run-delete").click()
    expect(rows.first.get_by_role("button", name="No")).to_be_focused()
    playground.page.keyboard.press("Enter")
    expect(rows.first.get_by_test_id("run-delete")).to_be_focused()
    rows.first.get_by_test_id("run-delete").click()
    rows.first.get_by_role("button", name="Yes").click()
    expect(rows).to_have_count(1)
    expect(rows.first.get_by_test_id("run-open")).to_be_focused()
    expect(rows).to_have_attribute("data-run", kept)
    playground.page.keyboard.press("Escape")
    playground.wait_for_status("MNIST's 10,000 test digits")


def test_a_closed_list_asks_for_nothing(playground: Playground) -> None:
    asked: list[str] = []
    playground.page.on("request", lambda request: asked.append(request.url))
    playground.open("/?epochs=null&steps_per_second=400&hidden=4")

    def lists() -> int:
        return sum(url.endswith("/api/runs") for url in asked)

    playground.train()
    playground.wait_for_epoch(1)
    assert lists() == 1  # it was the page's own POST
    row = open_list(playground)
    expect(row).to_have_count(1)
    expect(row).to_contain_text("training")
    playground.wait_until("() => /epoch [2-9]/.test(document.querySelector('.run').textContent)")
    assert lists() == 2
    playground.by("runs-close").click()
    playground.pause()
    assert lists() == 2


def test_what_a_zip_brings_is_shown_and_what_is_wrong_with_it_told(
    start: Playground, expected_problems: list[str]
) -> None:
    """The test answers for the server: it accepts one zip and refuses another."""
    expected_problems.append("422")
    open_list(start)
    sent: list[str | None] = []

    def take(route: Route) -> None:
        sent.append(route.request.headers.get("content-type"))
        if len(sent) == 1:
            route.fulfill(status=422, json={"detail": "this is not a zip of runs"})
        else:
            route.fulfill(status=201, json=[ask(start, "GET", f"/{create(start)}")])

    start.page.route("**/api/runs/import", take)
    file: FilePayload = {"name": "runs.zip", "mimeType": "application/zip", "buffer": b"PK"}
    start.by("runs-import").set_input_files(file)
    problem = start.by("runs-import-problem")
    expect(problem).to_have_text("this is not a zip of runs")
    start.by("runs-import").set_input_files(file)
    expect(start.by("runs-said")).to_contain_text("1 run came: “hidden 4, 100")
    expect(problem).to_be_empty()
    expect(start.by("run-row")).to_have_class(re.compile("came"))
    assert sent == ["application/zip", "application/zip"]
    start.page.unroute("**/api/runs/import")
    expect(start.by("runs-export")).to_have_attribute("href", "/api/runs/export")


def test_a_hundred_runs_scroll_and_come_with_their_accuracies(start: Playground) -> None:
    run = ask(start, "GET", f"/{create(start)}")
    many = [
        {**run, "id": f"{i:032x}", "epoch": 2, "name": f"Run {i}", "test_accuracy": i / 100}
        for i in range(100)
    ]
    start.page.route("**/api/runs", lambda route: route.fulfill(json=many))
    asked: list[str] = []
    start.page.on("request", lambda request: asked.append(request.url))
    rows = open_list(start)
    expect(rows).to_have_count(100)
    expect(rows.first).to_contain_text("99.0%")
    expect(rows.nth(50)).to_contain_text("49.0%")
    assert not any("/api/runs/0" in url for url in asked)
    rows.last.scroll_into_view_if_needed()
    expect(start.by("runs-import")).to_be_in_viewport()  # the list scrolls, not its foot
    start.page.unroute("**/api/runs")


def test_an_untrained_run_that_is_left_takes_no_place_in_the_list(playground: Playground) -> None:
    playground.open("/?epochs=2&hidden=4&train_examples=100&steps_per_second=null")
    playground.by("reset").click()
    playground.wait_for_status("An untrained network")
    untrained = playground.page.url
    playground.by("reset").click()
    playground.page.wait_for_url(lambda url: url != untrained)
    playground.wait_for_status("An untrained network")
    expect(open_list(playground)).to_have_count(1)
    playground.page.keyboard.press("Escape")
    playground.page.go_back()  # nor one in the browser's history
    playground.wait_for_status("MNIST's 10,000 test digits")
