"""What train() yields: the right events with the right figures, and the right parameters."""

import math
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Hyperparameters, Network, by_hand, evaluate, train
from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK
from nn_core.descent import default_learning_rate
from nn_core.events import (
    Epoch,
    Event,
    Progress,
    Snapshot,
    Status,
    TakeSnapshot,
)
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network


def all_events(
    network: Network, chosen: Hyperparameters, training: Examples, test: Examples | None = None
) -> list[Event]:
    return list(train(network, training, test, chosen, np.random.default_rng(0)))


def epochs_of(events: list[Event]) -> list[Epoch]:
    return [event for event in events if isinstance(event, Epoch)]


@given(
    examples=st.integers(1, 30),
    batch_size=st.one_of(st.integers(1, 40), st.just("full")),
    epochs=st.integers(0, 3),
)
def test_one_event_for_each_step_and_each_epoch_in_order(
    examples: int, batch_size: int | str, epochs: int
) -> None:
    chosen = Hyperparameters(batch_size=batch_size, epochs=epochs)  # type: ignore[arg-type]
    first, *between, last = all_events(toy_network(), chosen, toy_examples(examples))

    steps = 1 if batch_size == "full" else math.ceil(examples / int(batch_size))
    assert first == Status("training", 0, 0)
    assert last == Status("finished", epochs, epochs * steps)
    expected = [
        (Epoch if step == steps else Progress, epoch, (epoch - 1) * steps + step)
        for epoch in range(1, epochs + 1)
        for step in range(1, steps + 1)
    ]
    assert [(type(e), e.epoch, e.step) for e in between] == expected  # type: ignore[union-attr]
    assert all(e.steps_per_epoch == steps for e in between if isinstance(e, Progress))


