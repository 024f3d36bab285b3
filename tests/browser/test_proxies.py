"""The page behind proxies: under a path, without WebSockets, on connections that fall silent."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.playground import SEVEN, Playground
from tests.passed_on import assert_passed_on
from tests.proxy import Proxy, proxying
from tests.server_thread import StartServer
from tests.servers import Server, get

HUB = "/user/x/proxy/8000"
ENDLESS = "/?epochs=null&steps_per_second=200&hidden=4&train_examples=320"
TOKEN = "only-the-teacher"
# A context of its own: a clock that is set stays set in it.
CLOCK = pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}], ids=["clock"]
)


@pytest.fixture
def proxy(server: Server, habits: dict[str, Any]) -> Iterator[Proxy]:
    """The shared server behind a proxy."""
    with proxying(server, **habits) as proxy:
        yield proxy
        assert proxy.missed == []


@pytest.fixture
def habits() -> dict[str, Any]:
    """What the proxy of a test does."""
    return {}


STRIPPED = {"prefix": HUB}
LEFT_ON = {"prefix": HUB, "strips": False}
UNTOLD = {"prefix": "/nudge", "tells": False}


@pytest.mark.parametrize("habits", [STRIPPED, UNTOLD], ids=["told", "untold"])
def test_all_of_the_page_works_under_a_path(proxy: Proxy, page: Page, habits: Any) -> None:
    playground = Playground(page, proxy.url)
    playground.open(ENDLESS, charts=True)
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train()
    assert page.url.startswith(f"{proxy.url}/runs/")
    playground.wait_for_epoch(2)
    playground.pause()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    playground.leave_charts_out()
    run = page.url.partition("?")[0]
    page.reload()
    playground.wait_for_status("Paused")
    assert page.url.startswith(run)
    # Links lead on below the path, wherever the page has gone meanwhile.
    for link in page.locator("a[href]:not([href^='#'])").all():
        assert (link.get_attribute("href") or "").startswith(f"{habits['prefix']}/")
    page.get_by_text("The figures as a table").click()
    for address in ("export", "format=csv"):
        link = page.locator(f"[href*='{address}']").first
        assert page.request.get(link.evaluate("link => link.href")).ok
    playground.by("runs").click()
    expect(page.locator("dialog a[href*='/runs/']").first).to_be_visible()
    playground.page.keyboard.press("Escape")
    page.go_back()
    page.get_by_role("link", name="nudge").first.click()
    expect(page).to_have_url(f"{proxy.url}/")
    expect(playground.by("weight-tile")).to_have_count(16)


@pytest.mark.parametrize("habits", [LEFT_ON])
def test_a_path_that_is_left_on_makes_no_difference_to_the_page(
    server: Server, proxy: Proxy
) -> None:
    """It is given the same page, and all that it asks for is there."""

    def page(address: str) -> str:
        text = get(f"{address}/?epochs=3").text
        return re.sub(r'nonce="[^"]*"|"visitor": "[^"]*"', "", text)

    with proxying(server, **STRIPPED) as stripping:
        assert page(proxy.url) == page(stripping.url)
    assert_passed_on(proxy.url)


@pytest.mark.parametrize("habits", [UNTOLD])
def test_a_page_with_a_slash_at_its_end_works(proxy: Proxy, page: Page) -> None:
    playground = Playground(page, proxy.url)
    playground.open("/runs/pretrained/")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")


@pytest.mark.parametrize("habits", [UNTOLD])
def test_the_docs_work_under_a_path(proxy: Proxy, page: Page) -> None:
    page.goto(f"{proxy.url}/api/docs")
    page.get_by_text("/api/health", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".request-url")).to_contain_text(f"{proxy.url}/api/health")
    expect(page.locator(".live-responses-table tbody .response-col_status")).to_have_text("200")


@pytest.mark.parametrize("habits", [{"tells": True}, {"tells": False}], ids=["told", "untold"])
def test_the_classroom_works_under_a_path(
    page: Page, start_server: StartServer, habits: dict[str, Any], expected_problems: list[str]
) -> None:
    expected_problems.append("401")  # the form is an answer of that status
    server = start_server(classroom_token=TOKEN)
    with proxying(server, "/nudge", **habits) as proxy:
        page.goto(f"{proxy.url}/classroom")
        page.get_by_test_id("token").fill(TOKEN)
        page.get_by_role("button").click()
        expect(page).to_have_url(f"{proxy.url}/classroom")
        address = f"{proxy.url.removeprefix('http://')}/class"
        expect(page.get_by_test_id("join-address")).to_have_text(address)
        created = page.request.post(f"{proxy.url}/api/runs", data={"epochs": 1, "hidden": [4]})
        run = created.json()["id"]
        watch = page.locator(f"#wall a[href$='/runs/{run}']")
        expect(watch).to_be_visible()
        assert watch.evaluate("link => link.href") == f"{proxy.url}/runs/{run}"
        page.goto("about:blank")
        assert proxy.missed == []


@pytest.mark.parametrize("habits", [{"refuses_sockets": True}])
def test_without_websockets_the_page_goes_on_by_http(
    proxy: Proxy, page: Page, expected_problems: list[str]
) -> None:
    expected_problems += ["WebSocket", "404"]
    playground = Playground(page, proxy.url)
    playground.open(ENDLESS)
    playground.wait_for_status("No WebSocket gets through")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train()
    playground.wait_for_epoch(2)
    before = playground.first_tile()
    playground.wait_for_another_tile(before)
    at = playground.epoch()
    playground.wait_for_epoch(at + 2)
    playground.pause()
    playground.wait_for_status("Paused")
    playground.by("step").click()
    page.goto(page.url)
    playground.wait_for_status("Paused")
    page.goto(f"{proxy.url}/runs/nothing")
    playground.wait_for_status("does not know this run")


def test_without_websockets_teacher_and_pupils_still_hear_of_each_other(
    page: Page, start_server: StartServer, expected_problems: list[str]
) -> None:
    expected_problems += ["WebSocket", "404"]
    server = start_server(classroom_token=TOKEN)
    with proxying(server, refuses_sockets=True) as proxy:
        playground = Playground(page, proxy.url)
        playground.open()
        teacher = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=f"{server.url}/api/classroom", headers=teacher) as classroom:
            classroom.post("/hold", json={"reason": "eyes to the front"})
            classroom.post("/send", json={"text": "Now try this", "link": None})
            expect(playground.by("held")).to_contain_text("eyes to the front")
            page.locator("#sent-dismiss").click()
            classroom.post("/hold", json={"reason": None})
            expect(playground.by("told")).to_be_hidden()
            classroom.post("/show", json={"run": "pretrained-large"})
            expect(playground.by("teacher-banner")).to_be_visible()
        page.goto(f"{proxy.url}/classroom?token={TOKEN}")
        expect(page.get_by_test_id("connection")).to_contain_text("No WebSocket gets through")
        page.goto("about:blank")


@CLOCK
def test_a_connection_that_falls_silent_is_told_and_made_anew(proxy: Proxy, page: Page) -> None:
    """After a while, or at once when the machine has slept."""
    page.clock.install()
    playground = Playground(page, proxy.url)
    playground.open(ENDLESS)
    playground.train()
    playground.wait_for_epoch(1)
    sockets = len(playground.sockets)
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => said.push("
        "document.querySelector('#status-connection').textContent)).observe("
        "document.querySelector('#status'), {subtree: true, childList: true, characterData: true});"
        "}"
    )
    proxy.fall_silent()
    page.wait_for_timeout(500)
    at = playground.epoch()
    # What Pause is answered is shown, although the socket says nothing of it.
    playground.by("pause").click()
    playground.wait_for_status("Paused")
    playground.by("train").click()
    expect(playground.by("pause")).to_be_enabled()
    assert len(playground.sockets) == sockets
    assert playground.epoch() == at
    page.clock.fast_forward(26_000)
    playground.wait_until("() => said.some((words) => words.includes('silent'))")
    playground.wait_for_epoch(at + 2)
    heard = [figures["epoch"] for figures in playground.epochs_heard()]
    assert heard == list(range(1, len(heard) + 1))
    assert len(playground.sockets) == sockets + 1
    expect(page.locator("#status-connection")).to_have_text("")

    proxy.fall_silent()
    page.wait_for_timeout(500)
    at = playground.epoch()
    page.evaluate("dispatchEvent(new Event('online'))")
    playground.wait_for_epoch(at + 2)
    assert len(playground.sockets) == sockets + 2

    proxy.fall_silent()
    page.wait_for_timeout(500)
    at = playground.epoch()
    hide = "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
    changed = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide + changed)
    page.clock.fast_forward(13_000)
    page.evaluate(f"delete document.hidden; {changed}")
    playground.wait_for_epoch(at + 2)
    assert len(playground.sockets) == sockets + 3
    playground.pause()


@CLOCK
def test_a_connection_on_which_little_happens_is_left_alone(
    start_server: StartServer, page: Page
) -> None:
    server = start_server(heartbeat_seconds=0.5)
    page.clock.install()
    playground = Playground(page, server.url)
    playground.open()
    for _ in range(4):
        page.wait_for_timeout(1000)  # a sign of life comes
        page.clock.fast_forward(20_000)
    assert len(playground.sockets) == 1
    assert {"type": "alive"} in playground.events


@pytest.mark.parametrize("habits", [{"takes_cookies": True}])
def test_blocked_cookies_are_told_before_a_run_is_begun(proxy: Proxy, page: Page) -> None:
    page.context.clear_cookies()  # a cookie of another test is one of this host, too
    playground = Playground(page, proxy.url)
    playground.open()
    playground.by("train").click()
    playground.wait_for_status("blocks the cookie")
    assert page.url == f"{proxy.url}/"
    expect(playground.by("status")).not_to_contain_text("somebody else")


def test_a_browser_that_falsifies_its_canvas_is_told_so(page: Page, server: Server) -> None:
    page.add_init_script(
        "const read = CanvasRenderingContext2D.prototype.getImageData;"
        "CanvasRenderingContext2D.prototype.getImageData = function (...where) {"
        "  const image = read.apply(this, where);"
        "  for (let i = 0; i < image.data.length; i += 1) image.data[i] = (i * 7919) % 256;"
        "  return image; }"
    )
    Playground(page, server.url).open()
    expect(page.get_by_test_id("needs")).to_contain_text("falsifies")


def test_a_browser_that_lacks_something_is_told_so(
    page: Page, server: Server, expected_problems: list[str]
) -> None:
    expected_problems += ["uncaught", "is not a function"]
    page.add_init_script("delete Array.prototype.at; delete window.WebSocket;")
    page.goto(server.url)
    expect(page.get_by_test_id("needs")).to_contain_text("today's JavaScript, WebSockets")


def test_a_good_browser_is_told_nothing(start_page: Playground) -> None:
    expect(start_page.by("needs")).to_be_hidden()
