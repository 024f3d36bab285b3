import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from app.settings import Settings
from app.web.rate_limit import (
    REQUESTS_SECONDS,
    ROUNDING,
    RateLimit,
    TokenBuckets,
)
from tests.app.clients import Client
from tests.app.drawings import drawing
from tests.clock import Clock
from tests.event_loop import run_in_loop
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server

START = 1000.0  # of a clock, in seconds


def caller(server: Server, address: str) -> Client:
    """Return a client that calls from this address of the machine."""
    transport = httpx.HTTPTransport(local_address=address)
    return Client(base_url=server.url, timeout=PATIENCE, transport=transport)


def flood(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until it is refused; return that answer."""
    for _ in range(1000):
        if (response := ask()).status_code == 429:
            return response
    pytest.fail("nothing was refused")


def test_a_flood_of_requests_is_told_to_wait_and_nobody_else(
    start_server: StartServer,
) -> None:
    server = start_server(requests_per_second=0.03)
    with caller(server, "127.0.0.1") as rude, caller(server, "127.0.0.2") as other:
        refused = flood(lambda: rude.get("/api/runs"))
        assert int(refused.headers["Retry-After"]) >= 1
        assert "try again in " in refused.json()["detail"]
        assert rude.get("/").status_code == 429  # pages count, too
        assert rude.get("/static/favicon.svg").status_code == 200  # files do not
        assert other.get("/api/runs").status_code == 200


def test_a_flood_of_drawings_is_told_to_wait_and_its_other_requests_go_on(
    start_server: StartServer,
) -> None:
    server = start_server(drawings_per_second=0.5)
    path, png = "/api/runs/pretrained/predict", drawing()
    with caller(server, "127.0.0.1") as rude, caller(server, "127.0.0.2") as other:
        refused = flood(lambda: rude.post(path, content=png))
        assert 1 <= int(refused.headers["Retry-After"]) <= 2
        assert "drawings" in refused.json()["detail"]
        assert rude.get("/api/runs/pretrained").status_code == 200
        assert other.post(path, content=png).status_code == 200


def test_who_waits_as_long_as_they_are_told_is_answered(
    start_server: StartServer,
) -> None:
    server = start_server(requests_per_second=2)
    with caller(server, "127.0.0.1") as client:
        refused = flood(lambda: client.get("/api/health"))
        time.sleep(int(refused.headers["Retry-After"]))
        assert client.get("/api/health").status_code == 200


@given(
    rate=st.floats(0.05, 500),
    seconds=st.floats(0.1, 20),
    steps=st.lists(st.floats(0, 3), min_size=1, max_size=300),
)
def test_never_more_than_the_burst_and_the_rate(
    rate: float, seconds: float, steps: list[float]
) -> None:
    clock = Clock(START)
    buckets = TokenBuckets(rate, seconds, clock)
    passed = 0
    for step in steps:
        clock.forward(step)
        while not (wait := buckets.wait("somebody")):
            passed += 1
        assert passed <= max(rate * seconds, 1) + rate * (clock.now - START) + 1e-3
        assert wait <= 1 / rate + 1.001 * ROUNDING
        assert buckets.wait("somebody") == wait  # asking in vain costs nothing
    clock.forward(wait)
    assert not buckets.wait("somebody")


def test_full_buckets_are_forgotten() -> None:
    clock = Clock()
    buckets = TokenBuckets(1, 5, clock)
    for visitor in range(10_000):
        clock.forward(0.01)
        buckets.wait(str(visitor))
    assert len(buckets) <= 2 * 5 / 0.01


def ask(limit: RateLimit, client: str, **state: Any) -> int:
    """Return how the limit answers one request, 200 if it passes it on."""
    answers: list[int] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])

    scope = {"type": "http", "path": "/api/runs", "client": (client, 1), "state": state}
    run_in_loop(limit(scope, receive, send))
    return answers[0] if answers else 200


async def pass_on(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Take the application's place."""


def test_visitors_behind_one_address_have_a_share_each_and_the_address_an_end() -> None:
    rate = 0.2  # one at once, and no second one while the clock stands
    limit = RateLimit(pass_on, Settings(requests_per_second=rate))
    limit.requests._clock = limit.requests_of_address._clock = Clock()
    a_class = [f"visitor {number}" for number in range(10)]
    assert rate * REQUESTS_SECONDS == 1
    for visitor in a_class:
        assert ask(limit, "10.0.0.1", visitor=visitor, known=True) == 200
        assert ask(limit, "10.0.0.1", visitor=visitor, known=True) == 429
    assert ask(limit, "10.0.0.1", visitor="one cookie more", known=True) == 429
    assert ask(limit, "10.0.0.2", visitor="somewhere else", known=True) == 200


def test_who_has_no_cookie_is_their_address() -> None:
    limit = RateLimit(pass_on, Settings(requests_per_second=0.2))
    assert ask(limit, "10.0.0.1", visitor="made up", known=False) == 200
    assert ask(limit, "10.0.0.1", visitor="made up anew", known=False) == 429
    assert ask(limit, "10.0.0.2") == 200


def test_a_household_is_one_ipv6_address() -> None:
    limit = RateLimit(pass_on, Settings(requests_per_second=0.2))
    assert ask(limit, "2001:db8:1:2::1") == 200
    assert ask(limit, "2001:db8:1:2:3::4") == 429
    assert ask(limit, "2001:db8:1:3::1") == 200
