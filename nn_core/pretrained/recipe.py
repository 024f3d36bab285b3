"""How the pretrained networks were made: ``make pretrained``, from MNIST's four files.

They are trained on MNIST's training set, by ``nn_core`` itself: on its digits, and on the same
digits drawn again (``drawings.py``), because it is drawings that they are to read. The small
network learns from the large one: not which digit an image is, but what the large one makes of it,
second thoughts included, which tells more (Hinton, Vinyals and Dean, 2015). Of five that start
differently the best is taken, by the last 10,000 training digits, which are left out for that.

Everything else was chosen on the last 10,000 training digits, too, and on drawings of them, by
networks trained without them. MNIST's test set chose nothing: it is read for the scores on the
cards, and after each epoch for the figures that the training tells (``history.py``).
"""

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core import checkpoints
from nn_core.augmentation import augment
from nn_core.datasets import Examples, load
from nn_core.datasets.batches import CHUNK
from nn_core.descent import start
from nn_core.evaluation import count_right, evaluate, layer_norms
from nn_core.events import Epoch
from nn_core.mistakes import find_mistakes
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters
from nn_core.pretrained import drawings, history

SEED = 0
SMALL_SEEDS = range(5)
TRAINING, VALIDATION = 60_000, 10_000  # MNIST's training digits, and how many come last
EARLIER = (0, 1, 2, 4, 8, 16, 32)  # the epochs after which the small network is kept
MISTAKES = 48  # misread test digits that are kept


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


class Trained(NamedTuple):
    """A network, and what its training told."""

    recipe: Recipe
    network: Network
    epochs: list[Epoch]
    gradient: Parameters  # of the last step's batch
    earlier: dict[int, Parameters]  # after some of the epochs


def main() -> None:
    """Train the networks, measure them, and write them and their histories beside this file."""
    data_dir = os.environ.get("NUDGE_DATA_DIR")
    mnist = load("mnist", Path(data_dir) if data_dir else None)
    rng = np.random.default_rng(SEED)
    again, test_again = redrawn(mnist.training, rng), redrawn(mnist.test, rng)
    images = np.concatenate([mnist.training.images, again.images])
    labels = np.concatenate([mnist.training.labels, again.labels])
    truth = np.eye(10, dtype=np.float32)[labels]

    large = train(LARGE, images, labels, truth, mnist.test, augmented=True)
    opinions = outputs(large.network, images)
    recipes = [replace(SMALL, seed=seed) for seed in SMALL_SEEDS]
    small = best_of(recipes, images, labels, opinions, mnist.test)

    for name, trained in (("pretrained", small), ("pretrained-large", large)):
        _, test = evaluate(trained.network, mnist.test)
        _, drawn = evaluate(trained.network, test_again)
        card = (
            f"Trained beforehand on MNIST's 60,000 training digits; it reads {test:.1%} of "
            f"MNIST's 10,000 test digits right, and {drawn:.1%} of them drawn again with a pen."
        )
        metadata = {
            "epoch": str(trained.epochs[-1].epoch),
            "step": str(trained.epochs[-1].step),
            "spec": json.dumps(asdict(trained.recipe)),
            "card": card,
        }
        file = Path(__file__).with_name(f"{name}.safetensors")
        file.write_bytes(checkpoints.save(trained.network, metadata, mnist.kind))
        told = file.with_name(f"{name}.history.safetensors")
        mistakes = find_mistakes(trained.network, mnist.test, MISTAKES)
        epochs = [epoch._asdict() for epoch in trained.epochs]
        told.write_bytes(
            history.save(history.History(epochs, trained.gradient, trained.earlier, mistakes))
        )
        print(f"{name}: {card}", flush=True)


def redrawn(digits: Examples, rng: np.random.Generator) -> Examples:
    """Return the digits drawn again."""
    print(f"drawing {len(digits):,} digits again", flush=True)
    images = drawings.redraw(drawings.middle_lines(digits.images), digits.labels, rng)
    return Examples(images, digits.labels, digits.classes)


