"""Sweeps that are refused, each at its field."""

from typing import Any

import pytest

from tests.app.clients import Client, Event


def refused(client: Client, **asked: Any) -> Event:
    answer = client.post("/api/sweeps", json=asked)
    assert answer.status_code == 422, answer.text
    problem: Event = answer.json()["detail"][0]
    return problem | {"loc": ".".join(map(str, problem["loc"]))}


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"vary": {"learning_rate": [1, -1]}}, "vary.learning_rate.1", "greater"),
        ({"vary": {"hidden": [[8], [0]]}}, "vary.hidden.1", "greater"),
        ({"vary": {"brain": [1]}}, "vary.brain", "no such field"),
        ({"vary": {"cost": {"from": 1, "to": 2, "count": 2}}}, "vary.cost", "list of values"),
        ({"vary": {"seed": {"from": 1, "to": 0}}}, "vary.seed", "larger than"),
        ({"vary": {"l2": {"from": 0, "to": 1, "scale": "log"}}}, "vary.l2", "above 0"),
        ({"vary": {"l2": {"from": 0, "to": 1}}}, "vary.l2.count", "how many"),
        ({"vary": {"l2": {"from": 0, "to": 2000, "count": 2}}}, "vary.l2.to", "less than"),
        ({"vary": {"l2": {"to": 1}}}, "vary.l2.from", "required"),
        ({"vary": {}}, "vary", "at least 1"),
        ({"vary": {"seed": [1]}, "base": {"hidden": [0]}}, "base.hidden.0", "greater"),
        ({"vary": {"seed": [1]}, "base": {"dataset": "gone"}}, "base.dataset", "gone"),
        ({"vary": {"seed": [1]}, "runs": 65}, "runs", "64 runs"),
        ({"vary": {"seed": [1]}, "at_once": 1000}, "at_once", "up to"),
        ({"vary": {"seed": [1]}, "brain": 1}, "brain", "no such field"),
        (
            {"vary": {"cost": ["squared-error", "cross-entropy"], "output": ["identity"]}},
            "vary.cost",
            "with cost cross-entropy, output identity",
        ),
        ({"vary": {"hidden": [[8], [9000]]}}, "vary.hidden", "with hidden 9000"),
        ({"vary": {"epochs": [1, 2]}, "search": "halving"}, "vary.epochs", "same epochs"),
        (
            {"vary": {"seed": [1]}, "base": {"epochs": None}, "search": "halving"},
            "base.epochs",
            "two epochs",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: Client, asked: Event, field: str, words: str
) -> None:
    problem = refused(client, **asked)
    assert problem["loc"] == f"body.{field}"
    assert words in problem["msg"]


def test_without_optuna_it_is_said_how_to_install_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sweeps.tpe.is_installed", lambda: False)
    problem = refused(client, vary={"seed": [1]}, search="optuna")
    assert problem["loc"] == "body.search"
    assert "pip install 'nudge-playground[sweeps]'" in problem["msg"]


def test_of_a_larger_grid_so_many_are_drawn(client: Client) -> None:
    asked = {"vary": {"seed": {"from": 1, "to": 100, "count": 100}}, "dry": True}
    assert refused(client, **asked)["loc"] == "body.vary"
    sweeps = [client.post("/api/sweeps", json=asked | {"runs": 5}).json() for _ in range(2)]
    assert len(sweeps[0]["runs"]) == 5
    assert sweeps[0] == sweeps[1]
