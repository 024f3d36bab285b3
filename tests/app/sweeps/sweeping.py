"""Sweeps for the tests: quick ones, and how they are waited for."""

from typing import Any

from tests.app.clients import Client, Event
from tests.servers import wait_until

# Networks that learn in a moment: two epochs of twenty steps.
QUICK: Event = {"train_examples": 640, "epochs": 2, "hidden": [4]}
# And such that do not end by themselves.
ENDLESS: Event = {"train_examples": 320, "epochs": None, "steps_per_second": 200, "hidden": [4]}


def begun(client: Client, vary: Event, base: Event = QUICK, **asked: Any) -> Event:
    """Begin a sweep; return it."""
    answer = client.post("/api/sweeps", json={"base": base, "vary": vary, **asked})
    assert answer.status_code == 201, answer.text
    sweep: Event = answer.json()
    return sweep


def now(client: Client, sweep: Event) -> Event:
    """Return a sweep as it is now."""
    found: Event = client.get(f"/api/sweeps/{sweep['id']}").json()
    return found


def until(client: Client, sweep: Event, status: str) -> Event:
    """Return a sweep once it has this status."""
    wait_until(lambda: now(client, sweep)["status"] == status, f"the sweep is {status}")
    return now(client, sweep)


def statuses(sweep: Event) -> list[str]:
    """Return how its runs stand."""
    return [run["status"] for run in sweep["runs"]]