def train(
    recipe: Recipe,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    targets: FloatArray,
    test_set: Examples,
    *,
    augmented: bool,
    kept: Collection[int] = (),
) -> Trained:
    """Return a network trained to give these outputs for the images, and what its training told.

    ``targets`` has shape (examples, 10); ``labels`` and the test set are only for the figures.
    ``kept`` are the epochs after which the parameters are kept.
    """
    rng = np.random.default_rng(recipe.seed)
    network = Network([784, *recipe.hidden, 10], recipe.activation, recipe.output, recipe.cost)
    network.initialize(recipe.initializer, rng)
    gradient, nudge = network.parameters.zeros_like(), network.parameters.zeros_like().theta
    descent = start(recipe.optimizer, network.parameters)
    steps_per_epoch = -(-len(images) // recipe.batch_size)
    epochs: list[Epoch] = []
    earlier = {0: network.parameters.copy()} if 0 in kept else {}

    for epoch in range(1, recipe.epochs + 1):
        began = perf_counter()
        cost, right = 0.0, 0
        for rows in np.array_split(rng.permutation(len(images)), steps_per_epoch):
            x = images[rows] * np.float32(1 / 255)
            if augmented:
                x = augment(x, (28, 28), rng)
            result = network.backpropagate(x, targets[rows], gradient)
            cost += result.cost
            right += count_right(result.outputs, labels[rows])
            progress = descent.steps / (recipe.epochs * steps_per_epoch)
            learning_rate = float(recipe.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
            descent.nudge(gradient.theta, learning_rate, 0.0, nudge)
            network.parameters.theta += nudge
        test_cost, test_accuracy = evaluate(network, test_set)
        seconds = perf_counter() - began
        epochs.append(
            Epoch(
                epoch=epoch,
                step=descent.steps,
                cost=cost / len(images),
                accuracy=right / len(images),
                test_cost=test_cost,
                test_accuracy=test_accuracy,
                gradient_norms=layer_norms(gradient),
                learning_rate=learning_rate,
                seconds=seconds,
                examples_per_second=len(images) / seconds,
                batch_cost=result.cost / len(rows),
            )
        )
        if epoch in kept:
            earlier[epoch] = network.parameters.copy()
        print(f"{recipe.hidden} epoch {epoch}: cost {cost / len(images):.4f}", flush=True)
    return Trained(recipe, network, epochs, gradient, earlier)


def outputs(network: Network, images: NDArray[np.uint8]) -> FloatArray:
    """Return the network's outputs for the images, shape (examples, 10)."""
    chunks = np.split(images, range(CHUNK, len(images), CHUNK))
    return np.concatenate([network.forward(x * np.float32(1 / 255))[-1] for x in chunks])


def best_of(
    recipes: list[Recipe],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    targets: FloatArray,
    test_set: Examples,
) -> Trained:
    """Return the network that reads most of the validation digits, and what its training told.

    How well so small a network comes out depends much on where it started. The validation digits,
    which none of them is trained on, are MNIST's last 10,000 training digits, and as many redrawn.
    """
    validation = np.arange(len(images)) % TRAINING >= TRAINING - VALIDATION
    best = 0.0
    for recipe in recipes:
        # So few neurons read worse, not better, when the images are turned and moved as well.
        trained = train(
            recipe,
            images[~validation],
            labels[~validation],
            targets[~validation],
            test_set,
            augmented=False,
            kept=EARLIER,
        )
        read = outputs(trained.network, images[validation]).argmax(axis=1)
        accuracy = float(np.mean(read == labels[validation]))
        print(f"seed {recipe.seed}: {accuracy:.2%} of the validation digits", flush=True)
        if accuracy > best:
            best, chosen = accuracy, trained
    return chosen


if __name__ == "__main__":
    main()
