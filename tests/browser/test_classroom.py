"""The teacher's page: a wall of tiles that live."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.app.clients import Client, Watcher
from tests.browser.playground import Playground
from tests.browser.test_accessibility import DESKTOP, PHONE, assert_accessible
from tests.server_thread import StartServer, serving
from tests.servers import Server, post

TOKEN = "the teacher's own words"
TEACHER = {"Authorization": f"Bearer {TOKEN}"}
ENDLESS = {"epochs": None, "train_examples": 320, "steps_per_second": 200}
SCREEN = {"viewport": DESKTOP, "extra_http_headers": TEACHER}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server with a classroom."""
    with serving(tmp_path_factory.mktemp("school"), classroom_token=TOKEN) as server:
        yield server


@pytest.fixture
def student(school: Server) -> Iterator[Client]:
    with Client(base_url=school.url) as student:
        yield student
        for run in student.get("/api/runs").json():
            student.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def screen() -> dict[str, object]:
    return SCREEN


def tile_of(page: Page, run: str) -> Locator:
    """Return the tile that shows this run."""
    return page.locator(f"[data-testid=tile][data-run='{run}']")


def order(page: Page) -> list[str]:
    """Return the runs on the wall, in the order in which they stand."""
    ids: list[str] = page.locator("[data-testid=tile]").evaluate_all(
        "tiles => tiles.map((tile) => tile.dataset.run)"
    )
    return ids


def wait_for_another_picture(page: Page, run: str) -> None:
    """Wait until the weights on a run's tile are painted differently from now."""
    canvas = f"[data-run='{run}'] .weights"
    before = page.locator(canvas).evaluate("canvas => canvas.toDataURL()")
    Playground(page, page.url).wait_until(
        "([canvas, before]) => document.querySelector(canvas).toDataURL() !== before",
        [canvas, before],
    )


def test_the_wall_lives_and_is_obeyed(page: Page, school: Server, student: Client) -> None:
    page.goto(f"{school.url}/classroom")
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.get_by_test_id("every-run").check()
    first, second, third = (student.run(**ENDLESS, seed=seed) for seed in (1, 2, 3))
    student.patch(f"/api/runs/{first}", json={"name": "Ada's"})
    tile = tile_of(page, first)
    expect(tile.get_by_role("heading")).to_have_text("Ada's")
    expect(tile_of(page, second).get_by_role("heading")).to_contain_text("seed 2")
    expect(page.get_by_test_id("count")).to_have_text("3 training")
    expect(page.get_by_test_id("empty")).to_be_hidden()
    expect(tile).to_contain_text(re.compile(r"Visitor \d+"))
    assert order(page) == [third, second, first]

    expect(tile).to_contain_text(re.compile(r"Cost\d"))
    figures = tile.locator("dl").inner_text()
    expect(tile.locator("dl")).not_to_have_text(figures, use_inner_text=True)
    wait_for_another_picture(page, first)

    tile_of(page, third).get_by_role("button", name="Pause").click()
    expect(tile_of(page, third).get_by_text("Paused")).to_be_visible()
    assert student.get(f"/api/runs/{third}").json()["status"] == "paused"
    tile_of(page, second).get_by_role("button", name="Stop").click()
    expect(tile_of(page, second).get_by_text("Stopped")).to_be_visible()
    expect(page.get_by_test_id("count")).to_have_text("1 training, 1 paused, 1 ended")
    page.mouse.move(0, 0)  # away from the buttons, under which no tile is moved
    student.delete(f"/api/runs/{second}")
    expect(tile_of(page, second)).to_have_count(0)
    assert order(page) == [first, third]


def test_one_run_is_shown_to_everybody(page: Page, school: Server, student: Client) -> None:
    run = student.run(**ENDLESS)
    somebody = Watcher(school, "pretrained")
    somebody.until("hello")
    page.goto(f"{school.url}/classroom")
    show = tile_of(page, run).get_by_role("button", name="Offer to everybody")
    show.click()
    assert somebody.until("show")[-1]["run"] == run
    expect(show).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("shown")).to_contain_text("Visitor")
    page.get_by_test_id("show-none").click()
    assert somebody.until("show")[-1]["run"] is None
    expect(show).to_have_attribute("aria-pressed", "false")
    somebody.close()


