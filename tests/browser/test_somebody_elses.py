"""Somebody else's run, the queue, an interruption and notices.

What the server can't be made to say, the tests put into its messages on the way.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.app.clients import Client
from tests.browser.playground import SEVEN, Playground
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server

ENDLESS = "/?epochs=null&steps_per_second=200&hidden=4&train_examples=320"


class Told:
    """Changes the server's messages to the page: the run in ``hello``, and additional events."""

    def __init__(self, page: Page) -> None:
        self.of_run: dict[str, Any] = {}
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/live"), self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(self._altered(message)))
        self._sockets.append(socket)

    def _altered(self, message: str | bytes) -> str | bytes:
        if isinstance(message, bytes):
            return message
        event = json.loads(message)
        if event["type"] == "hello" and not event["run"]["id"].startswith("pretrained"):
            event["run"] |= self.of_run
        return json.dumps(event)

    def say(self, **event: object) -> None:
        """Send an event over the newest socket."""
        self._sockets[-1].send(json.dumps(event))


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """Another visitor."""
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        yield client
        for run in client.get("/api/runs").json():
            if not run["id"].startswith("pretrained"):
                client.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def told(page: Page) -> Told:
    """The changed messages of this test's page."""
    return Told(page)


@pytest.fixture
def somebody_elses(playground: Playground, client: Client) -> Iterator[str]:
    """Open a run that trains, and is another visitor's; yield its id."""
    run = client.run(epochs=None, steps_per_second=200, hidden=[4], train_examples=320)
    playground.open(f"/runs/{run}")
    playground.wait_for_status("You are watching somebody else's run: you can draw on it.")
    yield run
    playground.page.close()  # before the run is deleted


@pytest.fixture
def changing_requests(page: Page) -> list[str]:
    """The requests by which the page changes a run, as they are made."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(f"{request.method} {request.url.partition('/api/')[2]}")
            if request.method != "GET" and "/predict?" not in request.url
            else None
        ),
    )
    return asked


@pytest.mark.usefixtures("somebody_elses")
def test_somebody_elses_run_is_watched_and_drawn_on(
    playground: Playground, changing_requests: list[str]
) -> None:
    expect(playground.by("pause")).to_be_disabled()
    expect(playground.by("train")).to_have_text("Train a new network")
    expect(playground.by("train")).to_be_enabled()
    playground.wait_for_epoch(playground.epoch() + 1)  # it goes on as it comes
    playground.draw(SEVEN)
    expect(playground.by("prediction")).not_to_be_empty()
    rate = playground.by("learning-rate")
    rate.fill("0.25")
    rate.press("Enter")
    playground.page.wait_for_url(re.compile("learning_rate=0.25"))
    playground.page.locator("#nudge-index").fill("7")
    expect(playground.by("nudge-message")).to_contain_text("Tried on a copy of your own")
    expect(playground.by("nudge-apply")).to_be_disabled()
    assert [asked for asked in changing_requests if not asked.endswith("/nudge")] == []


def test_train_begins_one_of_ones_own_and_leaves_theirs_alone(
    playground: Playground, somebody_elses: str, changing_requests: list[str]
) -> None:
    playground.by("train-like-it").click()
    expect(playground.field("dataset")).to_be_focused()
    expect(playground.by("preset-note")).to_contain_text("change one thing, then press Train")
    expect(playground.field("hidden")).to_have_value("4")
    playground.by("train").click()
    playground.page.wait_for_url(lambda url: somebody_elses not in url)
    expect(playground.by("pause")).to_be_enabled()
    assert changing_requests == ["POST runs"]
    playground.pause()


def test_step_and_reset_begin_one_of_ones_own(
    playground: Playground, somebody_elses: str, changing_requests: list[str]
) -> None:
    for press, steps in (("step", "1"), ("reset", "0")):
        playground.by(press).click()
        playground.page.wait_for_url(lambda url: somebody_elses not in url)
        expect(playground.page.locator("#step-count")).to_have_text(steps)
        assert not any(somebody_elses in asked for asked in changing_requests)
        playground.page.go_back()
        playground.wait_for_status("You are watching somebody else's run")


def test_a_refusal_is_told_in_the_servers_words(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("403")
    playground.open(ENDLESS)
    playground.train()
    words = "This run is somebody else's: you can watch it and draw on it"
    playground.page.route(
        "**/pause", lambda route: route.fulfill(status=403, json={"detail": words})
    )
    playground.by("pause").click()
    playground.wait_for_status(words)
    playground.page.unroute("**/pause")
    playground.pause()


def test_a_queued_run_shows_its_place_and_can_leave_the_queue(
    start_server: StartServer, page: Page
) -> None:
    server = start_server(max_live_runs=1)
    first, second = (
        page.request.post(f"{server.url}/api/runs", data={"epochs": None}).json()["id"]
        for _ in range(2)
    )
    playground = Playground(page, server.url)
    playground.open(ENDLESS)
    playground.wait_until(
        "async run => (await (await fetch(`/api/runs/${run}`)).json()).status === 'training'", first
    )
    playground.by("train").click()
    playground.wait_for_status("Waiting. Number 2 in the queue: another run trains.")
    expect(playground.by("train")).to_be_disabled()
    expect(playground.by("pause")).to_be_disabled()
    page.request.post(f"{server.url}/api/runs/{second}/stop")
    playground.wait_for_status("Number 1 in the queue")
    playground.by("stop-waiting").click()
    playground.wait_for_status("Stopped")
    expect(playground.by("stop-waiting")).to_be_hidden()
    assert page.request.get(f"{server.url}/api/runs/{first}").json()["status"] == "training"


def test_a_reset_on_a_full_server_waits_and_is_then_ready(
    start_server: StartServer, page: Page
) -> None:
    server = start_server(max_live_runs=1)
    playground = Playground(page, server.url)
    playground.open(ENDLESS)
    playground.train()
    first = page.url
    with Client(base_url=server.url, timeout=PATIENCE) as other:
        waits = other.run(epochs=None)
        playground.by("reset").click()
        page.wait_for_url(lambda url: url != first)
        playground.wait_for_status("Waiting. Number 1 in the queue: another run trains.")
        other.command(waits, "stop")
        playground.wait_for_status("An untrained network")
        expect(playground.by("train")).to_be_enabled()
        expect(playground.page.locator("#step-count")).to_have_text("0")


def test_an_interrupted_run_says_why_and_resumes(
    playground: Playground, told: Told, page: Page
) -> None:
    playground.open(ENDLESS)
    playground.train()
    playground.wait_for_epoch(1)
    playground.pause()
    told.say(type="status", status="interrupted", step=9, reason="the server was restarted")
    playground.wait_for_status("Interrupted. The server was restarted.")
    expect(playground.by("train")).to_have_text("Go on")
    at = playground.epoch()
    with page.expect_request("**/resume"):
        playground.by("train").click()
    playground.wait_for_epoch(at + 1)
    playground.pause()


def test_a_notice_is_shown_until_the_next_status(playground: Playground, told: Told) -> None:
    playground.open(ENDLESS)
    playground.train()
    playground.wait_for_epoch(1)  # greeted, and told that it trains
    words = "the disk is full: epochs since 120 are not being kept; training goes on"
    told.say(type="status", status="training", step=1, reason=words)
    playground.wait_for_status("The disk is full: epochs since 120")
    expect(playground.by("pause")).to_be_enabled()
    told.say(type="status", status="training", step=2, reason=None)
    playground.wait_for_status("Training: each step")
    expect(playground.by("status")).not_to_contain_text("disk")
    playground.pause()