def test_a_full_batch_is_one_gradient_descent_step_as_in_the_seed() -> None:
    network, examples = toy_network(dtype=np.float64), toy_examples(20)
    theta = network.parameters.copy()
    x, y = examples.batch(np.arange(20), np.float64)

    chosen = Hyperparameters(batch_size="full", epochs=3, learning_rate=0.5)
    epochs = epochs_of(all_events(network, chosen, examples))

    assert [epoch.step for epoch in epochs] == [1, 2, 3]
    for epoch in epochs:
        cost = by_hand.gradient_descent_step(theta, x, y, learning_rate=0.5)
        assert epoch.cost == pytest.approx(cost, rel=1e-12)
    np.testing.assert_allclose(network.parameters.theta, theta.theta, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("examples", [20, 23])  # 23: the last batch is ragged
def test_parameters_and_figures_are_those_of_a_loop_written_by_hand(examples: int) -> None:
    training, test = toy_examples(examples), toy_examples(11, seed=1)
    batch_size, rate = 5, 0.7
    network = toy_network(dtype=np.float64)
    chosen = Hyperparameters(batch_size=batch_size, epochs=3, learning_rate=rate)
    parameters = network.parameters.copy()

    events = all_events(network, chosen, training, test)

    rng = np.random.default_rng(0)
    progress = iter([event for event in events if isinstance(event, Progress)])
    for epoch in epochs_of(events):
        order = rng.permutation(examples)
        costs: list[float] = []  # of each example, before its batch's nudge
        right = 0
        for first in range(0, examples, batch_size):
            rows = order[first : first + batch_size]
            x, y = training.batch(rows, np.float64)
            for one_x, one_y, label in zip(x, y, training.labels[rows], strict=True):
                outputs = by_hand.forward_one_example(parameters, one_x)[1][-1]
                costs.append(by_hand.cost_one_example(outputs, one_y))
                right += int(outputs.argmax()) == label
            by_hand.gradient_descent_step(parameters, x, y, rate)
            if first + batch_size < examples:
                assert next(progress).cost == pytest.approx(np.mean(costs[first:]), rel=1e-12)
        assert epoch.cost == pytest.approx(np.mean(costs), rel=1e-12)
        assert epoch.accuracy == right / examples

        x, y = test.batch(np.arange(11), np.float64)
        outputs_of = [by_hand.forward_one_example(parameters, one)[1][-1] for one in x]
        test_costs = [by_hand.cost_one_example(*pair) for pair in zip(outputs_of, y, strict=True)]
        assert epoch.test_cost == pytest.approx(np.mean(test_costs), rel=1e-10)
        assert epoch.test_accuracy == np.mean(np.argmax(outputs_of, axis=1) == test.labels)
    np.testing.assert_allclose(network.parameters.theta, parameters.theta, rtol=1e-9, atol=1e-12)


def test_the_test_figures_are_those_of_evaluate_after_the_last_step() -> None:
    network, test = toy_network(), toy_examples(30, seed=1)
    for event in train(network, toy_examples(), test, Hyperparameters(epochs=3)):
        if isinstance(event, Epoch):
            assert (event.test_cost, event.test_accuracy) == evaluate(network, test)


def test_without_a_test_set_there_are_no_test_figures() -> None:
    for epoch in epochs_of(all_events(toy_network(), Hyperparameters(epochs=2), toy_examples())):
        assert epoch.test_cost is None
        assert epoch.test_accuracy is None


def test_costs_are_told_without_penalty() -> None:
    network, examples = toy_network(), toy_examples()
    cost, accuracy = evaluate(network, examples)
    chosen = Hyperparameters(batch_size="full", epochs=1, l1=1.0, l2=1.0)
    (epoch,) = epochs_of(all_events(network, chosen, examples))
    assert epoch.cost == pytest.approx(cost, rel=1e-6)
    assert epoch.accuracy == accuracy


def test_an_epoch_uses_every_example_once_in_an_order_of_its_own() -> None:
    """The rows that were asked for are recorded; so few are gathered an epoch at a time."""
    asked: list[list[int]] = []

    class Recorded(Examples):
        def batch(self, rows, dtype=np.float32):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            asked.append(rows.tolist())
            return super().batch(rows, dtype)

    toy = toy_examples(10)
    training = Recorded(toy.images, toy.labels, toy.classes)
    all_events(toy_network(), Hyperparameters(batch_size=4, epochs=3), training)

    assert len(asked) == 3
    assert all(sorted(order) == list(range(10)) for order in asked)
    assert len({tuple(order) for order in asked}) == 3


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("cost", ["squared-error", "cross-entropy"])
def test_no_learning_rate_means_a_good_one(optimizer: str, cost: str) -> None:
    network = toy_network(cost=cost)
    chosen = Hyperparameters(optimizer, epochs=40, batch_size=5)
    first, *_, last = epochs_of(all_events(network, chosen, toy_examples(60)))
    assert first.learning_rate == default_learning_rate(optimizer, cost)
    assert last.cost < first.cost


@pytest.mark.parametrize("learning_rate", [None, 0.1])
def test_an_unknown_optimizer_is_a_value_error(learning_rate: float | None) -> None:
    chosen = Hyperparameters("adagrad", learning_rate)
    with pytest.raises(ValueError, match="no optimizer is called 'adagrad'"):
        next(train(toy_network(), toy_examples(), None, chosen))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_the_same_seed_gives_the_same_bits(optimizer: str, dropout: float) -> None:
    chosen = Hyperparameters(optimizer, dropout=dropout, batch_size=7, epochs=3)
    networks = [toy_network(), toy_network()]
    figures = [
        [epoch[:7] for epoch in epochs_of(all_events(n, chosen, toy_examples(), toy_examples()))]
        for n in networks
    ]
    assert figures[0] == figures[1]
    assert np.array_equal(networks[0].parameters.theta, networks[1].parameters.theta)


def test_another_seed_gives_others() -> None:
    networks = [toy_network(), toy_network()]
    for seed, network in enumerate(networks):
        rng = np.random.default_rng(seed)
        list(train(network, toy_examples(), None, Hyperparameters(epochs=2, batch_size=3), rng))
    assert not np.array_equal(networks[0].parameters.theta, networks[1].parameters.theta)


def test_no_rng_is_one_with_seed_0() -> None:
    with_rng, without = toy_network(), toy_network()
    chosen = Hyperparameters(epochs=2, batch_size=3)
    list(train(with_rng, toy_examples(), None, chosen, np.random.default_rng(0)))
    list(train(without, toy_examples(), None, chosen))
    assert np.array_equal(with_rng.parameters.theta, without.parameters.theta)


def test_seconds_and_speed_fit_together() -> None:
    examples = toy_examples(50)
    for epoch in epochs_of(all_events(toy_network(), Hyperparameters(epochs=3), examples)):
        assert epoch.seconds > 0
        assert epoch.examples_per_second * epoch.seconds == pytest.approx(50)


def snapshot_after_one_step(
    network: Network, examples: Examples, chosen: Hyperparameters
) -> Snapshot:
    training = train(network, examples, None, chosen)
    next(training)
    next(training)
    snapshot = training.send(TakeSnapshot())
    assert isinstance(snapshot, Snapshot)
    return snapshot


def test_a_batch_in_chunks_has_the_gradient_of_the_whole() -> None:
    examples = toy_examples(2 * CHUNK + 7)
    network = toy_network(dtype=np.float64)
    x, y = examples.batch(np.arange(len(examples)), np.float64)
    whole = network.parameters.zeros_like()
    result = network.backpropagate(x, y, whole)
    chosen = Hyperparameters(batch_size="full", epochs=1)

    snapshot = snapshot_after_one_step(network, examples, chosen)

    np.testing.assert_allclose(snapshot.gradient.theta, whole.theta, rtol=1e-10, atol=1e-13)
    (epoch,) = epochs_of(all_events(toy_network(dtype=np.float64), chosen, examples))
    assert epoch.cost == pytest.approx(result.cost / len(examples), rel=1e-12)
    assert epoch.accuracy == np.mean(result.outputs.argmax(axis=1) == examples.labels)


def test_the_gradient_of_a_snapshot_has_the_penalties_in_it_and_is_what_moved_theta() -> None:
    examples, network = toy_examples(), toy_network(dtype=np.float64)
    before = network.parameters.copy()
    x, y = examples.batch(np.arange(len(examples)), np.float64)
    plain = network.parameters.zeros_like()
    network.backpropagate(x, y, plain)
    chosen = Hyperparameters(batch_size="full", learning_rate=0.25, l1=0.3, l2=0.2)

    snapshot = snapshot_after_one_step(network, examples, chosen)

    for layer, weights in enumerate(before.weights):
        expected = plain.weights[layer] + 0.3 * np.sign(weights) + 0.2 * weights
        np.testing.assert_allclose(snapshot.gradient.weights[layer], expected, rtol=1e-12)
        np.testing.assert_allclose(snapshot.gradient.biases[layer], plain.biases[layer], rtol=1e-12)
    moved = before.theta - 0.25 * snapshot.gradient.theta
    np.testing.assert_allclose(snapshot.parameters.theta, moved, rtol=1e-12)


def test_the_norms_are_those_of_the_last_steps_gradient() -> None:
    network = toy_network()
    training = train(network, toy_examples(), None, Hyperparameters(batch_size=7, epochs=1))
    for event in training:
        if isinstance(event, Epoch):
            snapshot = training.send(TakeSnapshot())
            assert isinstance(snapshot, Snapshot)
            norms = [math.sqrt((layer**2).sum()) for layer in snapshot.gradient.layers]
            assert event.gradient_norms == pytest.approx(norms, rel=1e-5)
            return
    pytest.fail("no epoch")


def test_evaluate_over_chunks_is_the_mean_over_all() -> None:
    examples = toy_examples(2 * CHUNK + 7)
    network = toy_network(output="softmax", cost="cross-entropy", dtype=np.float64)
    result = network.evaluate(*examples.batch(np.arange(len(examples)), np.float64))
    cost, accuracy = evaluate(network, examples)
    assert cost == pytest.approx(result.cost / len(examples), rel=1e-12)
    assert accuracy == np.mean(result.outputs.argmax(axis=1) == examples.labels)


def test_events_come_grouped_by_epoch() -> None:
    events = all_events(toy_network(), Hyperparameters(batch_size=3, epochs=4), toy_examples(10))
    kinds = [kind.__name__ for kind, _ in groupby(events, key=type)]
    assert kinds == ["Status", *["Progress", "Epoch"] * 4, "Status"]


def test_augmented_images_are_others_each_time_but_the_same_for_the_same_seed() -> None:
    plain, one, same = (toy_network() for _ in range(3))
    chosen = Hyperparameters(batch_size="full", epochs=2, learning_rate=0.1)
    all_events(plain, chosen, toy_examples())
    for network in (one, same):
        all_events(network, replace(chosen, augment=True), toy_examples())
    assert np.array_equal(one.parameters.theta, same.parameters.theta)
    assert not np.array_equal(one.parameters.theta, plain.parameters.theta)


def test_what_is_no_image_can_not_be_augmented() -> None:
    numbers = replace(toy_examples(), input_shape=None)
    with pytest.raises(ValueError, match="only images"):
        next(train(toy_network(), numbers, None, Hyperparameters(augment=True)))