def test_watch_leads_to_the_run(page: Page, school: Server, student: Client) -> None:
    run = student.run(**ENDLESS)
    page.goto(f"{school.url}/classroom")
    link = tile_of(page, run).get_by_role("link", name="Watch")
    expect(link).to_have_attribute("href", f"/runs/{run}")
    expect(link).to_have_attribute("target", "_blank")


def test_a_refusal_is_told(
    page: Page, school: Server, student: Client, expected_problems: list[str]
) -> None:
    expected_problems.append("409")
    run = student.run(**ENDLESS)
    page.goto(f"{school.url}/classroom")
    page.route("**/pause", lambda route: route.fulfill(status=409, body='{"detail": "not now"}'))
    tile_of(page, run).get_by_role("button", name="Pause").click()
    expect(page.get_by_test_id("problem")).to_have_text("not now")


def test_the_server_goes_away_and_comes_back(
    page: Page, start_server: StartServer, expected_problems: list[str]
) -> None:
    expected_problems += ["WebSocket connection", "ERR_CONNECTION"]
    server = start_server(classroom_token=TOKEN)
    page.goto(f"{server.url}/classroom")
    post(f"{server.url}/api/runs", json={"epochs": 1, "seed": 1})
    expect(page.get_by_test_id("count")).to_contain_text("1 ended")
    server.stop()
    expect(page.get_by_test_id("connection")).to_contain_text("Connection lost")
    expect(page.get_by_test_id("tile").first).to_be_visible()
    again = start_server(server.port, classroom_token=TOKEN)
    expect(page.get_by_test_id("connection")).to_be_empty()
    post(f"{again.url}/api/runs", json={"epochs": 1, "seed": 2})
    expect(page.get_by_role("heading", name="Seed 2")).to_be_visible()
    page.goto("about:blank")


def test_a_page_that_nobody_sees_hears_nothing(page: Page, school: Server) -> None:
    page.add_init_script(
        "window.sockets = []; const Real = WebSocket;"
        "window.WebSocket = class extends Real {"
        "  constructor(...args) { super(...args); sockets.push(this); } };"
        "let hidden = false; Object.defineProperty(document, 'hidden', { get: () => hidden });"
        "window.hide = (now) => { hidden = now;"
        "  document.dispatchEvent(new Event('visibilitychange')); };"
    )
    page.goto(f"{school.url}/classroom")
    states = "() => JSON.stringify(sockets.map((socket) => socket.readyState))"

    def wait_for(expected: list[int]) -> None:
        text = json.dumps(expected, separators=(",", ":"))
        Playground(page, page.url).wait_until(f"text => ({states})() === text", text)

    wait_for([1])
    page.evaluate("hide(true)")
    wait_for([3])
    page.evaluate("hide(false)")
    wait_for([3, 1])
    expect(page.get_by_test_id("connection")).to_be_empty()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_classroom_keeps_nobody_out(
    contexts: Callable[[dict[str, object]], BrowserContext],
    school: Server,
    student: Client,
    size: dict[str, int],
) -> None:
    page = contexts({**SCREEN, "viewport": size}).new_page()
    page.goto(f"{school.url}/classroom")
    expect(page.get_by_test_id("empty")).to_be_visible()
    assert_accessible(page, "empty")
    page.get_by_test_id("every-run").check()
    trains = student.run(**ENDLESS)
    diverges = student.run(output="identity", activation="relu", learning_rate=1e5)
    expect(tile_of(page, trains)).to_contain_text("Training")
    expect(tile_of(page, diverges)).to_contain_text("Diverged: After step")
    tile_of(page, diverges).get_by_role("button", name="Offer to everybody").click()
    expect(page.get_by_test_id("show-none")).to_be_visible()
    assert_accessible(page, "with runs")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
