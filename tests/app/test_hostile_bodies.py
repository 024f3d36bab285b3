"""Bodies that are made to stop the server: its event loop looks up within a tenth of a second.

The watchdog counts the processor time of the loop's thread, so that a busy machine fails no test.
"""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.app.clients import Client
from tests.app.web.test_protocols import ends
from tests.server_thread import ServerThread, serving
from tests.servers import PATIENCE
from tests.watchdog import Watchdog, watched_loops

MOST = 0.1  # seconds of processor
MEGABYTE = 10**6
WORDS = b",".join([b'"x"'] * (MEGABYTE // 4))
ONES = b",".join([b"1"] * (MEGABYTE // 2))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerThread, Watchdog]]:
    """Return a server that has imported what it needs, and done it all once; and its watchdog."""
    with watched_loops() as watchdog, serving(tmp_path_factory.mktemp("watched")) as server:
        with Client(base_url=server.url) as client:
            client.post("/api/runs", json={"hidden": [], "activation": "none"})
            client.post("/login", data={"a": "b"})
        yield server, watchdog


@pytest.fixture
def warm(watched: tuple[ServerThread, Watchdog]) -> ServerThread:
    return watched[0]


@pytest.fixture
def watchdog(watched: tuple[ServerThread, Watchdog]) -> Watchdog:
    """Return the watchdog of that server, which has seen nothing yet."""
    watched[1].longest = 0
    return watched[1]


def test_a_megabyte_of_mistakes_is_answered_in_few_words(
    warm: ServerThread, watchdog: Watchdog
) -> None:
    bodies = {
        "names": b'{"activation":[' + WORDS + b"]}",
        "widths that are none": b'{"hidden":[' + WORDS + b"]}",
        "widths": b'{"hidden":[' + ONES + b"]}",
        "fields": json.dumps({f"x{number}": 1 for number in range(MEGABYTE // 13)}).encode(),
        "few fields": json.dumps({f"x{number}": 1 for number in range(90)}).encode(),
        "a list": b"[" + WORDS + b"]",
        "nested": b'{"hidden":' + b"[" * (MEGABYTE // 2),
        "a long name": b'{"dataset":"' + b"x" * MEGABYTE + b'"}',
        "a long number": b'{"seed":' + b"9" * MEGABYTE + b"}",
    }
    with Client(base_url=warm.url) as client:
        for name, body in bodies.items():
            for send in (client.post, client.patch):
                path = "/api/runs" if send == client.post else "/api/runs/pretrained"
                answer = send(path, content=body, headers={"Content-Type": "application/json"})
                assert answer.status_code in (400, 409, 422), name
                assert len(answer.content) < 5000, name
                assert len(answer.json()["detail"]) <= 20 or answer.status_code != 422
    assert watchdog.longest < MOST, watchdog.what


@pytest.mark.parametrize("length", ["Transfer-Encoding: chunked", f"Content-Length: {MEGABYTE}"])
def test_a_body_of_dust_costs_the_others_nothing(
    warm: ServerThread, watchdog: Watchdog, length: str
) -> None:
    address = ("127.0.0.1", warm.port)
    head = f"POST /api/datasets HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n".encode()
    with closing(socket.create_connection(address, PATIENCE)) as rude:
        rude.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rude.sendall(head)
        if "chunked" in length:
            pushing = threading.Thread(target=push, args=(rude, b"1\r\nx\r\n" * MEGABYTE))
            pushing.start()
            assert ends(rude)
            pushing.join()
        else:
            before = watchdog.callbacks
            for _ in range(20_000):
                rude.send(b"x")
            # It was read in a few pieces: each would be a callback, at least.
            assert watchdog.callbacks - before < 2_000
    with Client(base_url=warm.url) as client:
        assert client.get("/api/health").status_code == 200
    assert watchdog.longest < MOST, watchdog.what


def test_honest_bodies_in_chunks_arrive(warm: ServerThread) -> None:
    spec = json.dumps({"epochs": 0}).encode()
    with Client(base_url=warm.url) as client:
        for size in (1, 7, len(spec)):
            chunks = (spec[place : place + size] for place in range(0, len(spec), size))
            headers = {"Content-Type": "application/json"}
            answer = client.post("/api/runs", content=chunks, headers=headers)
            assert answer.json()["detail"][0]["loc"] == ["body", "epochs"]
        many = client.post("/api/datasets?name=x", content=(b"x" * 100 for _ in range(5000)))
        assert many.status_code == 422


def test_a_form_is_no_longer_than_a_token(warm: ServerThread, watchdog: Watchdog) -> None:
    with Client(base_url=warm.url) as client:
        for path in ("/login", "/class"):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = client.post(path, content=b"&" * MEGABYTE, headers=kind)
            assert answer.status_code == 413
    assert watchdog.longest < MOST, watchdog.what


@pytest.mark.parametrize(
    "header",
    [
        ("Cookie", 'a="' + r"\"" * 7000 + '"'),
        ("X-Forwarded-Prefix", ",".join(["/%61"] * 2900)),
        ("X-Forwarded-Host", ",".join(["127.0.0.1"] * 1450)),
        ("Content-Type", "multipart/form-data; boundary=x; a=" + '"' + ";" * 14_000),
        ("Accept-Encoding", ",".join(["gzip;q=0.3"] * 1300)),
        ("If-None-Match", ",".join(['"x"'] * 3500)),
    ],
    ids=lambda header: header[0],
)
def test_a_header_as_long_as_may_be_costs_little(
    warm: ServerThread, watchdog: Watchdog, header: tuple[str, str]
) -> None:
    with Client(base_url=warm.url) as client:
        client.get("/")  # what is done once
        watchdog.longest = 0
        for path in ("/", "/api/runs", "/static/shell/state.js"):
            assert client.get(path, headers=[header]).status_code == 200
        assert client.post("/api/runs", headers=[header], json={"epochs": 0}).status_code == 422
    assert watchdog.longest < MOST, watchdog.what


def test_the_loops_delay_is_in_the_metrics(warm: ServerThread) -> None:
    with Client(base_url=warm.url) as client:
        end = time.monotonic() + PATIENCE
        while "nudge_loop_delay_seconds_count 0.0" in (text := client.get("/metrics").text):
            assert time.monotonic() < end
        assert "nudge_loop_delay_seconds_count" in text


def push(rude: socket.socket, data: bytes) -> None:
    """Send data until the other side has enough."""
    with suppress(OSError):
        rude.sendall(data)
