"""The lesson over real HTTP and real sockets: pause all, nicknames, what is sent to everybody."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.app.clients import Client, Watcher
from tests.app.drawings import labelled
from tests.app.sweeps import sweeping
from tests.app.wall_watcher import WallWatcher
from tests.servers import Server, wait_until

ENDLESS = {"epochs": None, "train_examples": 320, "steps_per_second": 500}


def lesson_of(wall: WallWatcher) -> str:
    """Return the code that the wall shows."""
    wall.until(lambda: wall.rest)
    return str(wall.rest["code"])


def calls_that_train(run: str) -> list[tuple[str, str, Any]]:
    """Return every call by which a pupil could make a step."""
    nudge = {"index": 0, "amount": 0.1, "apply": True}
    return [
        ("POST", f"/api/runs/{run}/resume", None),
        ("POST", f"/api/runs/{run}/step", None),
        ("POST", f"/api/runs/{run}/nudge", nudge),
        ("POST", f"/api/runs/{run}/learn", {"drawings": [labelled(0, 9)]}),
    ]


def test_pause_all_holds_until_it_is_lifted(
    school: Server, student: Client, teacher: Client, wall: WallWatcher
) -> None:
    runs = [student.run(**ENDLESS) for _ in range(3)]
    finished = student.run(epochs=1, train_examples=320)
    viewer = Watcher(school, finished)
    viewer.until_status("finished")
    wall.until(lambda: all(wall.runs.get(run, {}).get("epoch") for run in runs))
    held = teacher.post("/api/classroom/hold", json={"reason": "look at me"})
    assert held.json() == {"reason": "look at me", "runs": 3}
    told = viewer.until("class")[-1]
    assert told["held"] == "your teacher has paused all runs: look at me"
    steps = {}
    for run in runs:
        described = student.get(f"/api/runs/{run}").json()
        assert (described["status"], described["reason"]) == ("paused", told["held"])
        steps[run] = described["step"]
        for method, path, body in calls_that_train(run):
            refused = student.request(method, path, json=body)
            assert refused.status_code == 409, path
            assert "look at me" in refused.json()["detail"]
        assert student.patch(f"/api/runs/{run}", json={"epochs": 9000}).status_code == 200
    student.patch(f"/api/runs/{finished}", json={"epochs": 5})
    assert student.post(f"/api/runs/{finished}/resume").status_code == 409
    # What is begun now waits as well, and so does what takes another's place.
    begun = student.run(**ENDLESS)
    Watcher(school, begun).until_status("paused")
    instead = student.post(f"/api/runs?instead_of={runs[2]}", json=ENDLESS).json()["id"]
    Watcher(school, instead).until_status("paused")
    archive = student.get("/api/runs/export").content
    for run in student.post("/api/runs/import", content=archive).json():
        assert run["status"] not in ("queued", "training")
    for run in [*runs[:2], begun, instead]:
        described = student.get(f"/api/runs/{run}").json()
        assert (described["status"], described["step"]) == ("paused", steps.get(run, 0))
    # The teacher's own run is not held.
    teacher.get("/classroom")
    teacher.post("/api/classroom/clear")
    mine = teacher.run(**ENDLESS)
    Watcher(school, mine).until("epoch")
    teacher.delete(f"/api/runs/{mine}")
    lifted = teacher.post("/api/classroom/hold", json={"reason": None}).json()
    assert lifted == {"reason": None, "runs": 4}
    for run in [*runs[:2], begun, instead]:
        Watcher(school, run).until_status("training")


def test_a_pupil_comes_by_the_code_and_is_forgotten(
    school: Server, student: Client, teacher: Client, wall: WallWatcher
) -> None:
    run = student.run(**ENDLESS)
    code = lesson_of(wall)
    wrong = student.post("/api/class/join", json={"code": "wrong", "nickname": "Ada"})
    assert wrong.status_code == 403
    early = student.post("/api/class/at", json={"task": 1})
    assert early.status_code == 409
    joined = student.post("/api/class/join", json={"code": code.upper(), "nickname": " Ada "})
    assert joined.json()["nickname"] == "Ada"
    with Client(base_url=school.url) as other:
        twice = other.post("/api/class/join", json={"code": code, "nickname": "ada"})
        assert twice.status_code == 409
        assert "ada 2" in twice.json()["detail"]
    assert student.post("/api/class/at", json={"task": 2, "guess": 1}).json()["task"] == 2
    wall.until(lambda: wall.runs.get(run, {}).get("who") == "Ada")
    wall.until(lambda: wall.rest["guesses"] == {"2": {"1": 1}})
    (pupil,) = wall.rest["pupils"]
    assert pupil == {"pupil": wall.runs[run]["pupil"], "nickname": "Ada", "task": 2}
    ended = student.run(epochs=1, train_examples=320)
    wall.until(lambda: wall.runs.get(ended, {}).get("status") == "finished")
    assert teacher.post("/api/classroom/end").status_code == 204
    assert student.get("/api/class").json()["sent"]["text"].startswith("The lesson is over")
    assert teacher.get("/api/class").json()["sent"] is None
    wall.until(lambda: ended not in wall.runs)
    wall.until(lambda: not wall.rest["pupils"] and wall.rest["code"] != code)
    wall.until(lambda: wall.runs[run]["who"].startswith("Visitor "))
    assert student.get("/api/class").json()["nickname"] is None


def test_what_is_sent_reaches_every_page(school: Server, student: Client, teacher: Client) -> None:
    watcher = Watcher(school, student.run(**ENDLESS))
    watcher.until("hello")
    for link in ("https://elsewhere.example.org/", "//elsewhere.example.org"):
        refused = teacher.post("/api/classroom/send", json={"text": "x", "link": link})
        assert refused.status_code == 422
    sent = {"text": "Try this", "link": "/?hidden=32"}
    assert teacher.post("/api/classroom/send", json=sent).status_code == 204
    told = watcher.until("class")[-1]["sent"]
    assert {name: told[name] for name in ("text", "link")} == sent
    assert student.get("/api/class").json()["sent"] == told
    teacher.post("/api/classroom/send", json={})
    assert watcher.until("class")[-1]["sent"] is None


def test_look_at_me_and_the_spotlight_follow_a_reset(
    school: Server, student: Client, teacher: Client, wall: WallWatcher
) -> None:
    run = student.run(**ENDLESS)
    watcher = Watcher(school, "pretrained")
    shown = {"run": run, "look": True}
    assert teacher.post("/api/classroom/show", json=shown).json() == shown
    watcher.until("show", **shown)
    new = student.post(f"/api/runs?paused=true&instead_of={run}", json=ENDLESS).json()["id"]
    watcher.until("show", run=new, look=True)
    # One that has made no step is deleted when another takes its place.
    newer = student.post(f"/api/runs?paused=true&instead_of={new}", json=ENDLESS).json()["id"]
    watcher.until("show", run=newer, look=True)
    wall.until(lambda: wall.rest.get("shown") == newer)
    teacher.post("/api/classroom/show", json={"run": None})
    assert watcher.until("show")[-1] == {"type": "show", "run": None}


def test_what_a_pupil_leaves_behind_gives_its_place_to_others(
    school: Server, student: Client, wall: WallWatcher
) -> None:
    before = student.run(**ENDLESS)  # not yet in the lesson
    watched = student.run(**ENDLESS)
    watcher = Watcher(school, watched)
    Watcher(school, before).until("epoch")
    for viewer in Watcher.watching - {watcher}:
        viewer.close()
    joining = {"code": lesson_of(wall), "nickname": "Eve"}
    assert student.post("/api/class/join", json=joining).status_code == 200
    newest = student.run(**ENDLESS)
    left = student.get(f"/api/runs/{before}").json()
    assert left["status"] == "paused"
    assert "nobody watched this one" in left["reason"]
    for run in (watched, newest):
        Watcher(school, run).until("epoch")
    student.command(before, "resume")
    Watcher(school, before).until("epoch")
    for ours in ("Teacher", "visitor 3"):  # as the wall calls others
        refused = student.post("/api/class/join", json=joining | {"nickname": ours})
        assert refused.status_code == 409
    student.delete("/api/class/me")


def test_ended_runs_are_cleared_off_the_wall(
    student: Client, teacher: Client, wall: WallWatcher
) -> None:
    run = student.run(epochs=1, train_examples=320)
    wall.until(lambda: wall.runs.get(run, {}).get("status") == "finished")
    assert teacher.post("/api/classroom/clear").status_code == 204
    wall.until(lambda: run not in wall.runs)
    assert student.get(f"/api/runs/{run}").status_code == 200


def test_a_run_that_is_about_to_go_on_is_held_too(student: Client, teacher: Client) -> None:
    runs = [student.run(**ENDLESS) for _ in range(4)]
    for _ in range(3):
        for run in runs:
            student.command(run, "pause")
        with ThreadPoolExecutor(len(runs) + 1) as threads:
            for run in runs:
                threads.submit(student.post, f"/api/runs/{run}/resume")
            threads.submit(teacher.post, "/api/classroom/hold", json={"reason": "look"})
        told = [student.get(f"/api/runs/{run}").json()["status"] for run in runs]
        assert told == ["paused"] * len(runs)
        teacher.post("/api/classroom/hold", json={"reason": None})


def test_two_teachers_who_press_at_once_leave_no_run_behind(
    student: Client, teacher: Client
) -> None:
    student.run(**ENDLESS)
    student.run(epochs=None, batch_size="full", hidden=[512])  # it is paused after a long step

    def all_are(status: str) -> bool:
        return {run["status"] for run in student.get("/api/runs").json() if run["yours"]} == {
            status
        }

    def is_held() -> bool:
        return student.get("/api/class").json()["held"] is not None

    def press(reason: str | None) -> None:
        teacher.post("/api/classroom/hold", json={"reason": reason})

    wait_until(lambda: all_are("training"), "all have begun")
    with ThreadPoolExecutor(1) as threads:
        threads.submit(press, "look")
        wait_until(is_held, "all are being paused")
        press(None)
    assert all_are("training")
    press("look")
    with ThreadPoolExecutor(1) as threads:
        threads.submit(press, None)
        wait_until(lambda: not is_held(), "all are being let go on")
        press("look here")
    assert all_are("paused")
    press(None)
    assert all_are("training")


def test_what_its_owner_pauses_while_all_are_held_stays_paused(
    student: Client, teacher: Client
) -> None:
    runs = [student.run(**ENDLESS) for _ in range(2)]
    sweep = sweeping.begun(student, {"seed": [1, 2]}, ENDLESS, at_once=2)
    wait_until(
        lambda: sweeping.statuses(sweeping.now(student, sweep)) == ["training"] * 2,
        "the sweep trains",
    )
    teacher.post("/api/classroom/hold", json={"reason": "look"})
    student.command(runs[0], "pause")
    student.post(f"/api/sweeps/{sweep['id']}/pause")
    teacher.post("/api/classroom/hold", json={"reason": "look here"})
    lifted = teacher.post("/api/classroom/hold", json={"reason": None}).json()
    assert lifted["runs"] == 1
    told = [student.get(f"/api/runs/{run}").json()["status"] for run in runs]
    assert told == ["paused", "training"]
    assert sweeping.statuses(sweeping.now(student, sweep)) == ["paused"] * 2


@pytest.mark.parametrize(
    "nickname", ["An\u200bna", "\u202eannA", "An\0na", "An\u3164na", "A" + 9 * "\u0301"]
)
def test_a_nickname_can_be_read(student: Client, wall: WallWatcher, nickname: str) -> None:
    joining = {"code": lesson_of(wall), "nickname": nickname}
    refused = student.post("/api/class/join", json=joining)
    assert refused.json()["detail"][0]["loc"] == ["body", "nickname"]
    joined = student.post("/api/class/join", json=joining | {"nickname": "Ａnna"})
    assert joined.json()["nickname"] == "Anna"
    for ours in ("Teacher", "visitor 3"):  # as the wall calls others
        refused = student.post("/api/class/join", json=joining | {"nickname": ours})
        assert refused.status_code == 409
    student.delete("/api/class/me")
