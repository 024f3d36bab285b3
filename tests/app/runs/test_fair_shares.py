"""Global pools are shared: a crowd of new cookies takes nothing from anybody else."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.app.clients import ENDLESS, Client, Watcher
from tests.app.drawings import labelled
from tests.app.runs.archives import packed, run_of, with_entries
from tests.clock import Clock
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE

NOTHING: dict[str, Any] = {"commands": [], "checkpoints": {}, "saved": None, "frame": None}
PIXELS = base64.b64encode(bytes(784)).decode()
EMPTY = run_of(epochs=0, **NOTHING)


def from_address(server: ServerThread, address: str) -> Client:
    """Return a visitor from this address; a proxy of the server's tells it."""
    return Client(base_url=server.url, headers={"X-Forwarded-For": address})


def test_a_crowd_of_new_visitors_deletes_nobody_else_s_runs(start_server: StartServer) -> None:
    server = start_server(max_runs=30, max_runs_per_visitor=10, max_runs_per_address=1000)
    with Client(base_url=server.url) as other:
        theirs = [other.run(epochs=1, train_examples=320) for _ in range(2)]
        for run in theirs:
            Watcher(server, run).until_status("finished")
        for _ in range(6):
            with Client(base_url=server.url) as new:
                answer = new.post("/api/runs/import", content=packed(*[EMPTY] * 10))
                assert answer.status_code == 201, answer.text
        kept = [run["id"] for run in other.get("/api/runs").json() if run["yours"]]
        assert kept == theirs


def test_the_only_run_of_somebody_stays_until_nobody_has_looked_at_it_for_a_day(
    start_server: StartServer,
) -> None:
    clock = Clock()
    server = start_server(clock=clock, max_runs=2)

    def arrive() -> int:
        with Client(base_url=server.url) as new:
            return new.post("/api/runs/import", content=packed(EMPTY)).status_code

    assert [arrive() for _ in range(3)] == [201, 201, 429]
    clock.forward(90_000)
    assert arrive() == 201


def test_of_a_crowd_with_a_run_each_one_goes_for_somebody_from_elsewhere(
    start_server: StartServer,
) -> None:
    server = start_server(max_runs=3)
    for address, status in [("203.0.113.9", 201)] * 3 + [("203.0.113.9", 429)]:
        with from_address(server, address) as new:
            assert new.post("/api/runs/import", content=packed(EMPTY)).status_code == status
    with from_address(server, "198.51.100.7") as other:
        assert other.post("/api/runs/import", content=packed(EMPTY)).status_code == 201


def test_an_address_has_a_share_of_what_is_kept(start_server: StartServer) -> None:
    server = start_server(max_runs_per_address=10, max_runs_per_visitor=4)
    with from_address(server, "198.51.100.7") as other:
        other.post("/api/runs/import", content=packed(EMPTY))
        for _ in range(10):
            with from_address(server, "203.0.113.9") as new:
                new.post("/api/runs/import", content=packed(*[EMPTY] * 4))
        assert len(server.app.state.store.all()) - 2 <= 11
        assert len([run for run in other.get("/api/runs").json() if run["yours"]]) == 1


def test_many_requests_at_once_get_no_more_than_one_after_the_other(
    start_server: StartServer,
) -> None:
    server = start_server(
        max_live_runs=2, max_live_runs_per_visitor=1, max_queued_runs_per_visitor=3
    )
    with Client(base_url=server.url) as client, ThreadPoolExecutor(40) as threads:
        client.get("/api/visitor")
        answers = threads.map(lambda _: client.post("/api/runs", json=ENDLESS), range(40))
        assert sorted(answer.status_code for answer in answers) == [201] * 4 + [429] * 36


