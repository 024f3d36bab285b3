"""Uploaded examples, added to the training set of a run."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.app.clients import Client, Watch
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, csv, npz

SEVENS = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)


@pytest.fixture
def extra(client: Client) -> Iterator[str]:
    """Return the name of a data set of three drawings, all of them a 7."""
    added = client.post("/api/datasets?name=sevens", content=csv(SEVENS, np.full(3, 7)))
    assert added.status_code == 201, added.text
    yield "sevens"
    for run in client.get("/api/runs").json():
        if run["spec"]["extra_dataset"] == "sevens":
            client.delete(f"/api/runs/{run['id']}")
    assert client.delete("/api/datasets/sevens").status_code == 204


def checkpoint(client: Client, watch: Watch, **spec: Any) -> bytes:
    run = client.run(epochs=1, train_examples=100, **spec)
    watch(run).until_status("finished")
    return client.get(f"/api/runs/{run}/checkpoint").content


def test_a_few_drawings_train_with_the_rest(client: Client, watch: Watch, extra: str) -> None:
    run = client.run(epochs=2, batch_size=1, train_examples=100, extra_dataset=extra)
    assert client.get(f"/api/runs/{run}").json()["spec"]["extra_dataset"] == extra
    watch(run).until_status("finished")
    epochs = client.get(f"/api/runs/{run}/epochs").json()
    assert [epoch["step"] for epoch in epochs] == [103, 206]
    assert client.get(f"/api/runs/{run}/mistakes").json()["examples"] == 1000
    nudge = {"index": 0, "amount": 0.1}
    assert client.post(f"/api/runs/{run}/nudge", json=nudge).status_code == 200


def test_a_run_does_not_go_on_with_other_drawings_of_the_same_name(
    client: Client, watch: Watch, extra: str
) -> None:
    run = client.run(epochs=None, train_examples=100, extra_dataset=extra)
    watch(run).until("epoch")
    client.command(run, "stop")
    for labels, status in ((4, 409), (7, 200)):
        client.delete(f"/api/datasets/{extra}")
        again = csv(SEVENS, np.full(3, labels))
        assert client.post(f"/api/datasets?name={extra}", content=again).status_code == 201
        resumed = client.post(f"/api/runs/{run}/resume")
        assert resumed.status_code == status
    client.command(run, "stop")


@pytest.mark.parametrize("augment", [False, True])
def test_they_make_another_network_and_always_the_same(
    client: Client, watch: Watch, extra: str, *, augment: bool
) -> None:
    with_them = checkpoint(client, watch, augment=augment, extra_dataset=extra)
    assert with_them == checkpoint(client, watch, augment=augment, extra_dataset=extra)
    assert with_them != checkpoint(client, watch, augment=augment)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing", "no data set is called"),
        ("digits-5k", "the data set itself"),
        ("mnist", "download it first"),
        ("oblong", "6×4"),
        ("eleven", "label 10; the classes of digits-5k are 0 to 9"),
    ],
)
def test_what_does_not_go_with_the_data_set_is_told(client: Client, name: str, words: str) -> None:
    own = {
        "oblong": npz(images=IMAGES, labels=LABELS),
        "eleven": csv(SEVENS, np.full(3, 10)),
    }
    for own_name, content in own.items():
        added = client.post(f"/api/datasets?name={own_name}", content=content)
        assert added.status_code == 201
    refused = client.post("/api/runs", json={"extra_dataset": name})
    for own_name in own:
        client.delete(f"/api/datasets/{own_name}")
    assert refused.status_code == 422
    (problem,) = refused.json()["detail"]
    assert problem["loc"] == ["body", "extra_dataset"]
    assert words in problem["msg"]


def test_a_few_drawings_are_too_few_to_train_on_alone(client: Client) -> None:
    one = csv(SEVENS[:1], np.full(1, 7))
    client.post("/api/datasets?name=one", content=one)
    refused = client.post("/api/runs", json={"dataset": "one"})
    untested = client.get("/api/datasets/one/test/0")
    client.delete("/api/datasets/one")
    assert refused.status_code == 422
    (problem,) = refused.json()["detail"]
    assert problem["loc"] == ["body", "dataset"]
    assert "as extra_dataset it can be added" in problem["msg"]
    assert untested.status_code == 404
    assert "no examples to test with" in untested.json()["detail"]


def test_what_a_run_trains_with_is_not_deleted(client: Client, extra: str) -> None:
    run = client.run(epochs=None, steps_per_second=1, extra_dataset=extra)
    refused = client.delete(f"/api/datasets/{extra}")
    assert refused.status_code == 409
    assert f"trains with {extra}" in refused.json()["detail"]
    client.command(run, "stop")
