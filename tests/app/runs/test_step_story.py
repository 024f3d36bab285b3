"""What frames tell of the step that was just made, where a person can follow."""

import base64
import itertools
import json
import zipfile
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from app.runs.spec import RunSpec
from app.runs.step_story import StepStory
from nn_core import Network, checkpoints, load_dataset, train
from nn_core.descent_curve import along_step
from nn_core.events import Hyperparameters, RecalledStep, RecallStep
from tests.app.clients import Client, Watch, Watcher
from tests.nn_core.toy_problems import toy_examples

KEYS = {"descent", "batch"}


def story_in(frame: bytes) -> dict[str, Any]:
    """Return what a frame tells of its step."""
    metadata = checkpoints.read_metadata(frame)
    return {key: json.loads(text) for key, text in metadata.items() if key in KEYS}


def frame_of(client: Client, run: str, tensors: str = "all") -> bytes:
    response = client.get(f"/api/runs/{run}/frame?tensors={tensors}")
    assert response.status_code == 200
    return response.content


def next_story(watcher: Watcher, step: int) -> dict[str, Any]:
    """Return what the next frame of this step tells."""
    while checkpoints.read_metadata(frame := watcher.frame())["step"] != str(step):
        pass
    return story_in(frame)


def network_with(client: Client, run: str) -> Network:
    return checkpoints.load(client.get(f"/api/runs/{run}/checkpoint").content).network


def made_outside(steps: int, **chosen: Any) -> tuple[Network, RecalledStep]:
    """Train what a server would, without one; return the network and its last step."""
    spec = RunSpec(**chosen)
    digits = load_dataset("digits-5k")
    rng = np.random.default_rng(spec.seed)
    network = Network([784, *spec.hidden, 10], spec.activation, spec.output, spec.cost)
    network.initialize(spec.initializer, rng)
    training = train(network, digits.training, digits.test, spec.hyperparameters(), rng)
    for _ in range(steps + 1):
        next(training)
    recalled = training.send(RecallStep())
    assert isinstance(recalled, RecalledStep)
    return network, recalled


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"optimizer": "adam", "augment": True, "dropout": 0.2, "l2": 0.01, "seed": 7},
        {"batch_size": "full", "hidden": [], "output": "softmax", "cost": "cross-entropy"},
    ],
)
def test_a_single_step_is_told(client: Client, watch: Watch, chosen: dict[str, Any]) -> None:
    run = client.run(**chosen, steps_per_second=0.01)
    watcher = watch(run)
    client.command(run, "pause")
    for step in (1, 2):
        client.command(run, "step")
        story = next_story(watcher, step)
        assert set(story) == KEYS
        network, recalled = made_outside(step, **chosen)
        curve = along_step(network, recalled)
        descent = story["descent"]
        assert [descent[name] for name in ("epoch", "step")] == [recalled.epoch, step]
        for name, figures in curve._asdict().items():
            assert descent[name] == pytest.approx(figures, rel=1e-6), name
        after = descent["costs"][descent["rates"].index(descent["learning_rate"])]
        assert descent["after"] == after

        shown = min(16, descent["examples"])
        batch = story["batch"]
        assert [len(batch[name]) for name in batch] == [shown] * 4
        pixels = np.array(
            [np.frombuffer(base64.b64decode(image), np.uint8) for image in batch["images"]]
        )
        np.testing.assert_allclose(pixels / 255, recalled.x[:shown], atol=1e-6)
        assert batch["labels"] == recalled.y[:shown].argmax(axis=1).tolist()
        outputs = network.forward(recalled.x[:shown])[-1]
        np.testing.assert_allclose(batch["outputs_after"], outputs, rtol=1e-3)
        network.parameters.theta[:] = recalled.theta
        outputs = network.forward(recalled.x[:shown])[-1]
        np.testing.assert_allclose(batch["outputs_before"], outputs, rtol=1e-3)


def test_the_cost_falls_as_it_is_told(client: Client) -> None:
    run = client.run(steps_per_second=0.01)
    for _ in range(3):
        client.command(run, "step")
    descent = story_in(frame_of(client, run))["descent"]
    cost = client.get(f"/api/runs/{run}/steps").json()[-1]["cost"]
    assert descent["cost"] == pytest.approx(cost, rel=1e-4)
    assert descent["after"] < descent["cost"]


def test_at_a_slow_pace_steps_are_told(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, steps_per_second=2)
    watcher = watch(run)
    told: set[int] = set()
    while len(told) < 3:
        frame = watcher.frame()
        story = story_in(frame)
        step = int(checkpoints.read_metadata(frame)["step"])
        assert set(story) == (KEYS if step else set())
        if story:
            assert story["descent"]["step"] == step
            told.add(step)
    assert max(told) <= min(told) + 4  # every one, unless this machine is very busy


