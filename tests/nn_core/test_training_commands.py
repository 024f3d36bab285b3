"""The commands that train() accepts: pause, resume, step, stop, change, snapshot, save."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, train
from nn_core.events import (
    Change,
    Changed,
    Command,
    Epoch,
    Event,
    Memory,
    Pause,
    Progress,
    Resume,
    Save,
    Saved,
    Snapshot,
    Status,
    Step,
    Stop,
    TakeSnapshot,
)
from tests.nn_core.toy_problems import toy_examples, toy_network

Training = Generator[Event, Command | None, None]
EXAMPLES = 20


def started(network: Network, **chosen: Any) -> Training:
    """Return a training that has said that it is training: 20 examples in batches of 5."""
    hyperparameters = Hyperparameters(**{"batch_size": 5, "epochs": 3, **chosen})
    training = train(network, toy_examples(EXAMPLES), None, hyperparameters)
    assert next(training) == Status("training", 0, 0)
    return training


def is_at(event: Event, status: str, step: int) -> bool:
    return isinstance(event, Status) and (event.status, event.step) == (status, step)


def snapshot(training: Training) -> Snapshot:
    event = training.send(TakeSnapshot())
    assert isinstance(event, Snapshot)
    return event


def test_a_plain_for_loop_ends() -> None:
    *_, last = train(toy_network(), toy_examples(), None, Hyperparameters(epochs=2))
    assert is_at(last, "finished", 2)


def test_a_paused_trainings_parameters_do_not_move() -> None:
    network = toy_network()
    training = started(network)
    next(training)

    assert is_at(training.send(Pause()), "paused", 1)
    theta = network.parameters.theta.copy()
    for _ in range(10):
        assert is_at(next(training), "paused", 1)
    assert is_at(training.send(Pause()), "paused", 1)

    assert np.array_equal(network.parameters.theta, theta)


def test_resume_goes_on_as_if_nothing_had_happened() -> None:
    paused, plain = toy_network(), toy_network()
    list(started(plain))
    training = started(paused)
    for _ in range(6):
        next(training)
        training.send(Pause())
        next(training)
        assert is_at(training.send(Resume()), "training", snapshot(training).step)
    *_, last = training
    assert is_at(last, "finished", 12)
    assert np.array_equal(paused.parameters.theta, plain.parameters.theta)


def test_resume_while_training_changes_nothing() -> None:
    training = started(toy_network())
    next(training)
    assert is_at(training.send(Resume()), "training", 1)
    event = next(training)
    assert isinstance(event, Progress)
    assert event.step == 2


def test_step_makes_exactly_one_step() -> None:
    network, plain = toy_network(), toy_network()
    training, reference = started(network), started(plain)
    training.send(Pause())
    for step in range(1, 7):
        event, expected = training.send(Step()), next(reference)
        assert type(event) is type(expected)
        assert isinstance(event, Progress | Epoch)
        assert isinstance(expected, Progress | Epoch)
        assert (event.epoch, event.cost) == (expected.epoch, expected.cost)
        assert event.step == step
        assert np.array_equal(network.parameters.theta, plain.parameters.theta)
        assert is_at(next(training), "paused", step)
        assert np.array_equal(network.parameters.theta, plain.parameters.theta)


def test_step_while_training_pauses() -> None:
    training = started(toy_network())
    next(training)
    event = training.send(Step())
    assert isinstance(event, Progress)
    assert event.step == 2
    assert is_at(next(training), "paused", 2)


def test_steps_run_into_the_end() -> None:
    network = toy_network()
    training = started(network, epochs=1)
    for _ in range(4):
        event = training.send(Step())
    assert isinstance(event, Epoch)
    theta = network.parameters.theta.copy()
    assert is_at(training.send(Step()), "finished", 4)
    assert is_at(training.send(Step()), "finished", 4)
    assert np.array_equal(network.parameters.theta, theta)


def test_stop_ends_it() -> None:
    training = started(toy_network())
    next(training)
    assert is_at(training.send(Stop()), "stopped", 1)
    assert is_at(training.send(Stop()), "stopped", 1)
    assert is_at(training.send(Pause()), "stopped", 1)
    assert is_at(training.send(Step()), "stopped", 1)
    assert list(training) == []


def test_a_stopped_training_can_go_on() -> None:
    stopped, plain = toy_network(), toy_network()
    list(started(plain))
    training = started(stopped)
    next(training)
    training.send(Stop())
    assert is_at(training.send(Resume()), "training", 1)
    *_, last = training
    assert is_at(last, "finished", 12)
    assert np.array_equal(stopped.parameters.theta, plain.parameters.theta)


def run_until_finished(training: Training) -> Status:
    while not (isinstance(event := next(training), Status) and event.status == "finished"):
        pass
    return event


def test_more_epochs_after_the_last_go_on_as_if_they_had_been_asked_for_at_once() -> None:
    raised, plain = toy_network(), toy_network()
    list(started(plain, epochs=5))
    training = started(raised, epochs=2)
    assert run_until_finished(training) == Status("finished", 2, 8)

    assert is_at(training.send(Resume()), "finished", 8)  # there are no more yet
    assert isinstance(training.send(Change({"epochs": 5})), Changed)
    assert is_at(training.send(Resume()), "training", 8)
    assert run_until_finished(training) == Status("finished", 5, 20)
    assert np.array_equal(raised.parameters.theta, plain.parameters.theta)


def test_epochs_none_goes_on_until_stopped() -> None:
    training = started(toy_network(), epochs=None)
    for _ in range(400):
        assert isinstance(next(training), Progress | Epoch)
    assert training.send(Stop()) == Status("stopped", 100, 400)


def test_fewer_epochs_than_are_done_finish_it() -> None:
    training = started(toy_network(), epochs=10)
    for _ in range(9):
        next(training)
    training.send(Change({"epochs": 1}))
    assert is_at(next(training), "finished", 9)


def test_a_command_may_be_the_first_thing_after_the_start() -> None:
    training = started(toy_network())
    assert is_at(training.send(Pause()), "paused", 0)
    assert snapshot(training).step == 0
    assert not snapshot(training).gradient.theta.any()


def test_a_snapshot_is_a_copy_and_changes_nothing() -> None:
    watched, plain = toy_network(), toy_network()
    training, reference = started(watched), started(plain)
    next(training)
    next(reference)

    first = snapshot(training)
    theta, gradient = first.parameters.theta.copy(), first.gradient.theta.copy()
    assert (first.epoch, first.step) == (0, 1)
    assert np.array_equal(theta, watched.parameters.theta)
    list(training)
    list(reference)

    assert np.array_equal(first.parameters.theta, theta)
    assert np.array_equal(first.gradient.theta, gradient)
    assert not np.array_equal(theta, watched.parameters.theta)
    assert np.array_equal(watched.parameters.theta, plain.parameters.theta)


def test_a_snapshot_does_not_resume() -> None:
    training = started(toy_network())
    training.send(Pause())
    snapshot(training)
    training.send(Save())
    training.send(Change({"l2": 0.1}))
    assert is_at(next(training), "paused", 0)


def save(training: Training) -> Memory:
    event = training.send(Save())
    assert isinstance(event, Saved)
    return event.memory


def test_an_epochs_seconds_leave_out_pauses_and_the_epochs_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0

    def clock() -> float:
        """Return one second more whenever it is asked."""
        nonlocal now
        now += 1
        return now

    monkeypatch.setattr("nn_core.steps.perf_counter", clock)
    training = started(toy_network(), epochs=2)
    seconds = []
    for _ in range(8):
        event = next(training)
        if isinstance(event, Epoch):
            seconds.append(event.seconds)
            assert event.examples_per_second == EXAMPLES / event.seconds
        training.send(Pause())
        now += 1000
        next(training)
        now += 1000
        training.send(Resume())
    assert seconds == [5, 5]  # one for each of the four steps, one to measure the epoch


def test_the_optimizer_can_not_be_changed() -> None:
    training = train(toy_network(), toy_examples())
    next(training)
    with pytest.raises(ValueError, match=r"began with, sgd, not 'adam'"):
        training.send(Change({"optimizer": "adam"}))
