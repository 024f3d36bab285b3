import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from websockets.sync.client import connect

from app.main import create_app
from app.settings import Settings
from tests.app.clients import Watch
from tests.servers import PATIENCE


@contextmanager
def another_server(folder: Path) -> Iterator[int]:
    """Serve the application by plain uvicorn, without what our server adds; yield the port."""
    app = create_app(Settings(store_dir=folder, cache_dir=folder))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def test_another_server_sends_the_same(watch: Watch, tmp_path: Path) -> None:
    here = watch("pretrained")
    hello, frame = here.receive(), here.receive()
    assert isinstance(hello, dict)
    with (
        another_server(tmp_path) as port,
        connect(f"ws://127.0.0.1:{port}/api/runs/pretrained/live") as there,
    ):
        assert json.loads(there.recv()).keys() == hello.keys()
        assert there.recv() == frame
        there.send("?")
        assert json.loads(there.recv())["type"] == "error"
