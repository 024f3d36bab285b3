import numpy as np
import pytest

from nn_core import Hyperparameters, evaluate, train
from nn_core.mistakes import find_mistakes
from tests.nn_core.toy_problems import CLASSES, toy_examples, toy_network

ALL = 10_000


@pytest.mark.parametrize("examples", [1, 30, 1203])  # fewer and more than a chunk has
@pytest.mark.parametrize("epochs", [1, 20])
def test_it_agrees_with_evaluate(examples: int, epochs: int) -> None:
    network = toy_network()
    for _ in train(network, toy_examples(60), None, Hyperparameters(epochs=epochs)):
        pass
    test = toy_examples(examples, seed=1)
    found = find_mistakes(network, test, ALL)

    _, accuracy = evaluate(network, test)
    assert found.right == round(accuracy * examples)
    assert found.confusion.sum() == examples
    assert len(found.wrong) == examples - found.right
    per_class = np.bincount(test.labels, minlength=CLASSES)
    assert found.confusion.sum(axis=1).tolist() == per_class.tolist()


def test_each_mistake_is_what_the_network_reads() -> None:
    network, examples = toy_network(), toy_examples(50)
    found = find_mistakes(network, examples, ALL)
    x, _ = examples.batch(np.arange(50))
    outputs = network.forward(x)[-1]
    counted = np.zeros((CLASSES, CLASSES), int)
    for index, label, digit, confidence in found.wrong:
        assert label == examples.labels[index] != digit == outputs[index].argmax()
        assert confidence == pytest.approx(outputs[index].max())
        counted[label, digit] += 1
    assert (counted == found.confusion - np.diag(np.diag(found.confusion))).all()


def test_the_most_confident_come_first() -> None:
    network, examples = toy_network(), toy_examples(50)
    every = find_mistakes(network, examples, ALL).wrong
    assert [mistake.confidence for mistake in every] == sorted(
        (mistake.confidence for mistake in every), reverse=True
    )
    assert find_mistakes(network, examples, 5).wrong == every[:5]


def test_no_examples_no_mistakes() -> None:
    found = find_mistakes(toy_network(), toy_examples(3).first(0), ALL)
    assert (found.right, found.confusion.sum(), found.wrong) == (0, 0, [])
