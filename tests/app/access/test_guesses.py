"""Whoever guesses tokens must wait longer and longer; others at other addresses need not."""

import pytest
from starlette.requests import HTTPConnection

from app.access.guesses import Guesses
from tests.app.clients import Client
from tests.clock import Clock
from tests.server_thread import ServerThread, StartServer

TOKEN = "open-sesame"


def connection_from(address: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (address, 1), "headers": []})


def caller(server: ServerThread, address: str) -> Client:
    return Client(base_url=server.url, headers={"X-Forwarded-For": address})


@pytest.mark.parametrize("way", ["header", "link", "form"])
def test_wrong_tokens_are_limited_by_address(start_server: StartServer, way: str) -> None:
    server = start_server(access_token=TOKEN, free_wrong_tokens=5)

    def show(client: Client, token: str) -> int:
        match way:
            case "header":
                bearer = {"Authorization": f"Bearer {token}"}
                return client.get("/api/runs", headers=bearer).status_code
            case "link":
                return client.get("/", params={"token": token}).status_code
            case _:
                return client.post("/login", data={"token": token}).status_code

    with caller(server, "203.0.113.9") as rude, caller(server, "198.51.100.7") as other:
        codes = [show(rude, f"wrong-{number}") for number in range(50)]
        assert 429 not in codes[:6]
        assert codes[6:].count(429) > 40
        assert show(rude, TOKEN) == 429  # nobody finds out by guessing on
        assert rude.get("/api/health").status_code == 200
        assert show(other, TOKEN) in (200, 303)


def test_the_wait_grows_and_is_forgotten() -> None:
    clock = Clock()
    guesses = Guesses(2, clock)
    connection = connection_from("203.0.113.9")
    waits = []
    for _ in range(6):
        guesses.note_wrong(connection)
        refusal = guesses.refusal(connection)
        waits.append(int(refusal.headers["retry-after"]) if refusal else 0)
    assert waits == [0, 0, 1, 2, 4, 8]
    assert guesses.refusal(connection_from("198.51.100.7")) is None
    clock.forward(9)
    assert guesses.refusal(connection) is None
    clock.forward(4000)
    guesses.note_wrong(connection)
    assert guesses.refusal(connection) is None


def test_a_token_is_taken_off_every_page_s_address(start_server: StartServer) -> None:
    server = start_server()  # which asks for none
    with Client(base_url=server.url) as client:
        led_on = client.get("/runs/pretrained?token=mine&epochs=3")
        assert led_on.status_code == 303
        assert "mine" not in led_on.headers["location"]
        assert client.get("/").headers["referrer-policy"] == "same-origin"
