import time

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.app.clients import Client, Watcher
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


def test_a_socket_too_many_is_refused_until_another_closes(
    start_server: StartServer,
) -> None:
    server = start_server(max_sockets_per_address=3)
    watchers = [Watcher(server, "pretrained") for _ in range(3)]
    with pytest.raises(InvalidStatus) as refused:
        Watcher(server, "pretrained")
    response = refused.value.response
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert b"3 sockets are open" in response.body
    live = f"ws://127.0.0.1:{server.port}/api/runs/pretrained/live"
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        assert client.get("/api/health").status_code == 200
    with connect(live, source_address=("127.0.0.2", 0), max_size=None) as other:
        assert "hello" in str(other.recv(PATIENCE))
    watchers.pop().close()
    watchers.append(when_there_is_room(server))
    watchers[-1].until("hello")
    for watcher in watchers:
        watcher.close()


def when_there_is_room(server: Server) -> Watcher:
    """Return a watcher as soon as the server has noticed that another left."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return Watcher(server, "pretrained")
        except InvalidStatus:
            assert time.monotonic() < deadline
            time.sleep(0.05)
