"""What was learned when: each class's share, and one matrix for all epochs."""

import numpy as np
import pytest

from nn_core.evaluation import evaluate
from nn_core.learned import last_hidden, principal_directions, right_of_each_class
from tests.nn_core.toy_problems import toy_examples, toy_network


def test_the_classes_shares_are_the_accuracy() -> None:
    network, examples = toy_network(), toy_examples(700)
    right = right_of_each_class(network, examples)
    assert right.shape == (3,)
    assert right.sum() == round(evaluate(network, examples)[1] * 700)
    x, _ = examples.batch(np.arange(700))
    read = network.forward(x)[-1].argmax(axis=1)
    assert right[1] == np.count_nonzero((examples.labels == 1) & (read == 1))


@pytest.mark.parametrize(("hidden", "width"), [((5, 4), 4), ((6,), 6), ((), 12), ((1,), 1)])
def test_the_projection_is_along_the_principal_directions(
    hidden: tuple[int, ...], width: int
) -> None:
    x, _ = toy_examples(50).batch(np.arange(50))
    activations = last_hidden(toy_network(hidden), x)
    assert activations.shape == (50, width)
    matrix = principal_directions(activations)
    assert matrix.shape == (2, width)
    rows = min(2, width)
    np.testing.assert_allclose((matrix @ matrix.T)[:rows, :rows], np.eye(rows), atol=1e-12)
    spread = np.linalg.eigvalsh(np.atleast_2d(np.cov(activations.T)))[::-1][:rows]
    np.testing.assert_allclose((activations @ matrix.T).var(axis=0, ddof=1)[:rows], spread)
    assert (matrix.max(axis=1) >= -matrix.min(axis=1)).all()
