"""Label noise: some training labels are replaced by random ones, to see what is learned by heart.

A network that reads a digit right whose label is random has not understood it, for there is nothing
to understand: it has memorized it. A wide enough network can do that with all of its training
labels, and then it reads unseen digits at chance (Zhang, Bengio, Hardt, Recht and Vinyals,
"Understanding deep learning requires rethinking generalization", 2017).
"""

from dataclasses import replace

import numpy as np

from nn_core.datasets.examples import Examples

PURPOSE = 18  # beside the seed: other random numbers than those that start the network


def spoil_labels(examples: Examples, share: float, seed: int) -> Examples:
    """Return the examples with this share of labels, 0 to 1, replaced by random ones.

    A random label is any of the classes, so some are right by chance. The same share of as many
    examples with the same seed spoils the same ones. ``spoilt`` says which.
    """
    rng = np.random.default_rng([seed, PURPOSE])
    rows = rng.permutation(len(examples))[: round(share * len(examples))]
    spoilt = np.zeros(len(examples), bool)
    spoilt[rows] = True
    labels = examples.labels.copy()
    labels[rows] = rng.integers(0, examples.classes, len(rows))
    return replace(examples, labels=labels, spoilt=spoilt)