def test_a_crowd_at_one_address_leaves_places_to_train_for_others(
    start_server: StartServer,
) -> None:
    server = start_server(
        max_live_runs=3,
        max_live_runs_per_address=2,
        max_queued_runs_per_address=1,
        access_token="the class's own",
        classroom_token="the teacher's",
    )
    # Everybody has the token here: nothing counts by address.
    headers = {"Authorization": "Bearer the class's own"}
    for address in ("203.0.113.9",) * 4:
        with from_address(server, address) as pupil:
            assert pupil.post("/api/runs", json=ENDLESS, headers=headers).status_code == 201
    server.stop()
    server = start_server(
        max_live_runs=3,
        max_live_runs_per_address=2,
        max_queued_runs_per_address=1,
        resume_runs=False,
        classroom_token="the teacher's",
    )
    codes = []
    for _ in range(5):
        with from_address(server, "203.0.113.9") as new:
            answer = new.post("/api/runs", json=ENDLESS)
            codes.append(answer.status_code)
    assert codes == [201, 201, 201, 429, 429]
    assert "from your address" in answer.json()["detail"]
    with from_address(server, "198.51.100.7") as other:
        Watcher(server, other.run(**ENDLESS)).until("epoch")
    with from_address(server, "203.0.113.9") as teacher:
        token = {"Authorization": "Bearer the teacher's"}
        assert teacher.post("/api/runs", json=ENDLESS, headers=token).status_code == 201
    # A class shares an address: who has come by the lesson's code has a visitor's limits alone.
    with from_address(server, "203.0.113.9") as pupil:
        lesson = {"code": server.app.state.classroom.code, "nickname": "Ada"}
        assert pupil.post("/api/runs", json=ENDLESS).status_code == 429
        assert pupil.post("/api/class/join", json=lesson).status_code == 200
        assert pupil.post("/api/runs", json=ENDLESS).status_code == 201
    # Codes can't be guessed: after very many wrong ones the right one is not looked at, either.
    with from_address(server, "203.0.113.10") as guesser:
        for _ in range(201):
            guessed = guesser.post("/api/class/join", json=lesson | {"code": "wrong"})
            assert guessed.status_code == 403
        guessed = guesser.post("/api/class/join", json=lesson | {"nickname": "Eve"})
        assert "try again in" in guessed.json()["detail"]


def test_many_cookies_with_the_lessons_code_fill_neither_lesson_nor_store(
    start_server: StartServer,
) -> None:
    server = start_server(
        max_runs=12,
        max_runs_per_visitor=4,
        max_runs_per_lesson=8,
        max_pupils=5,
        max_own_datasets_per_lesson=2,
        classroom_token="the teacher's",
        paused_worker_seconds=0.1,
    )
    body = "label,a,b,c,d\n" + "0,1,2,3,4\n1,4,3,2,1\n" * 5
    joined, copied, uploaded = [], [], []
    with from_address(server, "198.51.100.7") as other, from_address(server, "192.0.2.1") as pupil:
        theirs = other.post("/api/runs/pretrained/copy").json()["id"]
        lesson = {"code": server.app.state.classroom.code}
        pupil.post("/api/class/join", json=lesson | {"nickname": "Ada"})
        for number in range(6):
            with from_address(server, f"203.0.113.{number}") as new:
                answer = new.post("/api/class/join", json=lesson | {"nickname": f"new {number}"})
                joined.append(answer.status_code)
                if joined[-1] == 200:
                    copied += [new.post("/api/runs/pretrained/copy") for _ in range(4)]
                    uploaded.append(new.post(f"/api/datasets?name=own-{number}", content=body))
        assert joined == [200] * 4 + [429] * 2
        assert "5 pupils are in the lesson" in answer.json()["detail"]
        door = other.post("/class", data=lesson | {"nickname": "Eve"})
        assert "5 pupils are in the lesson" in door.text
        assert [answer.status_code for answer in uploaded] == [201] * 2 + [429] * 2
        assert "2 data sets of the lesson" in uploaded[-1].json()["detail"]
        # What is refused says why; what came instead is no more than the lesson's share.
        words = [answer.json()["detail"] for answer in copied if answer.status_code == 429]
        assert all("8 runs of the lesson are kept already" in each for each in words)
        assert len(server.app.state.store.all()) - 2 <= 9
        # A pupil who is honest has room: paused copies that nobody watches go for theirs.
        end = time.monotonic() + PATIENCE
        while pupil.post("/api/runs", json=ENDLESS).status_code != 201:
            assert time.monotonic() < end
        assert other.get(f"/api/runs/{theirs}").status_code == 200


