"""A page of another site can neither change anything nor listen."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.app.clients import Client
from tests.servers import Server

FOREIGN = [
    "https://evil.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://127.0.0.1.evil.example",
    "null",
    "",
    "127.0.0.1:{port}",
    "file://127.0.0.1:{port}",
    "http://user@127.0.0.1:{port}",
    "http://[",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_is_refused(
    owner: Client, endless: str, server: Server, origin: str
) -> None:
    run = endless
    headers = {"Origin": origin.format(port=server.port)}
    for method, path in (
        ("POST", "/api/runs"),
        ("POST", f"/api/runs/{run}/predict"),
        ("PATCH", f"/api/runs/{run}"),
        ("DELETE", f"/api/runs/{run}"),
        ("POST", "/login"),
    ):
        refused = owner.request(method, path, json={}, headers=headers)
        assert refused.status_code == 403
        assert "another site" in refused.json()["detail"]
    with pytest.raises(InvalidStatus) as caught:
        connect(
            f"ws://127.0.0.1:{server.port}/api/runs/{run}/live",
            additional_headers=headers,
        )
    assert caught.value.response.status_code == 403
    assert b"another site" in (caught.value.response.body or b"")
    # GET needs no check: a browser does not let a foreign page read the answer.
    seen = owner.get(f"/api/runs/{run}", headers=headers)
    assert seen.json()["status"] in ("queued", "training")
    assert "access-control-allow-origin" not in seen.headers


def test_our_own_pages_and_what_is_no_browser_pass(client: Client, server: Server) -> None:
    run = client.run(epochs=1)
    for origin in (server.url, server.url.upper(), f"https://127.0.0.1:{server.port}"):
        renamed = client.patch(
            f"/api/runs/{run}", json={"name": origin}, headers={"Origin": origin}
        )
        assert renamed.json()["name"] == origin
    address = f"ws://127.0.0.1:{server.port}/api/runs/{run}/live"
    for ours in (Origin(server.url), None):
        with connect(address, origin=ours) as socket:
            assert "hello" in str(socket.recv())
