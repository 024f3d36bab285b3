"""How the pretrained networks were made: ``make pretrained``, from MNIST's four files.

They are trained on MNIST's training set, by ``nn_core`` itself: on its digits, and on the same
digits drawn again (``drawings.py``), because it is drawings that they are to read. The small
network learns from the large one: not which digit an image is, but what the large one makes of it,
second thoughts included, which tells more (Hinton, Vinyals and Dean, 2015). Of five that start
differently the best is taken, by the last 10,000 training digits, which are left out for that.

Everything else was chosen on the last 10,000 training digits, too, and on drawings of them, by
networks trained without them. MNIST's test set is looked at once, at the end, for the
scores on the cards.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core import checkpoints
from nn_core.augmentation import augment
from nn_core.datasets import Examples, load
from nn_core.datasets.batches import CHUNK
from nn_core.descent import start
from nn_core.evaluation import evaluate
from nn_core.network import Network
from nn_core.parameters import FloatArray
from nn_core.pretrained import drawings

SEED = 0
SMALL_SEEDS = range(5)
TRAINING, VALIDATION = 60_000, 10_000  # MNIST's training digits, and how many come last


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
    data_dir = os.environ.get("NUDGE_DATA_DIR")
    mnist = load("mnist", Path(data_dir) if data_dir else None)
    rng = np.random.default_rng(SEED)
    again, test_again = redrawn(mnist.training, rng), redrawn(mnist.test, rng)
    images = np.concatenate([mnist.training.images, again.images])
    labels = np.concatenate([mnist.training.labels, again.labels])
    truth = np.eye(10, dtype=np.float32)[labels]

    large, large_steps = train(LARGE, images, truth, augmented=True)
    opinions = outputs(large, images)
    small = best_of([replace(SMALL, seed=seed) for seed in SMALL_SEEDS], images, labels, opinions)

    for name, recipe, network, steps in (
        ("pretrained", *small),
        ("pretrained-large", LARGE, large, large_steps),
    ):
        _, test = evaluate(network, mnist.test)
        _, drawn = evaluate(network, test_again)
        card = (
            f"Trained beforehand on MNIST's 60,000 training digits; it reads {test:.1%} of "
            f"MNIST's 10,000 test digits right, and {drawn:.1%} of them drawn again with a pen."
        )
        metadata = {
            "epoch": str(recipe.epochs),
            "step": str(steps),
            "spec": json.dumps(asdict(recipe)),
            "card": card,
        }
        file = Path(__file__).with_name(f"{name}.safetensors")
        file.write_bytes(checkpoints.save(network, metadata, mnist.kind))
        print(f"{name}: {card}", flush=True)


def redrawn(digits: Examples, rng: np.random.Generator) -> Examples:
    """Return the digits drawn again."""
    print(f"drawing {len(digits):,} digits again", flush=True)
    images = drawings.redraw(drawings.middle_lines(digits.images), digits.labels, rng)
    return Examples(images, digits.labels, digits.classes)


def train(
    recipe: Recipe, images: NDArray[np.uint8], targets: FloatArray, *, augmented: bool
) -> tuple[Network, int]:
    """Return a network trained to give these outputs for the images, and in how many steps.

    ``targets`` has shape (examples, 10).
    """
    rng = np.random.default_rng(recipe.seed)
    network = Network([784, *recipe.hidden, 10], recipe.activation, recipe.output, recipe.cost)
    network.initialize(recipe.initializer, rng)
    gradient, nudge = network.parameters.zeros_like(), network.parameters.zeros_like().theta
    descent = start(recipe.optimizer, network.parameters)
    steps_per_epoch = -(-len(images) // recipe.batch_size)

    for epoch in range(recipe.epochs):
        cost = 0.0
        for rows in np.array_split(rng.permutation(len(images)), steps_per_epoch):
            x = images[rows] * np.float32(1 / 255)
            if augmented:
                x = augment(x, (28, 28), rng)
            cost += network.backpropagate(x, targets[rows], gradient).cost
            progress = descent.steps / (recipe.epochs * steps_per_epoch)
            learning_rate = recipe.learning_rate * (1 + np.cos(np.pi * progress)) / 2
            descent.nudge(gradient.theta, float(learning_rate), 0.0, nudge)
            network.parameters.theta += nudge
        print(f"{recipe.hidden} epoch {epoch + 1}: cost {cost / len(images):.4f}", flush=True)
    return network, descent.steps


def outputs(network: Network, images: NDArray[np.uint8]) -> FloatArray:
    """Return the network's outputs for the images, shape (examples, 10)."""
    chunks = np.split(images, range(CHUNK, len(images), CHUNK))
    return np.concatenate([network.forward(x * np.float32(1 / 255))[-1] for x in chunks])


def best_of(
    recipes: list[Recipe], images: NDArray[np.uint8], labels: NDArray[np.uint8], targets: FloatArray
) -> tuple[Recipe, Network, int]:
    """Return the recipe whose network reads most of the validation digits, it, and its steps.

    How well so small a network comes out depends much on where it started. The validation digits,
    which none of them is trained on, are MNIST's last 10,000 training digits, and as many redrawn.
    """
    validation = np.arange(len(images)) % TRAINING >= TRAINING - VALIDATION
    best = 0.0
    for recipe in recipes:
        # So few neurons read worse, not better, when the images are turned and moved as well.
        network, steps = train(recipe, images[~validation], targets[~validation], augmented=False)
        read = outputs(network, images[validation]).argmax(axis=1)
        accuracy = float(np.mean(read == labels[validation]))
        print(f"seed {recipe.seed}: {accuracy:.2%} of the validation digits", flush=True)
        if accuracy > best:
            best, chosen = accuracy, (recipe, network, steps)
    return chosen


if __name__ == "__main__":
    main()
