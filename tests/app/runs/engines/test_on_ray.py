"""What is true of runs on a Ray cluster alone; the tests of every engine run on it, too."""

import logging
import os
import random
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from nn_core import checkpoints
from tests.app.clients import ENDLESS, Client, Event, Watcher
from tests.app.runs.test_lasting import OFTEN, Listener, turn_something
from tests.app.runs.test_worker_processes import worker_of
from tests.app.runs.trained_alone import learned, trained_alone
from tests.ray_cluster import NODES, RayCluster, read
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, command_line, wait_until

pytestmark = pytest.mark.only_ray

# Each is killed once with all other tests, ten times in ``make test-ray-long``.
KILLS = max(1, settings().max_examples // 200)


@pytest.mark.parametrize("what", ["actor", "raylet", "head"])
def test_nothing_is_lost_when_a_part_of_the_cluster_is_killed_at_random_moments(
    start_server: StartServer,
    ray_cluster: RayCluster,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    caplog.set_level(logging.INFO)
    chance = random.Random(what)
    server = start_server(**OFTEN, worker_restarts=KILLS)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=None, optimizer="adam", dropout=0.1, steps_per_second=400)
        path = f"/api/runs/{run}"
        told: dict[int, Event] = {}
        for _ in range(KILLS):
            listener = Listener(server, run)
            assert listener.has_heard.wait(PATIENCE)
            for _ in range(chance.randrange(1, 4)):
                turn_something(client, run, chance)
            time.sleep(chance.random())  # at any moment
            node = client.get(path).json()["node"]
            before = len(listener.told)
            match what:
                case "actor":
                    os.kill(worker_of(caplog.messages, run), signal.SIGKILL)
                case "raylet":
                    ray_cluster.kill(node)
                case "head":
                    ray_cluster.kill("head")
                    wait_until(
                        lambda: client.get(path).json()["status"] == "interrupted", "it waits"
                    )
                    assert "cluster" in client.get(path).json()["reason"]
                    assert client.get("/").status_code == 200
                    ray_cluster.end()
                    ray_cluster.start()
            wait_until(lambda: goes_on(listener.told[before:]), "it goes on")  # noqa: B023
            if what == "raylet":
                ray_cluster.start(node)
            heard = [epoch["epoch"] for epoch in listener.epochs()]
            assert heard == list(range(heard[0], heard[-1] + 1))  # each once
            for epoch in listener.epochs():
                assert told.setdefault(epoch["epoch"], epoch) == epoch  # never told otherwise
            listener.watcher.close()
        client.command(run, "pause")
        kept = client.get(f"{path}/epochs").json()
        assert [epoch["epoch"] for epoch in kept] == list(range(1, len(kept) + 1))
        assert told == {epoch["epoch"]: epoch for epoch in kept[: len(told)]}
        network, epochs = trained_alone(client, tmp_path / "store", run)
        assert [learned(epoch) for epoch in kept] == epochs
        theta = checkpoints.load(client.get(f"{path}/checkpoint").content).network.parameters.theta
        assert np.array_equal(theta, network.parameters.theta)


def goes_on(told: list[Event]) -> bool:
    """Return whether viewers were told that something happened, and of an epoch after it."""
    kinds = [event["type"] for event in told if event["type"] != "status" or event["reason"]]
    return "status" in kinds and "epoch" in kinds[kinds.index("status") :]


def test_a_run_says_on_which_node_it_trains(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        node = client.get(f"/api/runs/{run}").json()["node"]
        assert node in NODES
        assert f'nudge_runs_on_node{{node="{node}"}} 1.0' in client.get("/metrics").text
        assert client.command(run, "pause")["node"] is None
        assert "nudge_runs_on_node{" not in client.get("/metrics").text
        client.command(run, "resume")
        assert watcher.until("status", status="training", reason=None)[-1]["node"] == node


def test_a_run_waits_where_there_is_no_room_and_says_why(
    start_server: StartServer, ray_cluster: RayCluster
) -> None:
    for name in NODES:
        ray_cluster.kill(name)
    try:
        server = start_server()
        with Client(base_url=server.url, timeout=PATIENCE) as client:
            first = client.run(**ENDLESS)
            wait_for_reason(client, first, "the cluster has no machine that trains")
            ray_cluster.start("small")
            Watcher(server, first).until("epoch")
            assert client.get(f"/api/runs/{first}").json()["node"] == "small"
            second = client.run(**ENDLESS)
            wait_for_reason(client, second, "the cluster has no room: all 1 of its processors")
            waits = client.get(f"/api/runs/{second}").json()
            assert (waits["status"], waits["place"], waits["node"]) == ("queued", 1, None)
            third = client.run(**ENDLESS)
            wait_for_reason(client, third, "the cluster has no room")
            client.command(third, "stop")
            client.command(first, "pause")  # whoever pauses makes room
            Watcher(server, second).until("epoch")
    finally:
        ray_cluster.kill("small")
        ray_cluster.start(*NODES)


def wait_for_reason(client: Client, run: str, reason: str) -> None:
    wait_until(
        lambda: reason in (client.get(f"/api/runs/{run}").json()["reason"] or ""),
        f"it says {reason}",
    )


def test_the_page_is_served_and_a_run_waits_while_there_is_no_cluster(
    start_server: StartServer,
) -> None:
    server = start_server(ray_address="127.0.0.1:9")
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        assert client.get("/").status_code == 200
        wait_for_reason(client, run, "the cluster is being looked for")
        assert client.get(f"/api/runs/{run}").json()["status"] == "queued"
        assert client.delete(f"/api/runs/{run}").status_code == 204


def test_an_actor_that_hangs_is_replaced(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server = start_server(worker_answer_seconds=8)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        stopped = worker_of(caplog.messages, run)
        os.kill(stopped, signal.SIGSTOP)
        assert "did not answer" in watcher.until("status", status="training")[-1]["reason"]
        watcher.until("status", status="training", reason=None)
        watcher.until("epoch")
        wait_until(lambda: not command_line(stopped), "what hung has ended")


def test_a_server_that_is_killed_leaves_no_actor(
    start_process: StartProcess, ray_cluster: RayCluster
) -> None:
    before = set(ray_cluster.actors())
    server = start_process()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        paused = client.run(**ENDLESS)
        client.command(paused, "pause")
    assert len(set(ray_cluster.actors()) - before) >= 2
    server.kill()
    wait_until(lambda: not set(ray_cluster.actors()) - before, "the actors have ended")


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_cluster_of_this_machine_ends_with_its_server(
    start_process: StartProcess, how: str
) -> None:
    server = start_process(ray_address="")
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        assert client.get(f"/api/runs/{run}").json()["node"] == "local"
    (driver,) = (
        int(child)
        for child in (server.task / "children").read_text().split()
        if b"on_ray.driver" in command_line(int(child))
    )
    group = members_of(driver)
    assert any(b"gcs_server" in command_line(pid) for pid in group)
    assert listening(group) == {"127.0.0.1"}
    if how == "stopped":
        assert server.stop() in (0, -signal.SIGTERM)
    else:
        server.kill()
    wait_until(lambda: not any(map(command_line, group)), "all processes of Ray have ended")
    if how == "stopped":
        assert not any("Traceback" in line for line in server.log), "".join(server.log)


def members_of(group: int) -> list[int]:
    """Return the processes of a group, and the actors that one of them started."""
    members = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (stat := read(folder / "stat")):
            _, parent, its_group = stat.rpartition(b")")[2].split()[:3]
            members += [(int(folder.name), int(parent))] if int(its_group) == group else []
            if b"ray::TrainingActor" in command_line(int(folder.name)):
                members.append((int(folder.name), int(parent)))
    ours = {pid for pid, _ in members}
    return [pid for pid, parent in members if pid == group or parent in ours]


def listening(pids: list[int]) -> set[str]:
    """Return the addresses that these processes listen on."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            if match := re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink())):
                inodes.add(match[1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                host = bytes.fromhex(fields[1].partition(":")[0])
                addresses.add(".".join(str(byte) for byte in reversed(host[-4:])))
    return addresses
