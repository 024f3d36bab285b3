import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.app.clients import Client, Watcher
from tests.server_process import PATIENCE, Server

StartServer = Callable[..., Server]


def workers_of(pid: int) -> list[int]:
    """Return the worker processes that this server started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"app.runs.worker" in command_line(int(child))]


def command_line(pid: int) -> bytes:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} seconds: {what}"


def training_worker(server: Server, client: Client) -> tuple[str, int]:
    """Start a run and return it, and the process that trains it."""
    wait_until(lambda: len(workers_of(server.process.pid)) == 1, "a spare worker is warm")
    (spare,) = workers_of(server.process.pid)
    run = client.run(epochs=None)
    Watcher(server, run).until("epoch")
    return run, spare


def test_a_run_takes_the_warm_spare(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        run, worker = training_worker(server, client)
        wait_until(lambda: len(workers_of(server.process.pid)) == 2, "another spare is warm")
        client.command(run, "stop")
        wait_until(lambda: worker not in workers_of(server.process.pid), "its worker has ended")


def test_a_run_whose_worker_is_killed_has_failed_and_the_server_lives_on(
    start_server: StartServer,
) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        run, worker = training_worker(server, client)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        os.kill(worker, signal.SIGKILL)
        status = watcher.until("status", status="failed")[-1]
        assert "SIGKILL" in status["reason"]
        assert client.get(f"/api/runs/{run}").json()["status"] == "failed"
        assert client.post(f"/api/runs/{run}/resume").status_code == 409
        assert client.get(f"/api/runs/{run}/checkpoint").status_code == 200
        again = client.run(epochs=1)
        Watcher(server, again).until_status("finished")


def test_a_command_under_way_when_the_worker_is_killed_is_answered(
    start_server: StartServer,
) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run, worker = training_worker(server, client)
        os.kill(worker, signal.SIGSTOP)  # it hears the command, but can't answer
        os.kill(worker, signal.SIGKILL)
        response = client.post(f"/api/runs/{run}/pause")
        assert response.status_code == 409
        assert response.json()["detail"]


def test_a_spare_that_was_killed_is_replaced(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        wait_until(lambda: len(workers_of(server.process.pid)) == 1, "a spare worker is warm")
        (spare,) = workers_of(server.process.pid)
        os.kill(spare, signal.SIGKILL)
        wait_until(lambda: not workers_of(server.process.pid), "the spare is gone")
        Watcher(server, client.run(epochs=1)).until_status("finished")


def test_no_worker_outlives_a_server_that_is_killed(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        training_worker(server, client)
        paused = client.run(epochs=None)
        client.command(paused, "pause")
    workers = workers_of(server.process.pid)
    assert len(workers) >= 2
    server.kill()
    wait_until(lambda: not any(map(command_line, workers)), "the workers have ended")


def test_no_worker_outlives_a_server_that_is_stopped(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        run, _ = training_worker(server, client)
        watcher = Watcher(server, run)
        watcher.until("epoch")
    workers = workers_of(server.process.pid)
    server.stop()
    wait_until(lambda: not any(map(command_line, workers)), "the workers have ended")
    assert not any("Traceback" in line for line in server.log), "".join(server.log)


def test_a_worker_has_none_of_the_servers_sockets(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        _, worker = training_worker(server, client)
        # Its pipes to the server are all that it has: asyncio makes them of a socket pair.
        theirs = {str(fd.readlink()) for fd in Path(f"/proc/{server.process.pid}/fd").iterdir()}
        shared = {str(fd.readlink()) for fd in Path(f"/proc/{worker}/fd").iterdir()} & theirs
        assert not [name for name in shared if name.startswith("socket:")]


def test_deleted_runs_leave_no_process(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        for _ in range(20):  # faster than a spare worker starts
            client.delete(f"/api/runs/{client.run(epochs=None)}")
        wait_until(lambda: len(workers_of(server.process.pid)) == 1, "only the spare is left")


def test_the_server_trains_no_more_runs_than_its_settings_allow(start_server: StartServer) -> None:
    server = start_server(NUDGE_MAX_LIVE_RUNS="2", NUDGE_MAX_RUNS="3")
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        first, second = client.run(epochs=None), client.run(epochs=None)
        response = client.post("/api/runs", json={})
        assert response.status_code == 429
        assert "2 runs" in response.json()["detail"]
        client.command(first, "stop")
        third = client.run(epochs=None)
        client.command(third, "stop")
        fourth = client.run(epochs=1)
        kept = [run["id"] for run in client.get("/api/runs").json()]
        # Of one's own runs the oldest that had ended is gone.
        assert kept == ["pretrained", "pretrained-large", second, third, fourth]
