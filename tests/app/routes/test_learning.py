"""Corrections of a run, copies of networks, and drawings that a new run trains on."""

import json
from typing import Any

import pytest

from nn_core import checkpoints
from tests.app.clients import ENDLESS, Client, Event, Watch
from tests.app.drawings import labelled
from tests.servers import PATIENCE, Server


def lesson(*labels: int) -> dict[str, Any]:
    """Return test digits, the first so many, with these labels."""
    return {"drawings": [labelled(index, label) for index, label in enumerate(labels)]}


def learned(client: Client, run: str, *labels: int) -> Event:
    """Teach a run some drawings; return the answer."""
    response = client.post(f"/api/runs/{run}/learn", json=lesson(*labels))
    assert response.status_code == 200, response.text
    answer: Event = response.json()
    return answer


def theta(client: Client, run: str) -> bytes:
    """Return a run's parameters."""
    file = client.get(f"/api/runs/{run}/checkpoint").content
    return checkpoints.load(file).network.parameters.theta.tobytes()


def test_a_run_that_trains_learns_drawings_and_goes_on(client: Client, watch: Watch) -> None:
    run = client.run(**ENDLESS)
    watcher = watch(run)
    watcher.until("epoch")
    answer = learned(client, run, 9, 8, 7)  # they are digits of other classes
    assert len(answer["before"]) == len(answer["after"]) == 3
    assert answer["right_after"] >= answer["right_before"]
    assert answer["right_after"] == sum(
        one == other for one, other in zip(answer["after"], (9, 8, 7), strict=True)
    )
    assert 0 < answer["test_accuracy_after"] <= 1
    watcher.until("epoch")
    described = client.command(run, "pause")
    before = theta(client, run)
    assert learned(client, run, 9, 8, 7)["after"] == [9, 8, 7]
    assert theta(client, run) != before
    assert client.get(f"/api/runs/{run}").json() == described  # no step of its own


def test_a_run_that_has_ended_learns_and_has_still_ended(client: Client, watch: Watch) -> None:
    run = client.run(epochs=1)
    watch(run).until_status("finished")
    described = client.get(f"/api/runs/{run}").json()
    before = theta(client, run)
    answer = learned(client, run, 9)
    assert answer["after"] == [9]
    assert answer["test_accuracy_before"] == described["test_accuracy"]
    assert client.get(f"/api/runs/{run}").json() == described
    after = theta(client, run)
    assert after != before
    assert learned(client, run, 9)["before"] == [9]


def test_somebody_elses_network_is_taught_as_a_copy(
    client: Client, server: Server, watch: Watch
) -> None:
    run = client.run(epochs=1)
    watch(run).until_status("finished")
    with Client(base_url=server.url, timeout=PATIENCE) as other:
        other.get("/api/visitor")
        refused = other.post(f"/api/runs/{run}/learn", json=lesson(9))
        assert refused.status_code == 403
        assert client.post("/api/runs/pretrained/learn", json=lesson(9)).status_code == 409
        for taught in (run, "pretrained"):
            before = theta(client, taught)
            response = other.post(f"/api/runs/{taught}/copy")
            assert response.status_code == 201, response.text
            copy = response.json()
            assert copy["yours"]
            assert (copy["status"], copy["step"], copy["epoch"]) == ("paused", 0, 0)
            assert copy["spec"]["hidden"] == [16, 16]
            assert theta(other, copy["id"]) == before
            assert learned(other, copy["id"], 9)["after"] == [9]
            assert theta(client, taught) == before
            assert other.command(copy["id"], "step")["step"] == 1
            other.delete(f"/api/runs/{copy['id']}")


def test_a_new_run_trains_on_drawings_that_nobody_else_sees(client: Client, watch: Watch) -> None:
    datasets = client.get("/api/datasets").json()
    spec = {"epochs": 2, "batch_size": 1, "train_examples": 100}
    run = client.run(**spec, **lesson(9, 8, 7))
    watch(run).until_status("finished")
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    assert [epoch["step"] for epoch in epochs] == [103, 206]
    assert client.get("/api/datasets").json() == datasets
    described = json.dumps(client.get(f"/api/runs/{run}").json())
    assert "drawings" not in described
    assert lesson(9)["drawings"][0]["image"][:40] not in described


@pytest.mark.parametrize(
    ("drawings", "place", "words"),
    [
        ([], ["body", "drawings"], "at least 1"),
        ([labelled(0, 10)], ["body", "drawings", 0, "label"], "they are 0 to 9"),
        (
            [labelled(0, 1), {"image": "AAAA", "label": 1}],
            ["body", "drawings", 1, "image"],
            "28×28",
        ),
        ([{"image": "no!", "label": 1}], ["body", "drawings", 0, "image"], "base64"),
        ([labelled(0, 1) | {"name": "x"}], ["body", "drawings", 0, "name"], "no such field"),
        ([labelled(0, 1)] * 101, ["body", "drawings"], "takes 100 at once"),
    ],
)
def test_what_is_wrong_with_a_drawing_is_told_at_its_field(
    client: Client, drawings: list[dict[str, Any]], place: list[str | int], words: str
) -> None:
    run = client.run(epochs=1)
    answers = [client.post(f"/api/runs/{run}/learn", json={"drawings": drawings})]
    if drawings:
        answers.append(client.post("/api/runs", json={"drawings": drawings}))
    for answer in answers:
        assert answer.status_code == 422, answer.text
        (problem,) = answer.json()["detail"]
        assert problem["loc"] == place
        assert words in problem["msg"]


def test_what_a_run_was_taught_moves_with_it(client: Client, watch: Watch) -> None:
    run = client.run(epochs=1, train_examples=100, **lesson(9, 8))
    watch(run).until_status("finished")
    learned(client, run, 7)
    archive = client.get("/api/runs/export").content
    brought = client.post("/api/runs/import", content=archive)
    assert brought.status_code == 201, brought.text
    copies = [copy["id"] for copy in brought.json()]
    assert theta(client, run) in [theta(client, copy) for copy in copies]
