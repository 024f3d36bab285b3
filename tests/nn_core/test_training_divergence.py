"""Training that diverges: it says so, and keeps the last good parameters."""

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Hyperparameters, Network, checkpoints, evaluate, train
from nn_core.datasets import Dataset, Examples
from nn_core.events import (
    Change,
    Epoch,
    Event,
    Nudge,
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
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    INITIALIZER_NAMES,
    OPTIMIZER_NAMES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    toy_examples,
    toy_network,
)

DIVERGING = [
    ("identity", "softmax", "cross-entropy", "sgd", 1000.0),
    ("relu", "identity", "squared-error", "sgd", 1000.0),
    ("leaky-relu", "identity", "squared-error", "nesterov", 1e4),
    ("identity", "identity", "squared-error", "momentum", 1.0),
    ("relu", "softmax", "cross-entropy", "sgd", 1e30),
    ("tanh", "identity", "squared-error", "adam", 1e30),
    ("sigmoid", "sigmoid", "cross-entropy", "rmsprop", 1e38),
    ("sigmoid", "identity", "squared-error", "sgd", 1e300),  # not even a float32
]


def run(
    network: Network, examples: Examples, chosen: Hyperparameters
) -> tuple[list[Event], list[np.ndarray]]:
    """Return all events, and θ before the first step and after each."""
    events: list[Event] = []
    thetas = []
    for event in train(network, examples, examples, chosen):
        events.append(event)
        thetas.append(network.parameters.theta.copy())
    return events, thetas


@pytest.mark.parametrize(("activation", "output", "cost", "optimizer", "rate"), DIVERGING)
def test_it_ends_as_diverged_with_the_last_good_parameters(
    activation: str, output: str, cost: str, optimizer: str, rate: float
) -> None:
    network = toy_network((5, 4), activation, output, cost)
    chosen = Hyperparameters(optimizer, rate, batch_size=4, epochs=100)

    events, thetas = run(network, toy_examples(), chosen)

    last = events[-1]
    assert isinstance(last, Status)
    assert last.status == "diverged"
    assert last.step > 0
    assert last.reason is not None
    assert f"step {last.step} " in last.reason
    assert f"instead of {rate:g}" in last.reason
    assert f"{rate / 10:g}" in last.reason
    assert [event.status for event in events if isinstance(event, Status)] == [
        "training",
        "diverged",
    ]
    # What is kept is θ as it was before the step that is named: after the step before it.
    assert np.isfinite(network.parameters.theta).all()
    before = [
        theta
        for event, theta in zip(events[:-1], thetas, strict=False)
        if getattr(event, "step", None) == last.step - 1
    ]
    assert np.array_equal(network.parameters.theta, before[-1])


@pytest.mark.parametrize(
    ("activation", "output", "cost"),
    [("identity", "softmax", "cross-entropy"), ("relu", "identity", "squared-error")],
)
def test_real_digits_at_a_rate_of_1000_diverge(
    digits: Dataset, activation: str, output: str, cost: str
) -> None:
    network = Network([784, 16, 16, 10], activation, output, cost)
    network.initialize("xavier", np.random.default_rng(0))
    chosen = Hyperparameters(learning_rate=1000.0)
    *_, last = train(network, digits.training, digits.test, chosen)
    assert isinstance(last, Status)
    assert last.status == "diverged"
    assert last.step < 20
    assert np.isfinite(network.parameters.theta).all()


def test_a_bounded_cost_saturates_instead(digits: Dataset) -> None:
    network = Network([784, 16, 16, 10])
    network.initialize("xavier", np.random.default_rng(0))
    chosen = Hyperparameters(learning_rate=1000.0, epochs=2)
    *events, last = train(network, digits.training.first(1000), digits.test, chosen)
    assert isinstance(last, Status)
    assert last.status == "finished"
    epoch = events[-1]
    assert isinstance(epoch, Epoch)
    assert max(epoch.gradient_norms) < 1e-3
    assert epoch.test_accuracy is not None
    assert epoch.test_accuracy < 0.2


def diverged() -> Any:
    network = toy_network((5, 4), "relu", "identity")
    chosen = Hyperparameters(learning_rate=1000.0, epochs=100, batch_size=4)
    training = train(network, toy_examples(), None, chosen)
    while not (isinstance(event := next(training), Status) and event.status == "diverged"):
        pass
    return network, training, event


def test_a_diverged_training_stays_so() -> None:
    network, training, end = diverged()
    theta = network.parameters.theta.copy()
    for command in (Pause(), Resume(), Step(), Stop(), Resume()):
        answer = training.send(command)
        assert isinstance(answer, Status)
        assert (answer.status, answer.step) == ("diverged", end.step)
    training.send(Change({"learning_rate": 1e-3}))
    assert list(training) == []
    assert np.array_equal(network.parameters.theta, theta)


def test_the_snapshot_of_a_diverged_training_is_of_the_step_whose_parameters_are_kept() -> None:
    network, training, end = diverged()
    snapshot = training.send(TakeSnapshot())
    assert isinstance(snapshot, Snapshot)
    assert snapshot.step == end.step - 1
    assert np.array_equal(snapshot.parameters.theta, network.parameters.theta)
    checkpoints.save_frame(network, snapshot.gradient, 0, snapshot.step)


