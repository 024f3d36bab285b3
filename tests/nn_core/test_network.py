import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Network
from nn_core.network import dropout_mask
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    CLASSES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    random_batch,
    random_network,
    toy_examples,
    toy_network,
)

every_pair = pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
every_activation = pytest.mark.parametrize("activation", ACTIVATION_NAMES)


def test_the_defaults_are_the_seeds_network() -> None:
    network = Network([784, 16, 16, 10])
    assert network.layer_sizes == (784, 16, 16, 10)
    assert network.activation_names == ("sigmoid", "sigmoid")
    assert (network.output_name, network.cost_name) == ("sigmoid", "squared-error")
    assert network.parameters.theta.dtype == np.float32
    assert not network.parameters.theta.any()


def test_an_unknown_activation_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'softplus'.*sigmoid, tanh, relu, leaky-relu, identity"):
        Network([4, 3, 2], "softplus")


@pytest.mark.parametrize(
    ("output", "cost"),
    [("identity", "cross-entropy"), ("relu", "squared-error"), ("sigmoid", "absolute-error")],
)
def test_output_and_cost_that_do_not_belong_together(output: str, cost: str) -> None:
    with pytest.raises(ValueError, match=f"'{output}'.*'{cost}'.*softmax with cross-entropy"):
        Network([4, 3, 2], output=output, cost=cost)


@pytest.mark.parametrize("names", [[], ["relu"], ["relu"] * 3])
def test_a_list_of_activations_has_one_for_each_hidden_layer(names: list[str]) -> None:
    with pytest.raises(ValueError, match=f"{len(names)} activations for 2 hidden layers"):
        Network([4, 3, 3, 2], names)


@every_pair
@every_activation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_and_types(
    activation: str, output: str, cost: str, dtype: type[np.floating]
) -> None:
    network = toy_network((5, 4), activation, output, cost, dtype)
    x, y = toy_examples(7).batch(np.arange(7), dtype)

    activations = network.forward(x)
    result = network.evaluate(x, y)
    gradient = network.parameters.zeros_like()
    trained = network.backpropagate(x, y, gradient)

    assert [a.shape for a in activations] == [(7, 5), (7, 4), (7, CLASSES)]
    assert all(
        array.dtype == dtype
        for array in (*activations, result.outputs, trained.outputs, *gradient.layers)
    )
    assert np.array_equal(activations[-1], result.outputs)
    assert np.array_equal(activations[-1], trained.outputs)
    assert result.cost == trained.cost


@every_pair
@every_activation
def test_only_the_gradient_is_written_to(activation: str, output: str, cost: str) -> None:
    for hidden in ((5, 4), ()):
        network = toy_network(hidden, activation, output, cost)
        x, y = toy_examples(7).batch(np.arange(7))
        before = x.copy(), y.copy(), network.parameters.theta.copy()

        network.forward(x)
        network.evaluate(x, y)
        network.backpropagate(x, y, network.parameters.zeros_like())

        for now, then in zip((x, y, network.parameters.theta), before, strict=True):
            assert np.array_equal(now, then)


@every_pair
def test_what_was_in_the_gradient_before_does_not_matter(output: str, cost: str) -> None:
    network = toy_network(output=output, cost=cost)
    x, y = toy_examples(7).batch(np.arange(7))
    clean, dirty = network.parameters.zeros_like(), network.parameters.zeros_like()
    dirty.theta[:] = np.nan

    network.backpropagate(x, y, clean)
    network.backpropagate(x, y, dirty)

    assert np.array_equal(clean.theta, dirty.theta)


@every_pair
def test_an_example_is_worth_the_same_alone_and_in_a_batch(output: str, cost: str) -> None:
    rng = np.random.default_rng(0)
    network = random_network([6, 5, 3], "tanh", output, cost, rng)
    x, y = random_batch(network, 8, rng)

    batch = network.evaluate(x, y)

    alone = [network.evaluate(x[[row]], y[[row]]) for row in range(8)]
    assert sum(result.cost for result in alone) == pytest.approx(batch.cost, rel=1e-12)
    for row in range(8):
        np.testing.assert_allclose(alone[row].outputs[0], batch.outputs[row], rtol=1e-12)


