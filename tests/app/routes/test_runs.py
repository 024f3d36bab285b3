import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load

from app.routes.epochs_csv import FIGURES, csv_columns, csv_row
from app.runs.csv_text import csv_text
from tests.app.clients import PARAMETER_SHAPES, Client, Watch
from tests.servers import Server, wait_until

AS_JSON = {"Content-Type": "application/json"}
ENDLESS = {"epochs": None, "steps_per_second": 200}


def parameters(client: Client, run: str, query: str = "") -> bytes:
    response = client.get(f"/api/runs/{run}/checkpoint{query}")
    assert response.status_code == 200, response.text
    return response.content


def test_health_and_datasets(client: Client) -> None:
    assert client.get("/api/health").status_code == 200
    datasets = {dataset["name"]: dataset for dataset in client.get("/api/datasets").json()}
    digits = datasets["digits-5k"]
    assert digits["available"]
    assert digits["examples"] == 5000
    assert digits["input_shape"] == [28, 28]
    assert digits["classes"] == 10
    assert "CC BY-SA" in digits["licence"]
    assert not datasets["mnist"]["available"]


def test_a_run_is_told_with_every_default_filled_in(client: Client) -> None:
    response = client.post("/api/runs", json={"epochs": 1})
    assert response.status_code == 201
    run = response.json()
    assert len(run["id"]) == 32  # hexadecimal: 128 bits
    assert run["status"] in ("queued", "training")
    assert run["parameters"] == 13_002
    assert (run["epoch"], run["step"], run["reason"]) == (0, 0, None)
    assert run["spec"] == {
        "dataset": "digits-5k",
        "hidden": [16, 16],
        "activation": "sigmoid",
        "output": "sigmoid",
        "cost": "squared-error",
        "optimizer": "sgd",
        "learning_rate": 1.0,
        "momentum": 0.9,
        "batch_size": 32,
        "epochs": 1,
        "l1": 0.0,
        "l2": 0.0,
        "dropout": 0.0,
        "initializer": "xavier",
        "augment": False,
        "train_examples": None,
        "extra_dataset": None,
        "label_noise": 0.0,
        "silence": [],
        "steps_per_second": None,
        "arithmetic": "numpy",
        "seed": 0,
    }
    assert run["id"] in [listed["id"] for listed in client.get("/api/runs").json()]


def test_a_body_may_be_left_out(client: Client) -> None:
    assert client.post("/api/runs").status_code == 201


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ('{"learning_rate": NaN}', "learning_rate", "finite"),
        ('{"learning_rate": 1e999}', "learning_rate", "finite"),
        ('{"learning_rate": "NaN"}', "learning_rate", "number"),
        ('{"learning_rate": -1}', "learning_rate", "greater"),
        ('{"momentum": -Infinity}', "momentum", "finite"),
        ('{"l2": -0.1}', "l2", "greater"),
        ('{"dropout": 1}', "dropout", "less than 1"),
        ('{"hidden": [0]}', "hidden", "greater"),
        ('{"hidden": [16, "x"]}', "hidden", "integer"),
        (json.dumps({"hidden": [1] * 10_000}), "hidden", "at most 256 items"),
        ('{"hidden": [1000000]}', "hidden", "1,000,000 neurons"),
        ('{"hidden": [2000, 2000]}', "hidden", "parameters"),
        ('{"activation": ["relu"]}', "activation", "1 activations for 2 hidden layers"),
        ('{"activation": "sine"}', "activation", "'leaky-relu'"),
        ('{"output": "sine"}', "output", "'softmax'"),
        ('{"output": "identity", "cost": "cross-entropy"}', "cost", "identity"),
        ('{"cost": "absolute"}', "cost", "'cross-entropy'"),
        ('{"optimizer": "adagrad"}', "optimizer", "'nesterov'"),
        ('{"initializer": "ones"}', "initializer", "'xavier'"),
        ('{"dataset": "letters"}', "dataset", "digits-5k"),
        ('{"dataset": "mnist"}', "dataset", "not on this server"),
        ('{"batch_size": 0}', "batch_size", "greater"),
        ('{"batch_size": "half"}', "batch_size", "'full'"),
        ('{"batch_size": true}', "batch_size", "integer"),
        ('{"epochs": 0}', "epochs", "greater"),
        ('{"train_examples": 4001}', "train_examples", "4,000"),
        ('{"steps_per_second": 0}', "steps_per_second", "greater"),
        ('{"arithmetic": "abacus"}', "arithmetic", "'compiled'"),
        ('{"seed": -1}', "seed", "greater"),
        ('{"seed": 4294967296}', "seed", "less"),
        ('{"lerning_rate": 1}', "lerning_rate", "no such field"),
        ('{"lerning_rate": NaN}', "lerning_rate", "no such field"),
    ],
)
def test_bad_input_is_told_at_its_field(client: Client, body: str, field: str, words: str) -> None:
    response = client.post("/api/runs", content=body, headers=AS_JSON)
    assert response.status_code == 422, response.text
    problems = [problem for problem in response.json()["detail"] if problem["loc"][1] == field]
    assert problems, response.text
    assert words in problems[0]["msg"]


