"""A sweep, live."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.exceptions import ConnectionClosed

from tests.app.clients import Client, Event, Watcher
from tests.app.routes.test_live_rude_viewers import SilentViewer
from tests.app.sweeps.sweeping import ENDLESS, QUICK, begun, now, statuses, until
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server, wait_until

WatchSweep = Callable[..., Watcher]


@pytest.fixture
def client(client: Client) -> Iterator[Client]:
    """Return a client whose sweeps are deleted after the test."""
    yield client
    for sweep in client.get("/api/sweeps").json():
        client.delete(f"/api/sweeps/{sweep['id']}")


@pytest.fixture
def watch_sweep(server: Server, viewers_leave: None) -> WatchSweep:  # noqa: ARG001
    """Watch sweeps of the shared server."""
    return lambda sweep, query="": Watcher(server, sweep["id"], query, of="sweeps")


def seen_by(told: list[Event]) -> dict[str, list[int]]:
    """Return which epochs of each run a viewer was told of, in this order."""
    hello, *later = told
    seen = defaultdict(list)
    for run, points in hello["epochs"].items():
        seen[run] = [point["epoch"] for point in points]
    for event in later:
        if event["type"] == "epoch":
            seen[event["run"]].append(event["epoch"])
    return seen


def test_viewers_are_told_of_every_epoch_once_and_in_order(
    client: Client, watch_sweep: WatchSweep
) -> None:
    sweep = begun(client, {"seed": [1, 2, 3, 4]}, QUICK | {"epochs": 40}, at_once=2)
    early = watch_sweep(sweep)
    told = early.until("epoch")
    late = watch_sweep(sweep)
    for watcher, before in ((early, told), (late, [])):
        events = before + watcher.until("status", sweep=sweep["id"])
        assert events[0]["type"] == "hello"
        assert events[0]["sweep"]["id"] == sweep["id"]
        assert seen_by(events) == {run["id"]: list(range(1, 41)) for run in sweep["runs"]}
        ended = {
            event["run"]: event["status"]
            for event in events
            if event["type"] == "status" and "run" in event
        }
        runs = events[0]["sweep"]["runs"]
        known = {run["id"]: run["status"] for run in runs} | ended
        assert set(known.values()) == {"finished"}
        assert (events[-1]["status"], events[-1]["reason"]) == ("finished", None)
    figures = next(event for event in told if event["type"] == "epoch")
    kept = client.get(f"/api/runs/{figures['run']}/epochs").json()
    assert {"run": figures["run"], **kept[figures["epoch"] - 1]} == figures
    # Who comes again says what they have seen.
    again = watch_sweep(sweep, "?after=38,40,0").until("hello")
    assert [len(points) for points in seen_by(again).values()] == [2, 0, 40, 40]


def test_a_hello_has_no_more_of_long_curves_than_a_picture_needs(
    client: Client, watch_sweep: WatchSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sweeps.viewer.POINTS", 40)
    monkeypatch.setattr("app.sweeps.viewer.FEWEST_POINTS", 10)
    sweep = begun(client, {"seed": [1, 2]}, QUICK | {"epochs": 99, "train_examples": 32})
    until(client, sweep, "finished")
    (hello,) = watch_sweep(sweep).until("hello")
    for points in hello["epochs"].values():
        epochs = [point["epoch"] for point in points]
        assert epochs == [5, *range(10, 100, 5), 99]


def test_viewers_are_told_how_the_sweep_and_its_runs_stand(
    client: Client, watch_sweep: WatchSweep, server: Server
) -> None:
    sweep = begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1)
    first, second = (run["id"] for run in sweep["runs"])
    wait_until(lambda: statuses(now(client, sweep))[0] == "training", "one trains")
    watcher = watch_sweep(sweep)
    watcher.until("progress", run=first)
    client.post(f"/api/sweeps/{sweep['id']}/pause")
    watcher.until("status", sweep=sweep["id"], status="paused")
    client.post(f"/api/sweeps/{sweep['id']}/resume")
    watcher.until("status", run=first, status="training")
    client.delete(f"/api/runs/{second}")
    gone = watcher.until("status", run=second)[-1]
    assert (gone["status"], gone["reason"]) == ("deleted", "this run was deleted")
    watcher.say("{}")
    watcher.until("error")
    watcher.until("epoch", run=first)  # it closes nothing
    client.delete(f"/api/sweeps/{sweep['id']}")
    assert watcher.until("error")[-1]["detail"] == "this sweep was deleted"
    with pytest.raises(ConnectionClosed) as closed:
        watcher.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
    unknown = Watcher(server, sweep["id"], of="sweeps")
    assert "no sweep" in unknown.until("error")[-1]["detail"]
    with pytest.raises(ConnectionClosed):
        unknown.receive()


def test_viewers_are_told_of_the_runs_that_optuna_adds(
    client: Client, watch_sweep: WatchSweep
) -> None:
    vary = {"learning_rate": {"from": 0.1, "to": 1}}
    sweep = begun(client, vary, search="optuna", runs=3, at_once=1)
    events = watch_sweep(sweep).until("status", sweep=sweep["id"], status="finished")
    added = [run["id"] for event in events if event["type"] == "runs" for run in event["runs"]]
    known = [run["id"] for run in events[0]["sweep"]["runs"]]
    assert [run["id"] for run in now(client, sweep)["runs"]] == known + added
    assert all(epochs == [1, 2] for epochs in seen_by(events).values())


def until_all_have_stopped(watcher: Watcher, sweep: Event) -> list[Event]:
    """Return what a viewer is told until each of the sweep's runs has stopped."""
    told = []
    left = {run["id"] for run in sweep["runs"]}
    for event in watcher.events():
        told.append(event)
        if event["type"] == "status" and event["status"] == "stopped":
            left.discard(event.get("run"))
        if not left:
            break
    return told


def test_a_viewer_who_reads_nothing_is_cut_off_and_others_miss_nothing(
    start_server: StartServer,
) -> None:
    server = start_server(viewer_stall_seconds=1, socket_buffer_bytes=4096)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        sweep = begun(client, {"seed": [1, 2]}, ENDLESS | {"train_examples": 32})
        silent = SilentViewer(server, sweep["id"], of="sweeps")
        watcher = Watcher(server, sweep["id"], of="sweeps")
        with ThreadPoolExecutor(1) as threads:
            watching = threads.submit(until_all_have_stopped, watcher, sweep)
            silent.wait_until_cut_off()
            silent.close()
            client.post(f"/api/sweeps/{sweep['id']}/stop")
            seen = seen_by(watching.result(PATIENCE))
        for run in now(client, sweep)["runs"]:
            assert seen[run["id"]] == list(range(1, run["epoch"] + 1))
