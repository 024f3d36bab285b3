"""Commands to runs over HTTP: pause, step, resume, stop, change."""

import numpy as np
import pytest
from safetensors.numpy import load

from tests.app.clients import Client, Watch
from tests.app.routes.test_runs import AS_JSON, ENDLESS, parameters
from tests.server_thread import StartServer


def test_pause_step_resume_stop(client: Client) -> None:
    run = client.run(**ENDLESS)
    paused = client.command(run, "pause")
    assert paused["status"] == "paused"
    before = parameters(client, run)
    assert client.command(run, "pause")["step"] == paused["step"]
    assert parameters(client, run) == before  # nothing moves
    assert client.get(f"/api/runs/{run}").json()["step"] == paused["step"]

    stepped = client.command(run, "step")
    assert stepped["status"] == "paused"
    assert stepped["step"] == paused["step"] + 1
    assert parameters(client, run) != before
    assert client.command(run, "step")["step"] == paused["step"] + 2

    assert client.command(run, "resume")["status"] == "training"
    assert client.command(run, "resume")["status"] == "training"
    assert client.command(run, "step")["status"] == "paused"  # from training it pauses first
    assert client.command(run, "stop")["status"] == "stopped"
    assert client.command(run, "stop")["status"] == "stopped"
    for name in ("pause", "step"):
        response = client.post(f"/api/runs/{run}/{name}")
        assert response.status_code == 409
        assert "stopped" in response.json()["detail"]


def test_a_step_right_after_the_start_is_the_first(client: Client) -> None:
    run = client.run(steps_per_second=1)
    client.command(run, "pause")
    step = client.get(f"/api/runs/{run}").json()["step"]
    assert client.command(run, "step")["step"] == step + 1


def test_full_batch_is_one_step_an_epoch(client: Client, watch: Watch) -> None:
    run = client.run(batch_size="full", epochs=3)
    watch(run).until_status("finished")
    assert [epoch["step"] for epoch in client.get(f"/api/runs/{run}/epochs").json()] == [1, 2, 3]


def test_a_finished_run_goes_on_when_more_epochs_are_asked_for(
    client: Client, watch: Watch
) -> None:
    run = client.run(epochs=2, optimizer="momentum", dropout=0.1)
    watch(run).until_status("finished")
    assert client.post(f"/api/runs/{run}/resume").status_code == 409
    response = client.patch(f"/api/runs/{run}", json={"epochs": 4})
    assert response.json()["spec"]["epochs"] == 4
    client.command(run, "resume")
    watch(run).until_status("finished")

    straight = client.run(epochs=4, optimizer="momentum", dropout=0.1)
    watch(straight).until_status("finished")
    resumed, expected = load(parameters(client, run)), load(parameters(client, straight))
    for name, tensor in expected.items():
        np.testing.assert_array_equal(tensor, resumed[name])  # as if it had never stopped


def test_a_stopped_run_goes_on_where_it_stopped(client: Client, watch: Watch) -> None:
    run = client.run(steps_per_second=20, epochs=2)
    watch(run).until("progress")
    stopped = client.command(run, "stop")
    assert stopped["step"] < 250
    client.patch(f"/api/runs/{run}", json={"steps_per_second": None})
    client.command(run, "resume")
    watch(run).until_status("finished")
    straight = client.run(epochs=2)
    watch(straight).until_status("finished")
    resumed, expected = load(parameters(client, run)), load(parameters(client, straight))
    for name, tensor in expected.items():
        np.testing.assert_array_equal(tensor, resumed[name])


def test_hyperparameters_change_while_it_trains(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, train_examples=320, steps_per_second=500)
    watcher = watch(run)
    watcher.until("epoch")
    changes = {
        "learning_rate": 0.25, "momentum": 0.5, "l1": 1e-4, "l2": 1e-4, "dropout": 0.1,
        "batch_size": "full", "epochs": 1_000_000, "steps_per_second": 100,
    }  # fmt: skip
    response = client.patch(f"/api/runs/{run}", json=changes)
    assert response.status_code == 200, response.text
    assert changes.items() <= response.json()["spec"].items()
    event = watcher.until("epoch", learning_rate=0.25)[-1]
    following = watcher.until("epoch")[-1]
    assert following["step"] == event["step"] + 1  # the whole batch in one step


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ('{"learning_rate": NaN}', "learning_rate"),
        ('{"learning_rate": null}', "learning_rate"),
        ('{"hidden": [3]}', "hidden"),
        ('{"optimizer": "adam"}', "optimizer"),
        ('{"batch_size": -1}', "batch_size"),
    ],
)
def test_a_bad_change_changes_nothing(owner: Client, endless: str, patch: str, field: str) -> None:
    before = owner.get(f"/api/runs/{endless}").json()["spec"]
    response = owner.patch(f"/api/runs/{endless}", content=patch, headers=AS_JSON)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"][1] == field
    assert owner.get(f"/api/runs/{endless}").json()["spec"] == before


def test_a_run_of_before_the_limits_were_lowered_is_steered_as_ever(
    start_server: StartServer,
) -> None:
    server = start_server()
    with Client(base_url=server.url) as client:
        run = client.run(epochs=5000, hidden=[12], train_examples=320, steps_per_second=10)
        client.command(run, "pause")
        server.stop()
        server = start_server(max_neurons=8, max_epochs=1000)
        client.base_url = server.url
        told = client.patch(f"/api/runs/{run}", json={"learning_rate": 0.25, "name": "as ever"})
        assert told.json()["spec"]["learning_rate"] == 0.25
        assert client.command(run, "step")["status"] == "paused"
        turned = client.patch(f"/api/runs/{run}", json={"name": "\u202eturned around"})
        assert turned.json()["detail"][0]["loc"] == ["body", "name"]
        refused = client.patch(f"/api/runs/{run}", json={"epochs": 4000, "name": "never"})
        assert refused.json()["detail"][0]["loc"] == ["body", "epochs"]
        assert client.get(f"/api/runs/{run}").json()["name"] == "as ever"
        client.command(run, "stop")


def test_a_run_that_diverges_says_so_and_keeps_the_last_good_parameters(
    client: Client, watch: Watch
) -> None:
    run = client.run(
        activation="identity", output="softmax", cost="cross-entropy", learning_rate=1000
    )
    status = watch(run).until_status("diverged")
    assert "step" in status["reason"]
    assert "100 instead of 1000" in status["reason"]
    assert status["step"] >= 1
    for tensor in load(parameters(client, run)).values():
        assert np.isfinite(tensor).all()
    assert client.post(f"/api/runs/{run}/resume").status_code == 409