def test_compiled_loops_are_refused_where_there_is_no_compiler(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_core.arithmetic.find_spec", lambda _name: None)
    response = client.post("/api/runs", json={"arithmetic": "compiled"})
    assert response.status_code == 422
    (problem,) = response.json()["detail"]
    assert problem["loc"] == ["body", "arithmetic"]
    assert "pip install 'nudge-playground[compiled]'" in problem["msg"]


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '"x"', "[]", '{"seed": ' + "1" * 9999 + "}"])
def test_a_body_that_is_no_spec_is_refused(client: Client, body: str) -> None:
    response = client.post("/api/runs", content=body, headers=AS_JSON)
    assert response.status_code in (400, 422), response.text
    assert response.json()["detail"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children),
    max_leaves=5,
)


@given(
    field=st.sampled_from(["hidden", "activation", "batch_size", "seed", "epochs", "l1", "x"]),
    value=JSON,
)
def test_no_value_of_a_field_breaks_the_server(client: Client, field: str, value: Any) -> None:
    spec = {"steps_per_second": 1, field: value}
    response = client.post("/api/runs", content=json.dumps(spec), headers=AS_JSON)
    assert response.status_code in (201, 422), response.text
    if response.status_code == 201:
        client.delete(f"/api/runs/{response.json()['id']}")


def test_a_run_trains_to_its_end(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    assert client.get(f"/api/runs/{run}").json()["epoch"] == 3
    assert client.get(f"/api/runs/{run}").json()["step"] == 375
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3]
    assert [epoch["step"] for epoch in epochs] == [125, 250, 375]
    assert client.get(f"/api/runs/{run}/epochs?after=2").json() == epochs[2:]

    rows = list(csv.DictReader(io.StringIO(client.get(f"/api/runs/{run}/epochs?format=csv").text)))
    assert [float(row["cost"]) for row in rows] == [epoch["cost"] for epoch in epochs]
    assert float(rows[0]["gradient_norm_2"]) == epochs[0]["gradient_norms"][2]


def test_an_epoch_from_before_a_figure_was_added_has_an_empty_field_in_the_csv() -> None:
    new = {name: number for number, name in enumerate(FIGURES)} | {"gradient_norms": [8, 9]}
    old = {name: figure for name, figure in new.items() if name != "test_cost"}
    text = csv_text([csv_columns(2), csv_row(old, 2), csv_row(new, 2)])
    first, second = csv.DictReader(io.StringIO(text))
    assert second == {**first, "test_cost": str(new["test_cost"])}
    assert first["test_cost"] == ""
    assert (first["gradient_norm_0"], first["gradient_norm_1"]) == ("8", "9")


