import pytest

from nn_core import evaluation
from nn_core.parameters import Parameters


def test_a_layers_norm_is_the_length_of_its_weights_and_biases_together() -> None:
    gradient = Parameters([2, 1, 1])
    gradient.theta[:] = [2, 3, -6, 3, 4]
    assert evaluation.layer_norms(gradient) == [7, 5]


def test_the_norm_of_large_numbers_does_not_overflow() -> None:
    gradient = Parameters([1, 1])
    gradient.theta[:] = [3e30, 4e30]
    assert evaluation.layer_norms(gradient) == pytest.approx([5e30])
