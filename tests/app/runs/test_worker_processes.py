import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.clients import ENDLESS, Client, Watcher
from tests.app.runs.archives import long_run, packed
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server, command_line, templates_of, wait_until, workers_of

PID = re.compile(r"pid\W+(\d+)")


def sockets_of(pid: int) -> set[str]:
    """Return the names of the sockets that this process has open."""
    names = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            names.add(str(descriptor.readlink()))
    return {name for name in names if name.startswith("socket:")}


def training_worker(server: Server, client: Client) -> tuple[str, int]:
    """Start a run and return it, and the process that trains it."""
    before = workers_of(server)
    run = client.run(**ENDLESS)
    Watcher(server, run).until("epoch")
    (worker,) = set(workers_of(server)) - set(before)
    return run, worker


def test_each_run_has_a_worker_of_its_own_while_it_trains(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        first, one = training_worker(server, client)
        _, other = training_worker(server, client)
        client.command(first, "stop")
        wait_until(lambda: workers_of(server) == [other], "the first one's worker has ended")
        assert not command_line(one)


def test_a_worker_leaves_the_processor_to_the_server(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        _, worker = training_worker(server, client)
        pid = os.getpid()
        assert os.getpriority(os.PRIO_PROCESS, worker) > os.getpriority(os.PRIO_PROCESS, pid)
        assert os.getsid(worker) == os.getsid(pid)  # niceness counts within a session
        assert os.getpgid(worker) != os.getpgid(pid)  # Ctrl-C is for the server


def test_one_of_very_many_workers_runs_while_nobody_else_wants_to() -> None:
    code = (
        "import os; from app.operating_system import lower_priority; "
        "from app.runs.slots import niceness; "
        "lower_priority(niceness(30)); assert os.sched_getscheduler(0) == os.SCHED_IDLE"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_whose_worker_is_killed_goes_on_three_times_and_then_has_failed(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server = start_server()
    with Client(base_url=server.url) as client:
        run, worker = training_worker(server, client)
        watcher = Watcher(server, run)
        (hello,) = watcher.until("hello")
        epochs = [figures["epoch"] for figures in hello["epochs"]]
        for _ in range(3):
            os.kill(worker, signal.SIGKILL)
            notice = watcher.until("status", status="training")
            assert "SIGKILL" in notice[-1]["reason"]
            again = watcher.until("status", status="training", reason=None)
            further = watcher.until("epoch")
            told = [*notice, *again, *further]
            epochs += [event["epoch"] for event in told if event["type"] == "epoch"]
            worker = worker_of(caplog.messages, run)
        os.kill(worker, signal.SIGKILL)
        *rest, status = watcher.until("status", status="failed")
        epochs += [event["epoch"] for event in rest if event["type"] == "epoch"]
        assert epochs == list(range(1, len(epochs) + 1))  # each once, none told again
        assert "SIGKILL" in status["reason"]
        assert client.get(f"/api/runs/{run}").json()["status"] == "failed"
        assert client.post(f"/api/runs/{run}/resume").status_code == 409
        assert client.get(f"/api/runs/{run}/checkpoint").status_code == 200
        Watcher(server, client.run(epochs=1)).until_status("finished")


def test_a_worker_that_hangs_is_replaced(start_server: StartServer) -> None:
    server = start_server(worker_answer_seconds=8)
    with Client(base_url=server.url) as client:
        run, worker = training_worker(server, client)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        os.kill(worker, signal.SIGSTOP)
        notice = watcher.until("status", status="training")[-1]
        assert "did not answer" in notice["reason"]
        assert not command_line(worker)
        watcher.until("status", status="training", reason=None)
        watcher.until("epoch")
        assert client.command(run, "pause")["status"] == "paused"


def test_a_run_that_catches_up_for_long_obeys(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.commands.CATCH_UP_SECONDS", 0.5)
    server = start_server(worker_answer_seconds=1)
    with Client(base_url=server.url) as client:
        # It has trained a million steps, and nothing is kept from which it could go on.
        (run,) = client.post("/api/runs/import", content=packed(long_run(10_000))).json()
        path = f"/api/runs/{run['id']}"
        client.patch(path, json={"epochs": None})
        assert client.command(run["id"], "resume")["status"] == "queued"
        assert client.patch(path, json={"momentum": 0.5}).status_code == 409
        assert client.command(run["id"], "pause")["status"] == "paused"
        assert client.command(run["id"], "resume")["status"] == "queued"
        stopped = client.command(run["id"], "stop")
        assert (stopped["status"], stopped["step"]) == ("stopped", run["step"])
        client.command(run["id"], "resume")
        assert client.delete(path).status_code == 204


def worker_of(log: list[str], run: str) -> int:
    """Return the process that trains this run, from the log."""
    return [int(match[1]) for line in log if (match := PID.search(line)) and run in line][-1]


def test_a_command_under_way_when_the_worker_is_killed_is_answered(
    start_server: StartServer,
) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run, worker = training_worker(server, client)
        os.kill(worker, signal.SIGSTOP)  # it hears the command, but can't answer
        os.kill(worker, signal.SIGKILL)
        response = client.post(f"/api/runs/{run}/pause")
        if response.status_code != 200:  # the next worker may have begun by then
            assert response.status_code == 409
            assert response.json()["detail"]
        assert client.command(run, "pause")["status"] == "paused"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_template_that_ended_or_hangs_is_replaced_and_its_workers_go_on(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr("app.runs.engines.template.FORK_SECONDS", 1)
    server = start_server()
    with Client(base_url=server.url) as client:
        run, worker = training_worker(server, client)
        (template,) = templates_of(server)
        os.kill(template, number)
        Watcher(server, client.run(epochs=1)).until_status("finished")
        assert templates_of(server) != [template]
        Watcher(server, run).until("epoch")
        os.kill(worker, signal.SIGKILL)  # nobody can tell how it ended, but it goes on
        notice = Watcher(server, run).until("status", status="training", reason=None)
        assert notice
        assert client.command(run, "stop")["status"] == "stopped"


def test_a_template_that_could_not_be_started_fails_the_run(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    server = start_server()
    with Client(base_url=server.url) as client:
        failed = Watcher(server, client.run(epochs=1)).until_status("failed")
        assert failed["reason"].startswith("its process could not be started: ")
        monkeypatch.delenv("PYTHONHOME")
        Watcher(server, client.run(epochs=1)).until_status("finished")


def test_where_a_process_may_not_fork_each_run_has_a_template_of_its_own(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.engines.processes.FORKS", False)
    server = start_server()
    with Client(base_url=server.url) as client:
        for _ in range(2):
            Watcher(server, client.run(epochs=1)).until_status("finished")
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        assert client.command(run, "pause")["status"] == "paused"


def test_no_worker_outlives_a_server_that_is_killed(start_process: StartProcess) -> None:
    server = start_process()
    with Client(base_url=server.url) as client:
        training_worker(server, client)
        paused = client.run(**ENDLESS)
        client.command(paused, "pause")
    workers = workers_of(server)
    assert len(workers) >= 2
    server.kill()
    wait_until(lambda: not any(map(command_line, workers)), "the workers have ended")


def test_no_worker_outlives_a_server_that_is_stopped(start_process: StartProcess) -> None:
    server = start_process()
    with Client(base_url=server.url) as client:
        run, _ = training_worker(server, client)
        watcher = Watcher(server, run)
        watcher.until("epoch")
    workers = workers_of(server)
    assert server.stop() in (0, -signal.SIGTERM)
    wait_until(lambda: not any(map(command_line, workers)), "the workers have ended")
    assert not any("Traceback" in line for line in server.log), "".join(server.log)


def test_a_worker_has_none_of_the_servers_sockets(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        _, worker = training_worker(server, client)
        # Its pipes to the server are all that it has: asyncio makes them of a socket pair.
        ours = sockets_of(os.getpid())
        assert ours
        assert not sockets_of(worker) & ours


def test_deleted_runs_leave_no_process(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        for _ in range(8):  # faster than a worker starts
            client.delete(f"/api/runs/{client.run(**ENDLESS)}")
        wait_until(lambda: not workers_of(server), "none is left")
        assert len(templates_of(server)) == 1