def test_weighted_inputs_by_hand() -> None:
    network = Network([2, 2, 1], "relu", "identity")
    network.parameters.weights[0][:] = [[1, 2], [-3, 1]]
    network.parameters.biases[0][:] = [0.5, 0.25]
    network.parameters.weights[1][:] = [[2, 10]]
    network.parameters.biases[1][:] = [-1]

    hidden, outputs = network.forward(np.array([[1, 0.5]], np.float32))

    assert hidden.tolist() == [[2.5, 0]]  # 1·1 + 2·0.5 + 0.5, and −3·1 + 1·0.5 + 0.25 < 0
    assert outputs.tolist() == [[4]]  # 2·2.5 + 10·0 − 1


def test_without_hidden_layers_inputs_reach_the_outputs() -> None:
    network = Network([3, 2], output="identity")
    network.parameters.weights[0][:] = [[1, 2, 3], [0, 0, 1]]
    assert [a.tolist() for a in network.forward(np.eye(3, dtype=np.float32))] == [
        [[1, 0], [2, 0], [3, 1]]
    ]


@every_pair
@every_activation
@pytest.mark.parametrize("size", [1e3, 1e20, 3e38])
def test_no_parameters_are_so_large_that_numpy_warns(
    activation: str, output: str, cost: str, size: float
) -> None:
    network = toy_network((5, 4), activation, output, cost)
    rng = np.random.default_rng(0)
    network.parameters.theta[:] = size * rng.uniform(-1, 1, network.parameters.theta.size)
    x, y = toy_examples(7).batch(np.arange(7))

    network.forward(x)
    network.evaluate(x, y)
    with np.errstate(all="ignore"):
        network.backpropagate(x, y, network.parameters.zeros_like(), dropout=0.5, rng=rng)


@given(dropout=st.floats(0.05, 0.95), seed=st.integers(0, 2**32))
def test_dropout_keeps_the_mean(dropout: float, seed: int) -> None:
    mask = dropout_mask((100, 100), dropout, np.random.default_rng(seed))
    kept = mask > 0
    assert np.unique(mask[kept]).tolist() == [np.float32(1 / (1 - dropout))]
    deviation = (dropout * (1 - dropout) / mask.size) ** 0.5
    assert abs(kept.mean() - (1 - dropout)) < 6 * deviation


def test_dropout_drops_in_training_only() -> None:
    network = toy_network((50,))
    x, y = toy_examples(7).batch(np.arange(7))
    gradient = network.parameters.zeros_like()

    with_dropout = network.backpropagate(x, y, gradient, dropout=0.5, rng=np.random.default_rng(0))

    assert not np.array_equal(with_dropout.outputs, network.evaluate(x, y).outputs)
    assert np.array_equal(network.forward(x)[-1], network.evaluate(x, y).outputs)


def test_dropout_of_0_draws_nothing() -> None:
    network = toy_network()
    x, y = toy_examples(7).batch(np.arange(7))
    plain, with_rng = network.parameters.zeros_like(), network.parameters.zeros_like()
    rng = np.random.default_rng(0)

    network.backpropagate(x, y, plain)
    network.backpropagate(x, y, with_rng, dropout=0.0, rng=rng)

    assert np.array_equal(plain.theta, with_rng.theta)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


def test_what_was_dropped_gets_no_gradient() -> None:
    network = Network([PIXELS, 1, CLASSES])
    network.initialize("xavier", np.random.default_rng(0))
    x, y = toy_examples(1).batch(np.arange(1))
    gradient = network.parameters.zeros_like()
    dropped = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        network.backpropagate(x, y, gradient, dropout=0.5, rng=rng)
        is_dropped = not dropout_mask((1, 1), 0.5, np.random.default_rng(seed)).any()
        assert gradient.layers[0].any() != is_dropped
        assert gradient.weights[1].any() != is_dropped
        dropped.append(is_dropped)
    assert 0 < sum(dropped) < 20


@pytest.mark.parametrize("sizes", [[], [784], [4, 0, 2], [0, 2], [4, -1]])
def test_a_network_has_an_input_and_an_output(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="an input and an output"):
        Network(sizes)


def test_an_unknown_initializer_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'ones'.*xavier, he"):
        Network([4, 2]).initialize("ones", np.random.default_rng(0))


def test_dropout_without_random_numbers_is_an_error() -> None:
    network = Network([4, 3, 2])
    x, y = np.ones((1, 4), np.float32), np.ones((1, 2), np.float32)
    with pytest.raises(ValueError, match="rng"):
        network.backpropagate(x, y, network.parameters.zeros_like(), dropout=0.5)
