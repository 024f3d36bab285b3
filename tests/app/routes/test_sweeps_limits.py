"""Sweeps keep to the limits of runs, to a lesson's hold, and to being watched."""

from tests.app.clients import Client
from tests.app.sweeps.sweeping import ENDLESS, QUICK, begun, now, statuses, until
from tests.app.wall_watcher import TEACHER
from tests.server_thread import StartServer
from tests.servers import PATIENCE, wait_until


def test_a_sweep_takes_no_more_places_than_runs_do(start_server: StartServer) -> None:
    server = start_server(max_live_runs_per_visitor=2, max_queued_runs_per_visitor=0)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        asked = {"vary": {"seed": [1, 2]}, "at_once": 3}
        assert client.post("/api/sweeps", json=asked).status_code == 422
        sweeps = [begun(client, {"seed": [1, 2, 3]}, ENDLESS, at_once=2) for _ in range(2)]
        wait_until(lambda: statuses(now(client, sweeps[0])).count("training") == 2, "two train")
        assert statuses(now(client, sweeps[1])) == ["queued"] * 3
        wait_until(lambda: now(client, sweeps[1])["reason"] is not None, "it says why it waits")
        client.post(f"/api/sweeps/{sweeps[0]['id']}/stop")
        wait_until(lambda: statuses(now(client, sweeps[1])).count("training") == 2, "two train")


def test_a_living_sweep_keeps_its_runs_where_there_are_too_many(start_server: StartServer) -> None:
    server = start_server(max_runs_per_visitor=4)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        assert (
            client.post("/api/sweeps", json={"vary": {"seed": list(range(5))}}).status_code == 429
        )
        assert len(client.get("/api/runs").json()) == 2  # the pretrained ones: all or nothing
        sweep = begun(client, {"seed": [1, 2, 3, 4]}, ENDLESS | {"epochs": 1}, at_once=1)
        client.post(f"/api/sweeps/{sweep['id']}/pause")
        assert client.post("/api/runs", json=QUICK).status_code == 429
        client.post(f"/api/sweeps/{sweep['id']}/resume")
        until(client, sweep, "finished")
        assert client.post("/api/runs", json=QUICK).status_code == 201
        first = now(client, sweep)["runs"][0]
        assert (first["status"], first["reason"]) == ("deleted", "this run is no longer kept")
        assert first["test_accuracy"] is not None


def test_a_crowd_of_sweeps_does_not_fill_the_server(start_server: StartServer) -> None:
    server = start_server(max_runs=4)
    with (
        Client(base_url=server.url, timeout=PATIENCE) as crowd,
        Client(base_url=server.url, timeout=PATIENCE) as guest,
    ):
        sweep = begun(crowd, {"seed": [1, 2, 3, 4]}, ENDLESS, at_once=1)
        wait_until(lambda: statuses(now(crowd, sweep))[0] == "training", "one trains")
        assert guest.post("/api/runs", json=QUICK).status_code == 201
        left = now(crowd, sweep)
        assert statuses(left) == ["training", "deleted", "queued", "queued"]
        assert left["runs"][1]["reason"] == "this run is no longer kept"


def test_a_lesson_that_is_held_holds_sweeps(start_server: StartServer) -> None:
    server = start_server(classroom_token=TEACHER["Authorization"].removeprefix("Bearer "))
    with (
        Client(base_url=server.url, timeout=PATIENCE) as client,
        Client(base_url=server.url, timeout=PATIENCE, headers=TEACHER) as teacher,
    ):
        sweep = begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1)
        wait_until(lambda: statuses(now(client, sweep)) == ["training", "queued"], "one trains")
        teacher.post("/api/classroom/hold", json={"reason": "look here"})
        held = now(client, sweep)
        assert statuses(held) == ["paused", "queued"]
        assert "look here" in held["reason"]
        client.post(f"/api/sweeps/{sweep['id']}/pause")
        assert client.post(f"/api/sweeps/{sweep['id']}/resume").status_code == 409
        teacher.post("/api/classroom/hold", json={"reason": None})
        client.post(f"/api/sweeps/{sweep['id']}/resume")
        wait_until(lambda: statuses(now(client, sweep)) == ["training", "queued"], "it goes on")
        assert teacher.post(f"/api/sweeps/{sweep['id']}/stop").status_code == 200


def test_a_sweep_that_nobody_watches_is_paused(start_server: StartServer) -> None:
    time = [1e9]
    server = start_server(clock=lambda: time[0], idle_pause_minutes=60)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        sweep = begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1)
        wait_until(lambda: statuses(now(client, sweep)) == ["training", "queued"], "one trains")
        time[0] += 3601
        wait_until(
            lambda: client.get("/api/sweeps").json()[0]["status"] == "paused", "it is paused"
        )
        paused = now(client, sweep)
        assert "nobody has watched it for 60 minutes" in paused["reason"]
        wait_until(lambda: statuses(now(client, sweep)) == ["paused", "queued"], "so is its run")