def test_at_a_pace_that_nobody_follows_nothing_is_told(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, steps_per_second=21)
    watcher = watch(run)
    for _ in range(4):
        assert not story_in(watcher.frame())
    client.patch(f"/api/runs/{run}", json={"steps_per_second": 20})
    while not story_in(watcher.frame()):
        pass
    client.patch(f"/api/runs/{run}", json={"steps_per_second": None})
    while story_in(watcher.frame()):
        pass
    client.command(run, "step")
    assert set(story_in(frame_of(client, run))) == KEYS


def test_every_part_of_a_frame_tells_it_and_no_checkpoint_does(client: Client) -> None:
    run = client.run(epochs=None, steps_per_second=0.01)
    for _ in range(3):
        client.command(run, "step")
    story = story_in(frame_of(client, run))
    assert set(story) == KEYS
    assert len(frame_of(client, run)) < 80_000
    for tensors in ("weights", "gradient"):
        assert story_in(frame_of(client, run, tensors)) == story
    client.command(run, "stop")
    assert story_in(frame_of(client, run)) == story  # whoever comes later sees it, too
    for query in ("", "?epoch=0"):
        assert not story_in(client.get(f"/api/runs/{run}/checkpoint{query}").content)
    archive = zipfile.ZipFile(BytesIO(client.get("/api/runs/export").content))
    saved = [name for name in archive.namelist() if name.endswith("training.safetensors")]
    assert saved
    for name in saved:  # its descent is the optimizer's
        metadata = checkpoints.read_metadata(archive.read(name))
        assert "batch" not in metadata
        assert "rates" not in metadata["descent"]


def test_a_nudge_by_hand_is_no_step(client: Client, watch: Watch) -> None:
    run = client.run(steps_per_second=0.01)
    client.command(run, "step")
    story = story_in(frame_of(client, run))
    watcher = watch(run)
    watcher.frame()
    body = {"index": 13_001, "amount": 5, "apply": True}
    client.post(f"/api/runs/{run}/nudge", json=body).raise_for_status()
    assert story_in(watcher.frame()) == story


@pytest.mark.parametrize("chosen", [{}, {"optimizer": "adam", "augment": True, "dropout": 0.3}])
def test_a_run_that_is_watched_step_by_step_learns_the_same(
    client: Client, watch: Watch, chosen: dict[str, Any]
) -> None:
    spec = {"epochs": 1, "train_examples": 320, "batch_size": 32, **chosen}
    plain = client.run(**spec)
    watch(plain).until_status("finished")
    followed = client.run(**spec, steps_per_second=0.1)  # until somebody watches
    watcher = watch(followed)
    watcher.frame()
    client.patch(f"/api/runs/{followed}", json={"steps_per_second": 20})
    stories = 0
    while checkpoints.read_metadata(frame := watcher.frame())["step"] != "10":
        stories += bool(story_in(frame))
    assert stories
    watch(followed).until_status("finished")
    stepped = client.run(**spec, steps_per_second=0.01)
    for _ in range(10):
        client.command(stepped, "step")
    expected = network_with(client, plain).parameters.theta
    for run in (followed, stepped):
        assert np.array_equal(network_with(client, run).parameters.theta, expected)


def test_a_run_whose_pace_is_slow_is_continued_bit_for_bit(client: Client, watch: Watch) -> None:
    """A new worker repeats steps without telling of them, and then tells of the next."""
    thetas = []
    for stops in (False, True):
        run = client.run(steps_per_second=0.01, optimizer="momentum", epochs=None)
        for _ in range(3):
            client.command(run, "step")
        if stops:
            client.command(run, "stop")
            client.command(run, "resume")
            assert watch(run).until_status("training")
        client.command(run, "step")
        story = story_in(frame_of(client, run))
        assert story["descent"]["step"] == 4
        thetas.append(network_with(client, run).parameters.theta)
    assert np.array_equal(thetas[0], thetas[1])


# What is left out


def story_of(pixels: int = 12, hidden: int = 5, **chosen: Any) -> dict[str, str]:
    examples = toy_examples(40)
    images = np.resize(examples.images, (40, pixels)).astype(np.uint8)
    examples = type(examples)(images, examples.labels, examples.classes)
    network = Network([pixels, hidden, 3])
    network.initialize("xavier", np.random.default_rng(0))
    training = train(network, examples, None, Hyperparameters(**chosen))
    list(itertools.islice(training, 2))
    recalled = training.send(RecallStep())
    assert isinstance(recalled, RecalledStep)
    return StepStory(network, recalled).metadata


def test_of_a_large_network_or_a_step_that_went_nowhere_nothing_is_told() -> None:
    assert set(story_of()) == KEYS
    assert set(story_of(1000, 298)) == KEYS
    assert story_of(1000, 300) == {}
    assert story_of(learning_rate=0.0) == {}


def test_of_large_images_fewer_are_shown() -> None:
    shown = [len(json.loads(story_of(side * side)["batch"])["images"]) for side in (28, 64, 200)]
    assert shown == [16, 4, 0]
