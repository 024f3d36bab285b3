import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.app.clients import Client, Watcher
from tests.app.log_lines import lines, wait_for_line
from tests.server_process import StartProcess
from tests.servers import PATIENCE, ROOT


def test_every_line_is_json_uvicorns_too(start_process: StartProcess) -> None:
    server = start_process()
    address = f"http://127.0.0.1:{server.port}"
    wait_for_line(server, event=f"Uvicorn running on {address} (Press CTRL+C to quit)")
    server.stop()
    for line in lines(server):
        assert line.keys() >= {"event", "level", "timestamp"}


def test_a_request_is_one_line(start_process: StartProcess) -> None:
    server = start_process()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        client.get("/api/runs/pretrained", params={"token": "a-secret"})
        client.get("/no/such/page%0a%1b[31m")
    wait_for_line(server, path="/no/such/page%0A%1B%5B31m", status=404)
    of_requests = [line for line in lines(server) if line["event"] == "request"]
    assert len(of_requests) == 2
    asked = of_requests[0]
    assert asked["method"] == "GET"
    assert asked["path"] == "/api/runs/pretrained"
    assert asked["status"] == 200
    assert asked["run"] == "pretrained"
    assert asked["ms"] > 0
    assert "a-secret" not in "".join(server.log)


def test_a_runs_change_of_state_is_one_line(start_process: StartProcess) -> None:
    server = start_process()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=1)
    finished = wait_for_line(server, event="run", run=run, status="finished")
    assert finished["step"] == 125
    assert finished["reason"] is None
    told = [line["status"] for line in lines(server) if line["event"] == "run"]
    assert told[-2:] == ["training", "finished"]


def test_a_socket_is_one_line_once_it_has_closed(start_process: StartProcess) -> None:
    server = start_process()
    watcher = Watcher(server, "pretrained", "?after=0&token=a-secret")
    watcher.until("hello")
    assert not [line for line in lines(server) if "live" in str(line)]
    watcher.close()
    line = wait_for_line(server, event="socket")
    assert line["run"] == "pretrained"
    assert line["status"] == 101
    assert line["seconds"] >= 0
    server.stop()
    assert sum("live" in str(line) for line in lines(server)) == 1
    assert "a-secret" not in "".join(server.log)


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
