import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.clients import Client, Watcher
from tests.app.log_lines import lines, wait_for_line
from tests.server_process import ServerProcess, StartProcess
from tests.servers import PATIENCE, ROOT


@pytest.fixture(scope="module")
def logging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Return a server of which tests read what it says of their own requests, runs and sockets."""
    folder = tmp_path_factory.mktemp("logging")
    server = ServerProcess(0, {"store_dir": folder / "store", "cache_dir": folder / "cache"})
    yield server
    server.stop()


def test_every_line_is_json_uvicorns_too(start_process: StartProcess) -> None:
    server = start_process()
    address = f"http://127.0.0.1:{server.port}"
    wait_for_line(server, event=f"Uvicorn running on {address} (Press CTRL+C to quit)")
    server.stop()
    for line in lines(server):
        assert line.keys() >= {"event", "level", "timestamp"}


def test_a_request_is_one_line(logging: ServerProcess) -> None:
    with Client(base_url=logging.url, timeout=PATIENCE) as client:
        client.get("/api/runs/pretrained", params={"token": "a-secret"})
        client.get("/no/such/page%0a%1b[31m")
    wait_for_line(logging, path="/no/such/page%0A%1B%5B31m", status=404)
    asked, _ = (
        line
        for line in lines(logging)
        if line["event"] == "request"
        and line["path"] in ("/api/runs/pretrained", "/no/such/page%0A%1B%5B31m")
    )
    assert asked["method"] == "GET"
    assert asked["path"] == "/api/runs/pretrained"
    assert asked["status"] == 200
    assert asked["run"] == "pretrained"
    assert asked["ms"] > 0
    assert "a-secret" not in "".join(logging.log)


def test_a_runs_change_of_state_is_one_line(logging: ServerProcess) -> None:
    with Client(base_url=logging.url, timeout=PATIENCE) as client:
        run = client.run(epochs=1)
    finished = wait_for_line(logging, event="run", run=run, status="finished")
    assert finished["step"] == 125
    assert finished["reason"] is None
    of_the_run = [line for line in lines(logging) if line["event"] == "run" and line["run"] == run]
    assert [line["status"] for line in of_the_run][-2:] == ["training", "finished"]


def test_a_socket_is_one_line_once_it_has_closed(logging: ServerProcess) -> None:
    watcher = Watcher(logging, "pretrained", "?after=0&token=a-secret")
    watcher.until("hello")
    assert not [line for line in lines(logging) if "live" in str(line)]
    watcher.close()
    line = wait_for_line(logging, event="socket")
    assert line["run"] == "pretrained"
    assert line["status"] == 101
    assert line["seconds"] >= 0
    with Client(base_url=logging.url, timeout=PATIENCE) as client:
        client.get("/and/later")
    wait_for_line(logging, path="/and/later")
    assert sum("live" in str(line) for line in lines(logging)) == 1
    assert "a-secret" not in "".join(logging.log)


def test_a_terminal_gets_colours(cache_dir: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    folders = {"NUDGE_CACHE_DIR": str(cache_dir), "NUDGE_STORE_DIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, **folders, "TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    said = ""
    deadline = time.monotonic() + PATIENCE
    while "running on" not in said and time.monotonic() < deadline:
        said += os.read(ours, 4096).decode()
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    os.close(ours)
    assert "\x1b[" in said
    assert '"event"' not in said  # no JSON
    assert re.search(r"Uvicorn running on http://127\.0\.0\.1:\d+ \(Press CTRL\+C to quit\)", said)
