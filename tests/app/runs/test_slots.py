"""How many runs train at once, and the queue of those that wait."""

import asyncio

import pytest

from app.runs.slots import Slots, TooManyRunsError
from app.settings import Settings
from tests.app.clients import ENDLESS, Client, Watcher
from tests.event_loop import run_in_loop
from tests.server_thread import StartServer
from tests.servers import PATIENCE


def test_more_runs_than_train_at_once_wait_in_order(start_server: StartServer) -> None:
    server = start_server(max_live_runs=1)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        first, second, third = (client.run(**ENDLESS) for _ in range(3))
        Watcher(server, first).until("epoch")
        waits = [client.get(f"/api/runs/{run}").json() for run in (second, third)]
        assert [(run["status"], run["place"]) for run in waits] == [("queued", 1), ("queued", 2)]
        assert "number 1 in the queue: another run trains" in waits[0]["reason"]
        watcher = Watcher(server, third)
        watcher.until("hello")
        client.command(first, "stop")
        Watcher(server, second).until("epoch")
        watcher.until("status", status="queued", reason="number 1 in the queue: another run trains")
        client.delete(f"/api/runs/{second}")
        watcher.until("epoch")
        assert client.get(f"/api/runs/{third}").json()["place"] is None


def test_a_queued_run_can_be_stopped_changed_and_deleted_but_not_stepped(
    start_server: StartServer,
) -> None:
    server = start_server(max_live_runs=1)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        first, second, third = (client.run(**ENDLESS) for _ in range(3))
        Watcher(server, first).until("epoch")
        for command in ("pause", "step"):
            response = client.post(f"/api/runs/{second}/{command}")
            assert response.status_code == 409
            assert "queued" in response.json()["detail"]
        assert client.command(second, "resume")["status"] == "queued"
        client.patch(f"/api/runs/{third}", json={"learning_rate": 0.125})
        assert client.command(second, "stop")["status"] == "stopped"
        assert client.delete(f"/api/runs/{second}").status_code == 204
        client.command(first, "stop")
        Watcher(server, third).until("epoch")
        first_epoch = client.get(f"/api/runs/{third}/epochs").json()[0]
        assert first_epoch["learning_rate"] == 0.125


def test_one_visitor_does_not_take_all_the_slots(start_server: StartServer) -> None:
    server = start_server(max_live_runs=2, max_live_runs_per_visitor=1)
    with (
        Client(base_url=server.url, timeout=PATIENCE) as greedy,
        Client(base_url=server.url, timeout=PATIENCE) as modest,
    ):
        first, second = greedy.run(**ENDLESS), greedy.run(**ENDLESS)
        Watcher(server, first).until("epoch")
        waits = greedy.get(f"/api/runs/{second}").json()
        assert waits["reason"] == "number 1 in the queue: 1 of your runs trains already"
        Watcher(server, modest.run(**ENDLESS)).until("epoch")
        assert greedy.get(f"/api/runs/{second}").json()["status"] == "queued"


def test_a_queue_that_is_full_says_so(start_server: StartServer) -> None:
    server = start_server(max_live_runs=1, max_queued_runs_per_visitor=1)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        client.run(**ENDLESS)
        client.run(**ENDLESS)
        response = client.post("/api/runs", json={})
        assert response.status_code == 429
        assert "as many of your runs wait" in response.json()["detail"]
        assert int(response.headers["Retry-After"]) > 0


def test_a_paused_run_gives_its_slot_to_one_that_waits(start_server: StartServer) -> None:
    server = start_server(max_live_runs=1)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        first = client.run(**ENDLESS)
        Watcher(server, first).until("epoch")
        paused = client.command(first, "pause")
        second = client.run(**ENDLESS)
        Watcher(server, second).until("epoch")
        assert client.get(f"/api/runs/{first}").json() == paused
        client.command(second, "stop")
        stepped = client.command(first, "step")
        assert (stepped["status"], stepped["step"]) == ("paused", paused["step"] + 1)
        assert client.command(first, "resume")["status"] in ("queued", "training")
        Watcher(server, first).until("epoch")


def test_the_oldest_ended_run_goes_when_there_are_too_many(start_server: StartServer) -> None:
    server = start_server(max_runs_per_visitor=2)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        first, second = client.run(**ENDLESS), client.run(epochs=1)
        Watcher(server, second).until_status("finished")
        third = client.run(**ENDLESS)
        own = [run["id"] for run in client.get("/api/runs").json()][2:]
        assert own == [first, third]
        response = client.post("/api/runs", json={})
        assert response.status_code == 429
        assert "2 runs of yours" in response.json()["detail"]


def test_a_run_has_the_slot_of_the_one_that_it_replaces(start_server: StartServer) -> None:
    server = start_server(max_live_runs=1, max_queued_runs=1)
    with (
        Client(base_url=server.url, timeout=PATIENCE) as client,
        Client(base_url=server.url, timeout=PATIENCE) as other,
    ):
        first = client.run(**ENDLESS)
        Watcher(server, first).until("epoch")
        second = client.post(f"/api/runs?paused=true&instead_of={first}", json={}).json()
        assert (second["status"], second["place"]) == ("paused", None)
        client.command(second["id"], "resume")

        waits = other.run(**ENDLESS)
        third = f"/api/runs?paused=true&instead_of={second['id']}"
        assert client.post(third, json={}).status_code == 429  # the queue is full
        assert client.get(f"/api/runs/{second['id']}").json()["status"] == "training"
        assert other.get(f"/api/runs/{waits}").json()["place"] == 1


def test_a_run_waits_behind_others_for_the_slot_of_the_one_that_it_replaces(
    start_server: StartServer,
) -> None:
    server = start_server(max_live_runs=1)
    with (
        Client(base_url=server.url, timeout=PATIENCE) as client,
        Client(base_url=server.url, timeout=PATIENCE) as other,
    ):
        first = client.run(**ENDLESS)
        Watcher(server, first).until("epoch")
        waits = other.run(**ENDLESS)
        second = client.post(f"/api/runs?paused=true&instead_of={first}", json={}).json()
        assert (second["status"], second["place"]) == ("queued", 1)
        Watcher(server, waits).until("epoch")
        other.command(waits, "stop")
        turn = Watcher(server, second["id"]).until_status("paused")
        assert turn["step"] == 0


def test_one_that_leaves_the_queue_at_the_moment_of_its_turn_is_passed_over() -> None:
    async def scene() -> None:
        settings = Settings(max_live_runs=1)
        slots = Slots(settings, on_wait=lambda: None, on_nicer=lambda _: None)

        def ask(owner: str) -> asyncio.Task[None]:
            return asyncio.create_task(slots.take(owner, "", lambda _place, _why: None))

        await ask("first")
        leaving, next_one = ask("second"), ask("third")
        await asyncio.sleep(0)  # both wait
        leaving.cancel()
        slots.give_back("first", "")
        await next_one
        assert leaving.cancelled()
        slots.give_back("third", "")
        await ask("fourth")  # nothing was lost: the slot is there again

    run_in_loop(scene())


def test_of_many_that_are_booked_at_once_those_that_begin_do_not_count_as_waiting() -> None:
    limits = Settings(max_live_runs=2, max_live_runs_per_visitor=1, max_queued_runs_per_visitor=3)
    slots = Slots(limits, lambda: None, lambda _: None)
    for _ in range(4):  # one will train, three will wait
        slots.book("ada", "")
    with pytest.raises(TooManyRunsError, match="as many of your runs wait"):
        slots.book("ada", "")
    slots.book("grace", "")  # whose run will have the other place