@pytest.mark.parametrize(("activation", "output", "cost", "optimizer", "rate"), DIVERGING)
def test_the_gradient_of_a_diverged_trainings_snapshot_is_finite(
    activation: str, output: str, cost: str, optimizer: str, rate: float
) -> None:
    """Else a frame carries NaN, and a picture of NaN is none."""
    network = toy_network((5, 4), activation, output, cost)
    chosen = Hyperparameters(optimizer, rate, batch_size=4, epochs=100)
    training = train(network, toy_examples(), None, chosen)
    while not (isinstance(event := next(training), Status) and event.status == "diverged"):
        pass
    snapshot = training.send(TakeSnapshot())
    assert isinstance(snapshot, Snapshot)
    assert np.isfinite(snapshot.gradient.theta).all()


def test_what_a_diverged_training_saved_can_be_gone_on_from_with_other_hyperparameters() -> None:
    network, training, _ = diverged()
    saved = training.send(Save())
    assert isinstance(saved, Saved)
    chosen = Hyperparameters(learning_rate=1e-4, epochs=saved.memory.epoch + 1, batch_size=4)
    *_, last = train(network, toy_examples(), None, chosen, memory=saved.memory)
    assert isinstance(last, Status)
    assert last.status == "finished"


def test_a_network_that_starts_beyond_all_bounds_diverges_before_its_first_step() -> None:
    network = toy_network((5, 4), "relu", "identity")
    network.parameters.theta[:] = 1e20
    *_, last = train(network, toy_examples(), None, Hyperparameters())
    assert isinstance(last, Status)
    assert (last.status, last.step) == ("diverged", 0)
    assert np.all(network.parameters.theta == np.float32(1e20))


@pytest.mark.parametrize("steps", [0, 3])
def test_a_nudge_by_hand_that_ruins_the_network_is_noticed(steps: int) -> None:
    network = toy_network(activation="identity", output="identity")
    chosen = Hyperparameters(batch_size=5, learning_rate=0.01, epochs=None)
    training = train(network, toy_examples(), None, chosen)
    next(training)
    good = network.parameters.theta.copy()
    for _ in range(steps):
        good = network.parameters.theta.copy()
        next(training)
    training.send(Nudge(0, 3e38))
    status = next(training)
    assert isinstance(status, Status)
    assert (status.status, status.step) == ("diverged", steps)
    assert "by hand" in str(status.reason)
    assert np.array_equal(network.parameters.theta, good)
    snapshot = training.send(TakeSnapshot())
    assert isinstance(snapshot, Snapshot)
    assert snapshot.step == max(steps - 1, 0)


def test_large_parameters_whose_square_overflows_are_finite_still() -> None:
    """θ·θ is how finiteness is found fast; its overflow must not be taken for θ's."""
    network = toy_network((), output="sigmoid")
    network.parameters.theta[:] = 1e30
    *_, last = train(network, toy_examples(), None, Hyperparameters(epochs=2))
    assert isinstance(last, Status)
    assert last.status == "finished"


def test_a_last_step_that_ruins_the_network_is_noticed() -> None:
    """No step comes after it, whose cost would tell."""
    network = toy_network((5, 4), "relu", "identity")
    chosen = Hyperparameters(learning_rate=1e30, epochs=1, batch_size="full")
    examples = toy_examples()
    *_, last = train(network, examples, examples, chosen)
    assert isinstance(last, Status)
    assert last.status == "diverged"
    assert np.isfinite(evaluate(network, examples)[0])


amounts = st.one_of(
    st.sampled_from([0.0, 1e-3, 1.0, 1e3, 1e10, 1e20, 1e30, 1e38, 1e39, 1e300, float("inf")]),
    st.floats(0, allow_nan=False),
)
batch_sizes: st.SearchStrategy[int | Literal["full"]] = st.one_of(
    st.integers(1, 12), st.just("full")
)
hyperparameters = st.builds(
    Hyperparameters,
    optimizer=st.sampled_from(OPTIMIZER_NAMES),
    learning_rate=st.one_of(amounts, st.just(-1e30), st.just(float("nan"))),
    momentum=amounts,
    l1=amounts,
    l2=amounts,
    dropout=st.one_of(st.just(0.0), st.floats(0, 1, exclude_max=True)),
    batch_size=batch_sizes,
    epochs=st.integers(1, 4),
)


@given(
    pair=st.sampled_from(OUTPUT_COST_PAIRS),
    activations=st.lists(st.sampled_from(ACTIVATION_NAMES), max_size=3),
    initializer=st.sampled_from(INITIALIZER_NAMES),
    chosen=hyperparameters,
    seed=st.integers(0, 1000),
)
def test_nothing_makes_it_warn_or_leaves_numbers_that_are_none(
    pair: tuple[str, str],
    activations: list[str],
    initializer: str,
    chosen: Hyperparameters,
    seed: int,
) -> None:
    """Any NumPy warning is an error here (pyproject.toml), and so fails the test."""
    network = Network([PIXELS, *[4] * len(activations), 3], activations, *pair)
    network.initialize(initializer, np.random.default_rng(seed))
    examples = toy_examples(8, seed)

    training = train(network, examples, examples, chosen, np.random.default_rng(seed))
    for event in training:
        if isinstance(event, Progress | Epoch):
            assert np.isfinite(event.cost)
            assert np.isfinite(network.parameters.theta).all()
        snapshot = training.send(TakeSnapshot())
        assert isinstance(snapshot, Snapshot)
        checkpoints.save_frame(network, snapshot.gradient, 0, snapshot.step)

    assert isinstance(event, Status)
    assert event.status in {"finished", "diverged"}
    assert np.isfinite(network.parameters.theta).all()