def test_checkpoints_are_kept_by_epoch(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    last = load(parameters(client, run))
    assert {name: tensor.shape for name, tensor in last.items()} == PARAMETER_SHAPES
    assert all(tensor.dtype == np.float32 for tensor in last.values())
    for name, tensor in load(parameters(client, run, "?epoch=3")).items():
        np.testing.assert_array_equal(tensor, last[name])
    untrained = load(parameters(client, run, "?epoch=0"))
    assert not untrained["biases.0"].any()  # where Xavier's initialization puts them
    response = client.get(f"/api/runs/{run}/checkpoint?epoch=4")
    assert response.status_code == 404
    assert "0, 1, 2, 3" in response.json()["detail"]


def test_of_a_long_run_checkpoints_are_thinned_out(client: Client, watch: Watch) -> None:
    run = client.run(epochs=200, batch_size="full", train_examples=1, hidden=[1])
    watch(run).until_status("finished")
    detail = client.get(f"/api/runs/{run}/checkpoint?epoch=199").json()["detail"]
    kept = [int(epoch) for epoch in detail.split("there are ")[1].split(", ")]
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    best = max(epochs, key=lambda e: (e["test_accuracy"], -e["test_cost"], -e["epoch"]))["epoch"]
    assert kept == sorted({*range(0, 201, 4), best})


def test_the_same_seed_gives_the_same_bits(client: Client, watch: Watch) -> None:
    spec = {"epochs": 2, "seed": 7, "dropout": 0.2, "optimizer": "adam"}
    files = []
    for _ in range(2):
        run = client.run(**spec)
        watch(run).until_status("finished")
        files.append(load(parameters(client, run)))
    different = client.run(**{**spec, "seed": 8})
    watch(different).until_status("finished")
    for name, tensor in files[0].items():
        np.testing.assert_array_equal(tensor, files[1][name])
    assert (load(parameters(client, different))["weights.0"] != files[0]["weights.0"]).any()


def test_deleting_a_run(client: Client) -> None:
    run = client.run(**ENDLESS)
    assert client.delete(f"/api/runs/{run}").status_code == 204
    assert client.get(f"/api/runs/{run}").status_code == 404
    assert client.delete(f"/api/runs/{run}").status_code == 404


@pytest.mark.parametrize("name", ["pretrained", "pretrained-large"])
def test_a_pretrained_network_does_not_change(client: Client, name: str) -> None:
    run = client.get(f"/api/runs/{name}").json()
    assert run["status"] == "finished"
    assert "MNIST's 10,000 test digits" in run["reason"]
    for command in ("pause", "resume", "step", "stop"):
        assert client.post(f"/api/runs/{name}/{command}").status_code == 409
    assert client.delete(f"/api/runs/{name}").status_code == 409
    assert client.patch(f"/api/runs/{name}", json={"epochs": 99}).status_code == 409


def test_the_pretrained_networks_are_the_seeds_and_a_larger_one(client: Client) -> None:
    assert client.get("/api/runs/pretrained").json()["parameters"] == 13_002
    assert client.get("/api/runs/pretrained-large").json()["parameters"] > 13_002
    assert len(client.get("/api/runs/pretrained-large/checkpoint").content) < 1_000_000


def test_augmented_digits_train_another_network(client: Client, watch: Watch) -> None:
    networks = []
    for augment in (True, True, False):
        run = client.run(epochs=1, train_examples=500, augment=augment)
        watch(run).until_status("finished")
        networks.append(client.get(f"/api/runs/{run}/checkpoint").content)
    assert networks[0] == networks[1]
    assert networks[0] != networks[2]


def test_a_run_can_begin_paused_and_instead_of_another(client: Client, watch: Watch) -> None:
    first = client.run(**ENDLESS)
    watch(first).until("progress")
    second = client.post(f"/api/runs?paused=true&instead_of={first}", json=ENDLESS)
    assert second.status_code == 201
    assert (second.json()["status"], second.json()["step"]) == ("paused", 0)
    assert client.get(f"/api/runs/{first}").json()["status"] == "stopped"
    viewer = watch(second.json()["id"])
    viewer.until("hello")

    third = client.post(f"/api/runs?instead_of={second.json()['id']}", json=ENDLESS)
    assert third.json()["status"] in ("queued", "training")
    listed = [run["id"] for run in client.get("/api/runs").json()]
    assert first in listed
    assert second.json()["id"] not in listed  # it had no step
    address = f"/api/runs/{second.json()['id']}"
    assert client.get(address).status_code == 200  # its page may still ask for it
    viewer.close()
    wait_until(lambda: client.get(address).status_code == 404, "it is deleted")


def test_a_run_that_has_ended_stays_as_it_is_when_another_begins_instead(
    client: Client, watch: Watch
) -> None:
    ended = client.run(epochs=1)
    watch(ended).until_status("finished")
    for other in (ended, "pretrained"):
        assert client.post(f"/api/runs?instead_of={other}", json=ENDLESS).status_code == 201
        assert client.get(f"/api/runs/{other}").json()["status"] == "finished"


def test_a_run_that_is_refused_takes_nobodys_place(client: Client, server: Server) -> None:
    run = client.run(**ENDLESS)
    bad = client.post(f"/api/runs?instead_of={run}", json={"seed": -1})
    unknown = client.post("/api/runs?instead_of=nothing", json=ENDLESS)
    with Client(base_url=server.url) as stranger:
        stranger.get("/")
        foreign = stranger.post(f"/api/runs?instead_of={run}", json=ENDLESS)
    assert (bad.status_code, unknown.status_code, foreign.status_code) == (422, 404, 403)
    assert client.get(f"/api/runs/{run}").json()["status"] in ("queued", "training")
