"""The classroom over real HTTP and real sockets: one teacher, and those whom they teach."""

from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.app.clients import Client, Watcher
from tests.app.sweeps.sweeping import begun
from tests.app.wall_watcher import TEACHER, WallWatcher
from tests.servers import Server

ENDLESS = {"epochs": None, "train_examples": 320, "steps_per_second": 500}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer of bad news"}])
def test_only_the_teacher_comes_in(school: Server, headers: dict[str, str]) -> None:
    with Client(base_url=school.url, headers=headers) as client:
        assert client.get("/classroom").status_code == 401
        assert client.post("/api/classroom/show", json={"run": None}).status_code == 401
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{school.port}/api/classroom/live", additional_headers=headers),
    ):
        pass
    assert refused.value.response.status_code == 401


def test_without_a_token_there_is_no_classroom(server: Server) -> None:
    with Client(base_url=server.url, headers=TEACHER) as client:
        assert client.get("/classroom").status_code == 404
        answer = client.post("/api/classroom/show", json={"run": None})
        assert answer.status_code == 404
        assert "NUDGE_CLASSROOM_TOKEN" in answer.json()["detail"]


def test_the_page_is_the_teachers(teacher: Client) -> None:
    assert "classroom" in teacher.get("/classroom").text.lower()


def test_the_wall_tells_of_every_run_and_then_of_what_changes(
    student: Client, wall: WallWatcher
) -> None:
    run = student.run(**ENDLESS)
    wall.until(lambda: run in wall.runs and wall.runs[run]["epoch"] > 0)
    told = wall.runs[run]
    assert told["status"] == "training"
    assert told["who"].startswith("Visitor ")
    assert told["spec"]["train_examples"] == 320
    assert "pretrained" not in wall.runs
    assert "owner" not in told
    for cookie in student.cookies.values():  # the visitor's id, and what signs it
        assert cookie.rpartition(".")[0] not in wall.heard

    before = told["epoch"]
    wall.until(lambda: wall.runs[run]["epoch"] > before)
    assert 0 < wall.runs[run]["cost"] < 10
    assert 0 <= wall.runs[run]["test_accuracy"] <= 1
    wall.until(lambda: len(set(wall.pictures.get(run, []))) > 1)  # it learns, and it is seen
    assert tuple(wall.pictures[run][0][:3]) == (16, 28, 28)

    student.patch(f"/api/runs/{run}", json={"name": "Ada's"})
    wall.until(lambda: wall.runs[run]["name"] == "Ada's")
    student.delete(f"/api/runs/{run}")
    wall.until(lambda: run not in wall.runs)


def test_a_sweep_is_one_tile(student: Client, teacher: Client, wall: WallWatcher) -> None:
    sweep = begun(student, {"seed": [1, 2, 3]}, ENDLESS | {"epochs": 30}, at_once=2, name="seeds")
    wall.until(lambda: wall.runs.get(sweep["id"], {}).get("test_accuracy"))
    told = wall.runs[sweep["id"]]
    assert (told["name"], told["status"]) == ("seeds", "training")
    assert told["sweep"]["runs"] == 3
    wall.until(lambda: wall.runs[sweep["id"]]["status"] == "finished")
    assert told["sweep"] == {"runs": 3, "ended": 3}
    assert told["epoch"] == 90
    wall.until(lambda: sweep["id"] in wall.pictures)
    assert not any(run["id"] in wall.runs for run in sweep["runs"])
    teacher.post("/api/classroom/clear")
    wall.until(lambda: sweep["id"] not in wall.runs)


def test_a_run_that_has_ended_comes_with_its_curve(school: Server, student: Client) -> None:
    run = student.run(epochs=100, train_examples=32)
    Watcher(school, run).until_status("finished")
    with ExitStack() as stack:
        wall = WallWatcher(school, stack)
        wall.until(lambda: run in wall.pictures)
    curve = wall.runs[run]["curve"]
    assert [curve[0][0], curve[-1][0]] == [1, 100]
    assert len(curve) == 60
    assert curve[-1][1:] == [wall.runs[run]["cost"], wall.runs[run]["test_accuracy"]]


def test_the_teacher_pauses_and_stops_any_run(
    student: Client, teacher: Client, wall: WallWatcher
) -> None:
    run = student.run(**ENDLESS)
    assert teacher.command(run, "pause")["status"] == "paused"
    wall.until(lambda: run in wall.runs and wall.runs[run]["status"] == "paused")
    assert teacher.command(run, "stop")["status"] == "stopped"
    wall.until(lambda: wall.runs[run]["status"] == "stopped")


def test_a_run_is_shown_to_everybody(
    school: Server, student: Client, teacher: Client, wall: WallWatcher
) -> None:
    mine, other = student.run(**ENDLESS), student.run(**ENDLESS)
    early = Watcher(school, other)
    early.until("hello")
    assert teacher.post("/api/classroom/show", json={"run": mine}).json() == {"run": mine}
    assert early.until("show")[-1]["run"] == mine
    late = Watcher(school, "pretrained")
    events = late.events()
    assert [next(events)["type"], next(events)] == ["hello", {"type": "show", "run": mine}]
    wall.until(lambda: wall.rest.get("shown") == mine)

    student.delete(f"/api/runs/{mine}")
    for watcher in (early, late):
        assert watcher.until("show")[-1]["run"] is None
    back = Watcher(school, "pretrained", "?told=true")  # it missed the end on another socket
    assert back.until("show")[-1]["run"] is None
    assert back.until("class")[-1] == {"type": "class", "held": None, "sent": None}
    wall.until(lambda: wall.rest["shown"] is None)


@pytest.mark.parametrize(
    ("body", "status_code"),
    [({"run": "0" * 32}, 404), ({"run": 7}, 422), ({}, 422), ({"run": None, "for": 1}, 422)],
)
def test_what_can_not_be_shown(teacher: Client, body: object, status_code: int) -> None:
    assert teacher.post("/api/classroom/show", json=body).status_code == status_code
