"""Label noise: a stated share of labels, the same for the same seed, told apart in the figures."""

import numpy as np
import pytest

from nn_core import Hyperparameters, events, train
from nn_core.datasets import Dataset, Library
from nn_core.datasets.label_noise import spoil_labels
from tests.nn_core.toy_problems import toy_examples, toy_network


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_just_this_share_of_labels_is_drawn_anew(share: float) -> None:
    examples = toy_examples(3000)
    spoilt = spoil_labels(examples, share, seed=5)
    assert spoilt.spoilt is not None
    assert spoilt.spoilt.sum() == round(share * 3000)
    assert np.array_equal(spoilt.labels[~spoilt.spoilt], examples.labels[~spoilt.spoilt])
    assert spoilt.images is examples.images
    drawn = np.bincount(spoilt.labels[spoilt.spoilt], minlength=3)
    if share:  # each class about as often
        np.testing.assert_allclose(drawn / drawn.sum(), 1 / 3, atol=0.05)


def test_the_same_seed_spoils_the_same_labels_and_never_the_test_set(digits: Dataset) -> None:
    library = Library()
    one, again, other = (
        library.load_to_train("digits-5k", 500, None, 0.5, seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.training.labels, again.training.labels)
    assert not np.array_equal(one.training.labels, other.training.labels)
    assert np.array_equal(one.test.labels, digits.test.labels)
    assert one.test.spoilt is None
    assert library.load_to_train("digits-5k", 500).training.spoilt is None


def test_an_epoch_tells_the_accuracies_apart() -> None:
    examples = spoil_labels(toy_examples(90), 0.5, seed=0)
    assert examples.spoilt is not None
    network = toy_network((64,), "relu", "softmax", "cross-entropy")
    chosen = Hyperparameters(optimizer="adam", epochs=300, batch_size=10)
    training = train(network, examples, None, chosen)
    epochs = [event for event in training if isinstance(event, events.Epoch)]
    first, last = epochs[0], epochs[-1]
    assert first.clean_accuracy is not None
    assert first.noisy_accuracy is not None
    assert first.clean_accuracy > first.noisy_accuracy  # what can be learned comes first
    assert last.noisy_accuracy is not None
    assert last.noisy_accuracy > 0.9  # and then the rest, by heart
    for epoch in epochs:
        assert epoch.clean_accuracy is not None
        assert epoch.noisy_accuracy is not None
        mean = (epoch.clean_accuracy + epoch.noisy_accuracy) / 2
        assert epoch.accuracy == pytest.approx(mean)


@pytest.mark.parametrize(("share", "clean", "noisy"), [(0.0, True, False), (1.0, False, True)])
def test_of_none_there_is_no_accuracy(share: float, clean: bool, noisy: bool) -> None:  # noqa: FBT001
    training = train(
        toy_network(), spoil_labels(toy_examples(), share, 0), None, Hyperparameters(epochs=1)
    )
    (epoch,) = [event for event in training if isinstance(event, events.Epoch)]
    assert (epoch.clean_accuracy is not None, epoch.noisy_accuracy is not None) == (clean, noisy)


def test_without_noise_both_are_none() -> None:
    training = train(toy_network(), toy_examples(), None, Hyperparameters(epochs=1))
    (epoch,) = [event for event in training if isinstance(event, events.Epoch)]
    assert (epoch.clean_accuracy, epoch.noisy_accuracy) == (None, None)
