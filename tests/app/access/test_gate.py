"""A server with an access token answers only those who have shown it."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.app.clients import Client
from tests.server_thread import StartServer, serving
from tests.servers import Server, get

TOKEN = "open-sesame"
SECRET = "for the tests alone"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that asks for a token, and has a classroom."""
    with serving(
        tmp_path_factory.mktemp("closed"),
        secret=SECRET,
        access_token=TOKEN,
        classroom_token="only-the-teacher",
        free_wrong_tokens=1000,
    ) as server:
        yield server


@pytest.fixture
def caller(closed: Server) -> Iterator[Client]:
    """Return a client of it, who has shown nothing yet."""
    with Client(base_url=closed.url) as caller:
        yield caller


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer öffne"},
        {"Cookie": "nudge-access=access"},
    ],
)
def test_without_the_token_nobody_gets_in(
    caller: Client, closed: Server, headers: dict[str, str]
) -> None:
    sent = {name.encode(): value.encode() for name, value in headers.items()}
    for method, path in (
        ("GET", "/api/runs"),
        ("POST", "/api/runs"),
        ("GET", "/api/runs/pretrained"),
        ("GET", "/api/openapi.json"),
        ("GET", f"/api/runs?token={TOKEN}"),
        ("GET", "/metrics"),
        ("GET", "/static/shell/main.js"),
    ):
        refused = caller.request(method, path, headers=sent)
        assert refused.status_code == 401
        assert "token" in refused.json()["detail"]
        assert refused.headers["www-authenticate"] == "Bearer"
    for path in ("/", "/runs/pretrained", "/api/docs", "/classroom", "/nothing"):
        page = caller.get(path, headers=sent)
        assert page.status_code == 401
        assert '<input type="password"' in page.text
        assert "weight-tile" not in page.text
    with pytest.raises(InvalidStatus) as caught:
        connect(f"ws://127.0.0.1:{closed.port}/api/runs/pretrained/live")
    assert caught.value.response.status_code == 401
    assert caller.get("/api/health").status_code == 200


@pytest.mark.parametrize("token", [TOKEN, "only-the-teacher"])
def test_with_the_token_in_a_header_everything_is_open(
    caller: Client, closed: Server, token: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("/", "/api/runs", "/api/docs", "/static/shell/main.js"):
        assert caller.get(path, headers=headers).status_code == 200
    address = f"ws://127.0.0.1:{closed.port}/api/runs/pretrained/live"
    with connect(address, additional_headers=headers) as socket:
        assert "hello" in str(socket.recv())


def test_a_link_with_the_token_lets_in_and_the_token_is_gone(caller: Client) -> None:
    led_on = caller.get(f"/runs/pretrained?hidden=8&token={TOKEN}&epochs=3")
    assert led_on.status_code == 303
    assert led_on.next_request is not None
    there = led_on.next_request.url
    assert there.raw_path == b"/runs/pretrained?hidden=8&epochs=3"
    (cookie,) = SimpleCookie(led_on.headers["set-cookie"]).values()
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert TOKEN not in cookie.value
    assert caller.get(there).status_code == 200
    assert caller.get("/api/runs").status_code == 200


def test_a_link_with_a_wrong_token_asks_again(caller: Client) -> None:
    led_on = caller.get("/?token=wrong&epochs=3")
    assert led_on.status_code == 303
    assert led_on.next_request is not None
    assert b"token=wrong&" not in led_on.next_request.url.raw_path
    page = caller.get(led_on.next_request.url)
    assert page.status_code == 401
    assert "This token is wrong." in page.text
    assert 'value="/?epochs=3"' in page.text


def test_the_form_lets_in(caller: Client) -> None:
    wrong = caller.post("/login", data={"token": "wrong", "to": "/?epochs=3"})
    assert wrong.status_code == 401
    assert "This token is wrong." in wrong.text
    assert caller.get("/api/runs").status_code == 401
    right = caller.post("/login", data={"token": TOKEN, "to": "/?epochs=3"})
    assert right.status_code == 303
    assert right.next_request is not None
    assert right.next_request.url.raw_path == b"/?epochs=3"
    assert caller.get("/?epochs=3").status_code == 200


def test_a_cookie_of_another_token_or_another_server_opens_nothing(
    caller: Client, closed: Server, start_server: StartServer
) -> None:
    assert caller.get(f"/?token={TOKEN}").status_code == 303
    cookie = "; ".join(f"{name}={value}" for name, value in caller.cookies.items())
    other = start_server(secret=SECRET, access_token="changed-since")
    refused = get(f"{other.url}/api/runs", headers={"Cookie": cookie})
    assert refused.status_code == 401
    # Nor does the visitor's own cookie, whose signature is as good.
    visitor = get(closed.url).headers["set-cookie"].partition(";")[0].partition("=")[2]
    name = next(name for name in caller.cookies if "access" in name)
    forged = get(f"{closed.url}/api/runs", headers={"Cookie": f"{name}={visitor}"})
    assert forged.status_code == 401