def test_paused_copies_fill_nothing(start_server: StartServer) -> None:
    server = start_server(max_runs=6, max_runs_per_visitor=3, paused_worker_seconds=0.1)
    with from_address(server, "198.51.100.7") as other:
        kept = other.run(**ENDLESS)
        for number in range(4):
            with from_address(server, f"203.0.113.{number}") as new:
                for _ in range(3):
                    new.post("/api/runs/pretrained/copy")
        assert other.command(kept, "pause")["status"] == "paused"
        end = time.monotonic() + PATIENCE
        while other.post("/api/runs", json=ENDLESS).status_code != 201:
            assert time.monotonic() < end
        assert other.get(f"/api/runs/{kept}").json()["status"] == "paused"


def test_drawings_that_runs_were_taught_take_so_much_memory_of_a_visitor(
    start_server: StartServer,
) -> None:
    server = start_server(max_taught_mib_per_visitor=0.01, max_taught_mib_per_address=0.02)
    taught = {"type": "learn", "images": [PIXELS] * 4, "labels": [0] * 4, "seed": 0}
    line = json.dumps({"step": 7, "content": taught}).encode() + b"\n"

    def bring(client: Client, lines: int) -> int:
        archive = with_entries(**{"commands.jsonl": line * lines})
        return client.post("/api/runs/import", content=archive).status_code

    with from_address(server, "203.0.113.9") as rude:
        assert bring(rude, 2000) == 422  # more than any run may be taught
        assert [bring(rude, 3), bring(rude, 1), bring(rude, 1)] == [429, 201, 201]
        run = rude.run(epochs=1, train_examples=320)
        Watcher(server, run).until_status("finished")
        lesson = {"drawings": [labelled(0, 9)] * 2}
        answer = rude.post(f"/api/runs/{run}/learn", json=lesson)
        assert answer.status_code == 429
        assert "more than 0.01 MiB here" in answer.json()["detail"]
        assert rude.post("/api/runs", json={"epochs": 1, **lesson}).status_code == 429
        with from_address(server, "203.0.113.9") as again:
            assert [bring(again, 1), bring(again, 1), bring(again, 1)] == [201, 201, 429]
    with from_address(server, "198.51.100.7") as other:
        assert bring(other, 1) == 201


def test_at_both_limits_one_run_goes(start_server: StartServer) -> None:
    server = start_server(max_runs=2, max_runs_per_visitor=2)
    with Client(base_url=server.url) as client:
        runs = []
        for _ in range(3):
            runs.append(client.run(epochs=1, train_examples=320))
            Watcher(server, runs[-1]).until_status("finished")
        kept = [run["id"] for run in client.get("/api/runs").json() if run["yours"]]
        assert kept == runs[1:]


def test_nobody_takes_all_the_places_for_data_sets(start_server: StartServer) -> None:
    server = start_server(max_own_datasets_per_visitor=2, max_own_datasets_per_address=3)
    body = "label,a,b,c,d\n" + "0,1,2,3,4\n1,4,3,2,1\n" * 5

    def upload(client: Client, name: str) -> int:
        return client.post(f"/api/datasets?name={name}", content=body).status_code

    with from_address(server, "203.0.113.9") as greedy:
        assert [upload(greedy, f"mine-{n}") for n in range(3)] == [201, 201, 429]
        with from_address(server, "203.0.113.9") as again:
            assert [upload(again, f"again-{n}") for n in range(2)] == [201, 429]
        assert greedy.delete("/api/datasets/mine-0").status_code == 204
        assert upload(greedy, "mine-3") == 201
    with from_address(server, "198.51.100.7") as other:
        assert upload(other, "other") == 201
