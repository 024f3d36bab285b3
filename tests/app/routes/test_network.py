import numpy as np

from nn_core import load_dataset
from tests.app.clients import Client, Watch


def test_the_kept_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    assert client.get(f"/api/runs/{run}/checkpoints").json() == [0, 1, 2, 3]
    assert client.get("/api/runs/pretrained/checkpoints").json() == [40]
    assert client.get("/api/runs/nobodys/checkpoints").status_code == 404


def test_of_a_long_run_every_few_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=200, batch_size="full", train_examples=1, hidden=[1])
    watch(run).until_status("finished")
    kept = client.get(f"/api/runs/{run}/checkpoints").json()
    assert kept == list(range(0, 201, 4))
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
