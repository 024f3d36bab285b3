import base64

import numpy as np

from nn_core import load_dataset
from tests.app.clients import Client, Watch


def test_the_kept_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    assert client.get(f"/api/runs/{run}/checkpoints").json() == [0, 1, 2, 3]
    assert client.get("/api/runs/nobodys/checkpoints").status_code == 404


def test_of_a_long_run_every_few_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=200, batch_size="full", train_examples=1, hidden=[1])
    watch(run).until_status("finished")
    kept = client.get(f"/api/runs/{run}/checkpoints").json()
    assert {*range(0, 201, 4)} <= {*kept}
    assert len(kept) <= 52  # and the best
    assert client.get(f"/api/runs/{run}/checkpoint?epoch={kept[-1]}").status_code == 200


def test_examples_to_test_with_come_round_again(client: Client) -> None:
    test = load_dataset("digits-5k").test
    for index, place in ((0, 0), (999, 999), (1000, 0), (123_456, 456)):
        example = client.get(f"/api/datasets/digits-5k/test/{index}").json()
        assert (example["index"], example["label"]) == (place, test.labels[place])
        np.testing.assert_allclose(example["image"], test.images[place] / 255, atol=5e-5)


def test_examples_that_are_not_there(client: Client) -> None:
    assert client.get("/api/datasets/nothing/test/0").status_code == 404
    assert client.get("/api/datasets/digits-5k/test/-1").status_code == 422
    response = client.get("/api/datasets/mnist/test/0")
    assert response.status_code == 409
    assert "download it" in response.json()["detail"]


# Mistakes


def test_the_mistakes_of_a_run(client: Client, watch: Watch) -> None:
    run = client.run(epochs=2)
    watch(run).until_status("finished")
    now = client.get(f"/api/runs/{run}/mistakes").json()
    (*_, last) = client.get(f"/api/runs/{run}/epochs").json()
    assert (now["epoch"], now["step"], now["examples"]) == (2, 250, 1000)
    assert now["right"] == round(1000 * last["test_accuracy"])
    confusion = np.array(now["confusion"])
    assert confusion.shape == (10, 10)
    assert confusion.sum(axis=1).tolist() == [100] * 10
    assert np.trace(confusion) == now["right"]
    assert client.get(f"/api/runs/{run}/mistakes?epoch=2").json() == now

    assert len(now["wrong"]) == min(48, 1000 - now["right"])
    confidence = [wrong["confidence"] for wrong in now["wrong"]]
    assert confidence == sorted(confidence, reverse=True)
    for wrong in now["wrong"]:
        example = client.get(f"/api/datasets/digits-5k/test/{wrong['index']}").json()
        assert wrong["label"] == example["label"] != wrong["digit"]
        pixels = np.frombuffer(base64.b64decode(wrong["image"]), np.uint8)
        np.testing.assert_allclose(pixels / 255, example["image"], atol=5e-5)


def test_the_mistakes_of_an_earlier_epoch(client: Client) -> None:
    run = client.run(epochs=None, steps_per_second=2000)
    client.command(run, "pause")
    untrained = client.get(f"/api/runs/{run}/mistakes?epoch=0").json()
    assert (untrained["epoch"], untrained["step"]) == (0, 0)
    assert untrained["right"] < 300
    step = client.get(f"/api/runs/{run}").json()["step"]
    assert client.get(f"/api/runs/{run}/mistakes").json()["step"] == step
    assert client.get(f"/api/runs/{run}/mistakes?epoch=99").status_code == 404
