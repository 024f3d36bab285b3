"""What each step costs: live, afterwards, and after a restart."""

import numpy as np
import pytest

from tests.app.clients import Client, Watch, Watcher
from tests.server_thread import StartServer
from tests.servers import PATIENCE


def steps_of(client: Client, run: str, after: int = 0) -> list[dict[str, float]]:
    """Return the run's steps."""
    answer = client.get(f"/api/runs/{run}/steps?after={after}").raise_for_status()
    steps: list[dict[str, float]] = answer.json()
    return steps


def test_every_step_of_a_short_run_is_there(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3, batch_size=500)
    watch(run).until_status("finished")
    steps = steps_of(client, run)
    assert [made["step"] for made in steps] == list(range(1, 25))
    assert [made["epoch"] for made in steps] == pytest.approx([step / 8 for step in range(1, 25)])
    costs = np.array([made["cost"] for made in steps]).reshape(3, 8)
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    assert costs.mean(axis=1) == pytest.approx([epoch["cost"] for epoch in epochs], rel=1e-4)
    assert steps[0]["smooth"] == steps[0]["cost"]
    assert steps[1]["smooth"] == pytest.approx(costs[0, :2].mean(), rel=1e-4)
    assert steps_of(client, run, after=20) == steps[20:]


def test_each_step_of_a_full_batch_is_told(client: Client, watch: Watch) -> None:
    run = client.run(epochs=4, batch_size="full")
    watch(run).until_status("finished")
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    steps = steps_of(client, run)
    assert [made["step"] for made in steps] == [epoch["step"] for epoch in epochs] == [1, 2, 3, 4]
    costs = [epoch["cost"] for epoch in epochs]
    assert [made["cost"] for made in steps] == pytest.approx(costs, rel=1e-5)


def test_a_viewer_is_told_of_a_step_at_once(client: Client, watch: Watch) -> None:
    run = client.run(steps_per_second=1, epochs=2)
    watcher = watch(run)
    client.command(run, "pause")
    watcher.until_status("paused")
    for _ in range(3):
        client.command(run, "step")
        event = watcher.until("steps")[-1]
        newest = dict(zip(("step", "epoch", "cost", "smooth"), event["steps"][-1], strict=True))
        assert newest == steps_of(client, run)[-1]
        assert event["after"] < event["steps"][0][0]


def test_a_long_run_is_told_in_few_numbers(client: Client, watch: Watch) -> None:
    run = client.run(epochs=20, batch_size=10, train_examples=2000)
    watch(run).until_status("finished")
    steps = steps_of(client, run)
    assert 500 <= len(steps) <= 1001
    assert steps[-1]["step"] > 3900


def test_they_outlive_the_server(start_server: StartServer) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=2)
        Watcher(server, run).until_status("finished")
        before = steps_of(client, run)
    server.stop()
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE, cookies=client.cookies) as client:
        assert steps_of(client, run) == before
        client.patch(f"/api/runs/{run}", json={"epochs": 3}).raise_for_status()
        client.command(run, "resume")
        Watcher(server, run).until_status("finished")
        assert [made["step"] for made in steps_of(client, run)] == list(range(1, 376))
        assert steps_of(client, run)[:250] == before


def test_an_unknown_run_has_none(client: Client) -> None:
    assert client.get("/api/runs/none/steps").status_code == 404
    assert steps_of(client, "pretrained") == []
