"""How the pretrained networks were made: ``make pretrained``, from MNIST's four files.

They are trained on MNIST's training set, by ``nn_core`` itself: on its digits, and on the same
digits drawn again (``drawings.py``), because it is drawings that they are to read. The small
network learns from the large one: not which digit an image is, but what the large one makes of it,
second thoughts included, which tells more (Hinton, Vinyals and Dean, 2015).

Everything was chosen on the last 10,000 training digits, left out for that, and on drawings of
them. MNIST's test set is looked at once, at the end, for the scores on the cards.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core import checkpoints
from nn_core.augmentation import augment
from nn_core.datasets import Examples, load
from nn_core.descent import start
from nn_core.network import Network
from nn_core.parameters import FloatArray
from nn_core.pretrained import drawings
from nn_core.training import CHUNK, evaluate

SEED = 0


@dataclass(frozen=True)
class Recipe:
    """A network's layers and hyperparameters, with the names that a run's have."""

    hidden: tuple[int, ...]
    learning_rate: float  # at first: it falls to 0 along half a cosine
    batch_size: int
    epochs: int
    dataset: str = "mnist"
    activation: str = "relu"
    output: str = "softmax"
    cost: str = "cross-entropy"
    optimizer: str = "adam"
    initializer: str = "he"
    seed: int = SEED


# 235,146 parameters: just under a megabyte.
LARGE = Recipe((256, 128), learning_rate=0.002, batch_size=100, epochs=25)
# The seed's own layers.
SMALL = Recipe((16, 16), learning_rate=0.004, batch_size=64, epochs=40)


def main() -> None:
    """Train the networks, measure them, and write them beside this file."""
    mnist = load("mnist", Path(os.environ.get("NUDGE_DATA_DIR", sys.argv[-1])))
    rng = np.random.default_rng(SEED)
    again, test_again = redrawn(mnist.training, rng), redrawn(mnist.test, rng)
    images = np.concatenate([mnist.training.images, again.images])
    labels = np.concatenate([mnist.training.labels, again.labels])
    truth = np.eye(10, dtype=np.float32)[labels]

    large = train(LARGE, images, truth, augmented=True)
    # So few neurons read worse, not better, when the images are turned and moved as well.
    small = train(SMALL, images, second_thoughts(large, images), augmented=False)

    for name, recipe, network in (
        ("pretrained", SMALL, small),
        ("pretrained-large", LARGE, large),
    ):
        _, test = evaluate(network, mnist.test)
        _, drawn = evaluate(network, test_again)
        card = (
            f"Trained beforehand on MNIST's 60,000 training digits; it reads {test:.1%} of "
            f"MNIST's 10,000 test digits right, and {drawn:.1%} of them drawn again with a pen."
        )
        metadata = {
            "epoch": str(recipe.epochs),
            "step": str(recipe.epochs * steps_per_epoch(recipe, images)),
            "spec": json.dumps(asdict(recipe)),
            "card": card,
        }
        file = Path(__file__).with_name(f"{name}.safetensors")
        file.write_bytes(checkpoints.save(network, metadata))
        print(f"{name}: {card}", flush=True)


def redrawn(digits: Examples, rng: np.random.Generator) -> Examples:
    """Return the digits drawn again."""
    print(f"drawing {len(digits):,} digits again", flush=True)
    images = drawings.redraw(drawings.middle_lines(digits.images), digits.labels, rng)
    return Examples(images, digits.labels, digits.classes)


def train(
    recipe: Recipe, images: NDArray[np.uint8], targets: FloatArray, *, augmented: bool
) -> Network:
    """Return a network trained to give these outputs, shape (examples, 10), for the images."""
    rng = np.random.default_rng(recipe.seed)
    network = Network([784, *recipe.hidden, 10], recipe.activation, recipe.output, recipe.cost)
    network.initialize(recipe.initializer, rng)
    gradient, nudge = network.parameters.like(), network.parameters.like().theta
    descent = start(recipe.optimizer, network.parameters)
    steps = steps_per_epoch(recipe, images)

    for epoch in range(recipe.epochs):
        cost = 0.0
        for rows in np.array_split(rng.permutation(len(images)), steps):
            x = images[rows] * np.float32(1 / 255)
            if augmented:
                x = augment(x, (28, 28), rng)
            cost += float(network.backpropagate(x, targets[rows], gradient).costs.sum())
            progress = descent.steps / (recipe.epochs * steps)
            learning_rate = recipe.learning_rate * (1 + np.cos(np.pi * progress)) / 2
            descent.nudge(gradient.theta, float(learning_rate), 0.0, nudge)
            network.parameters.theta += nudge
        print(f"{recipe.hidden} epoch {epoch + 1}: cost {cost / len(images):.4f}", flush=True)
    return network


def steps_per_epoch(recipe: Recipe, images: NDArray[np.uint8]) -> int:
    """Return how many batches the images make."""
    return -(-len(images) // recipe.batch_size)


def second_thoughts(teacher: Network, images: NDArray[np.uint8]) -> FloatArray:
    """Return the teacher's outputs, softened: shape (examples, 10).

    At temperature 2, softmax(z / 2): the square root of each output, and each row scaled to sum 1.
    """
    chunks = []
    for first in range(0, len(images), CHUNK):
        x = images[first : first + CHUNK] * np.float32(1 / 255)
        softened = np.sqrt(teacher.forward(x)[-1])
        chunks.append(softened / softened.sum(axis=1, keepdims=True))
    return np.concatenate(chunks)


if __name__ == "__main__":
    main()
