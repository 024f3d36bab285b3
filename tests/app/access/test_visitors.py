"""Each browser is a visitor: only it can change its runs and data, and anybody can watch them."""

import io
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.app.clients import ENDLESS, Client, Watcher
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, npz
from tests.server_thread import StartServer
from tests.servers import Server, get, post


@pytest.fixture
def stranger(server: Server) -> Iterator[Client]:
    """Return somebody who is not the ``client``, and has a cookie of their own."""
    with Client(base_url=server.url) as stranger:
        stranger.get("/")
        yield stranger


def cookies_of(response: httpx.Response) -> SimpleCookie:
    """Return the cookies that an answer sets."""
    return SimpleCookie(", ".join(response.headers.get_list("set-cookie")))


def drawing() -> bytes:
    """Return a PNG with a stroke on it."""
    picture = Image.new("L", (28, 28))
    picture.paste(255, (12, 4, 16, 24))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_a_page_gives_a_cookie_that_scripts_and_other_sites_do_not_get(server: Server) -> None:
    (cookie,) = cookies_of(get(server.url)).values()
    assert cookie.key.startswith("nudge-visitor-")
    visitor = cookie.value.partition(".")[0]
    assert len(bytes.fromhex(visitor)) == 16  # 128 bits
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["secure"] == ""
    assert cookie["domain"] == ""
    assert int(cookie["max-age"]) > 300 * 24 * 60 * 60


def test_a_page_renews_the_cookie_and_the_visitor_stays_the_same(client: Client) -> None:
    first, again = client.get("/"), client.get("/")
    assert first.headers["set-cookie"] == again.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/api/runs", "/api/health", "/static/favicon.svg"])
def test_looking_without_a_cookie_sets_none(server: Server, path: str) -> None:
    assert "set-cookie" not in get(server.url + path).headers


def test_what_a_request_without_a_cookie_creates_belongs_to_whoever_keeps_it(
    client: Client, server: Server
) -> None:
    created = client.post("/api/runs", json=ENDLESS)
    assert created.json()["yours"]
    assert cookies_of(created)
    run = created.json()["id"]
    assert "set-cookie" not in client.post(f"/api/runs/{run}/pause").headers
    assert run in [each["id"] for each in client.get("/api/runs").json()]
    for nobody in (get(f"{server.url}/api/runs"), get(f"{server.url}/api/runs")):
        assert [each["id"] for each in nobody.json()] == ["pretrained", "pretrained-large"]


def test_a_cookie_that_is_not_ours_is_none(
    client: Client, stranger: Client, server: Server
) -> None:
    run = client.run(**ENDLESS)
    ((name, value),) = client.cookies.items()
    visitor, _, signature = value.partition(".")
    ((_, other),) = stranger.cookies.items()
    for forged in (
        visitor,
        f"{visitor}.",
        f"{visitor}.{signature[:-2]}",
        f"{visitor}.{other.partition('.')[2]}",
        f"{visitor[:-1]}.{signature}",
        f".{signature}",
        "",
    ):
        headers = {"Cookie": f"{name}={forged}"}
        answer = post(f"{server.url}/api/runs/{run}/stop", headers=headers)
        assert answer.status_code == 403
        (replaced,) = cookies_of(answer).values()
        assert replaced.value.partition(".")[0] not in ("", visitor)


@given(
    garbage=st.binary(max_size=200).map(lambda text: re.sub(rb"[\x00-\x1f\x7f]", b"", text).strip())
)
def test_a_garbled_cookie_is_none(client: Client, stranger: Client, garbage: bytes) -> None:
    name = next(iter(stranger.cookies))
    for cookie in (garbage, name.encode() + b"=" + garbage):
        answer = client.get("/api/runs", headers=[(b"Cookie", cookie)])
        assert [each["id"] for each in answer.json()] == ["pretrained", "pretrained-large"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/pause", None),
        ("POST", "/resume", None),
        ("POST", "/step", None),
        ("POST", "/stop", None),
        ("PATCH", "", {"learning_rate": 0.1}),
        ("PATCH", "", {"name": "mine"}),
        ("POST", "/nudge", {"index": 0, "amount": 0.1, "apply": True}),
        ("DELETE", "", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_somebody_elses_run_can_not_be_changed(
    owner: Client, endless: str, stranger: Client, method: str, path: str, body: object
) -> None:
    refused = stranger.request(method, f"/api/runs/{endless}{path}", json=body)
    assert refused.status_code == 403
    assert "somebody else's" in refused.json()["detail"]
    after = owner.get(f"/api/runs/{endless}").json()
    assert after["status"] in ("queued", "training")
    assert after["name"] is None
    assert after["spec"]["learning_rate"] != 0.1


def test_whoever_has_the_link_can_watch_it_and_draw_on_it(
    client: Client, stranger: Client, server: Server
) -> None:
    run = client.run(**ENDLESS)
    watcher = Watcher(server, run)
    (hello,) = watcher.until("hello")
    assert not hello["run"]["yours"]
    watcher.until("epoch")
    assert watcher.frame()
    watcher.close()
    seen = stranger.get(f"/api/runs/{run}")
    assert (seen.status_code, seen.json()["yours"]) == (200, False)
    assert stranger.get(f"/runs/{run}").status_code == 200
    assert stranger.get(f"/api/runs/{run}/epochs").json()
    assert stranger.get(f"/api/runs/{run}/checkpoint").content
    read = stranger.post(f"/api/runs/{run}/predict", content=drawing())
    assert read.status_code == 200
    asked = stranger.post(f"/api/runs/{run}/nudge", json={"index": 0, "amount": 0.1})
    assert asked.status_code == 200
    assert run not in [each["id"] for each in stranger.get("/api/runs").json()]


def test_somebody_elses_data_can_not_be_deleted(client: Client, stranger: Client) -> None:
    file = npz(images=IMAGES, labels=LABELS)
    assert client.post("/api/datasets?name=whose-is-it", content=file).status_code == 201
    # Sending the same again changes nothing: it belongs to the first visitor.
    assert stranger.post("/api/datasets?name=whose-is-it", content=file).status_code == 201
    refused = stranger.delete("/api/datasets/whose-is-it")
    assert refused.status_code == 403
    assert "not yours" in refused.json()["detail"]
    assert client.delete("/api/datasets/whose-is-it").status_code == 204
    assert client.delete("/api/datasets/whose-is-it").status_code == 404


def test_a_visitor_is_the_same_after_a_restart(server: Server, start_server: StartServer) -> None:
    first = start_server()
    cookie = get(first.url).headers["set-cookie"].partition(";")[0]
    first.stop()
    second = start_server()
    renewed = get(second.url, headers={"Cookie": cookie}).headers["set-cookie"]
    assert renewed.partition(";")[0] == cookie
    # A server with another secret knows nothing of it, and leaves it alone.
    elsewhere = get(server.url, headers={"Cookie": cookie}).headers["set-cookie"]
    assert elsewhere.partition("=")[0] != cookie.partition("=")[0]


def test_a_browser_can_ask_whether_its_cookie_is_kept(server: Server) -> None:
    with Client(base_url=server.url) as keeps:
        assert keeps.get("/api/visitor").json() == {"known": False}
        assert keeps.get("/api/visitor").json() == {"known": True}
    for _ in range(2):  # one that blocks cookies
        assert get(f"{server.url}/api/visitor").json() == {"known": False}
