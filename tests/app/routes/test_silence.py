"""A silent socket: the server sends a sign of life, so that a page can tell it from a dead one."""

import json

from websockets.sync.client import connect

from tests.app.clients import Client, Watcher
from tests.server_thread import StartServer
from tests.servers import PATIENCE


def test_it_gets_a_sign_of_life(start_server: StartServer) -> None:
    """Nothing else happens to a network that is trained already."""
    server = start_server(heartbeat_seconds=0.2, classroom_token="only-the-teacher")
    watcher = Watcher(server, "pretrained")
    watcher.until("hello")
    watcher.until("alive")
    watcher.until("alive")
    watcher.close()
    wall = f"ws://127.0.0.1:{server.port}/api/classroom/live"
    teacher = {"Authorization": "Bearer only-the-teacher"}
    with connect(wall, additional_headers=teacher) as socket:
        heard = [json.loads(socket.recv(timeout=PATIENCE))["type"] for _ in range(3)]
    assert heard[-2:] == ["alive", "alive"]


def test_where_there_is_news_there_is_none(start_server: StartServer) -> None:
    server = start_server(heartbeat_seconds=3)
    with Client(base_url=server.url) as client:
        run = client.run(epochs=None, train_examples=320, steps_per_second=200)
        watcher = Watcher(server, run)
        heard = watcher.until("epoch", epoch=60)
        assert "alive" not in {event["type"] for event in heard}
        watcher.close()
