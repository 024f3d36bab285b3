"""How the pretrained networks were made: ``make pretrained``, from MNIST's four files.

They are trained on MNIST's training set, by ``nn_core`` itself: half of the time on its digits,
half of the time on the same digits drawn again (``drawings.py``), because it is drawings that they
are to read. Everything was chosen on the last 10,000 training digits, left out for that, and on
drawings of them. MNIST's test set is looked at once, at the end, for the scores on the cards.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core import checkpoints
from nn_core.augmentation import augment
from nn_core.datasets import Examples, load
from nn_core.descent import start
from nn_core.network import Network
from nn_core.pretrained import drawings
from nn_core.training import evaluate

SEED = 0
REDRAWN = 2  # how often each training digit is drawn again


@dataclass(frozen=True)
class Recipe:
    """A network and how it is trained; softmax outputs with cross-entropy, by Adam."""

    name: str
    hidden: tuple[int, ...]
    activation: str
    initializer: str
    learning_rate: float  # at first: it falls to 0 along half a cosine
    batch_size: int
    epochs: int
    augmented: bool

    def spec(self) -> dict[str, Any]:
        """Return what the playground shows of it."""
        return {
            "dataset": "mnist",
            "hidden": self.hidden,
            "activation": self.activation,
            "output": "softmax",
            "cost": "cross-entropy",
            "optimizer": "adam",
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "initializer": self.initializer,
            "seed": SEED,
        }


RECIPES = (
    # So few neurons can't learn what stays the same in images that are turned and moved as well.
    Recipe("pretrained", (16, 16), "tanh", "xavier", 0.005, 64, 60, augmented=False),
    # 235,146 parameters: just under a megabyte.
    Recipe("pretrained-large", (256, 128), "relu", "he", 0.002, 100, 50, augmented=True),
)


def main() -> None:
    """Train the networks, measure them, and write them beside this file."""
    mnist = load("mnist", Path(os.environ.get("NUDGE_DATA_DIR", sys.argv[-1])))
    rng = np.random.default_rng(SEED)
    versions = [mnist.training, *redrawn(mnist.training, REDRAWN, rng)]
    (test_drawings,) = redrawn(mnist.test, 1, rng)

    for recipe in RECIPES:
        network, steps = train(recipe, versions, np.random.default_rng(SEED))
        _, test = evaluate(network, mnist.test)
        _, drawn = evaluate(network, test_drawings)
        card = (
            f"Trained beforehand on MNIST's 60,000 training digits; it reads {test:.1%} of "
            f"MNIST's 10,000 test digits right, and {drawn:.1%} of them drawn again with a pen."
        )
        metadata = {
            "epoch": str(recipe.epochs),
            "step": str(steps),
            "spec": json.dumps(recipe.spec()),
            "card": card,
        }
        file = Path(__file__).with_name(f"{recipe.name}.safetensors")
        file.write_bytes(checkpoints.save(network, metadata))
        print(f"{recipe.name}: {card}", flush=True)


def redrawn(digits: Examples, times: int, rng: np.random.Generator) -> list[Examples]:
    """Return the digits drawn again, so many times."""
    lines = drawings.middle_lines(digits.images)
    versions = []
    for time in range(times):
        print(f"drawing {len(digits):,} digits again, {time + 1} of {times}", flush=True)
        images = drawings.redraw(lines, digits.labels, rng)
        versions.append(Examples(images, digits.labels, digits.classes))
    return versions


def train(
    recipe: Recipe, versions: Sequence[Examples], rng: np.random.Generator
) -> tuple[Network, int]:
    """Return the trained network, and in how many steps it was.

    ``versions`` are the same digits, the first as they are and the others redrawn. Each epoch takes
    each digit in one of them: as it is as often as redrawn.
    """
    network = Network([784, *recipe.hidden, 10], recipe.activation, "softmax", "cross-entropy")
    network.initialize(recipe.initializer, rng)
    gradient, nudge = network.parameters.like(), network.parameters.like().theta
    descent = start("adam", network.parameters)
    examples = len(versions[0])
    steps_per_epoch = -(-examples // recipe.batch_size)
    steps = recipe.epochs * steps_per_epoch
    redrawings = len(versions) - 1
    shares = [0.5] + redrawings * [0.5 / redrawings]

    for epoch in range(recipe.epochs):
        version = rng.choice(len(versions), examples, p=shares)
        cost = 0.0
        for rows in np.array_split(rng.permutation(examples), steps_per_epoch):
            x, y = mixed_batch(versions, version, rows)
            if recipe.augmented:
                x = augment(x, (28, 28), rng)
            cost += float(network.backpropagate(x, y, gradient).costs.sum())
            progress = descent.steps / steps
            learning_rate = recipe.learning_rate * (1 + np.cos(np.pi * progress)) / 2
            descent.nudge(gradient.theta, learning_rate, 0.0, nudge)
            network.parameters.theta += nudge
        print(f"{recipe.name}: epoch {epoch + 1}, cost {cost / examples:.4f}", flush=True)
    return network, steps


def mixed_batch(
    versions: Sequence[Examples], version: NDArray[np.intp], rows: NDArray[np.intp]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return x and y of these rows, each in the version that it is to be taken in."""
    x, y = versions[0].batch(rows)
    for number, examples in enumerate(versions[1:], 1):
        taken = version[rows] == number
        x[taken] = examples.batch(rows[taken])[0]
    return x, y


if __name__ == "__main__":
    main()
