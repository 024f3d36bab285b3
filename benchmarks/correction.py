"""Learning from corrections: how often it helps, and what is forgotten. ``make bench-correction``.

The drawings are made from digits-5k's test digits: each is distorted, as augmentation does, until
the network misreads it. Every one is then taught to a copy of the network by itself; and all of
them one after the other, each with the ones before it, as somebody does who goes on drawing.
"""

from collections.abc import Iterator
from importlib.resources import files

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_core import Hyperparameters, Network, checkpoints, load_dataset, train
from nn_core.augmentation import augment
from nn_core.correction import correct, read
from nn_core.datasets import Examples
from nn_core.evaluation import evaluate

DRAWINGS = 200
KEPT = 100  # of the drawings before, which are taught again with the next: NUDGE_MAX_DRAWINGS
ROUNDS = 200  # of distortions, at most: a good network misreads few of them
OF_ONE_ROUND = 10  # drawings, so that the same digits do not come again and again


def trained(hidden: list[int], kind: tuple[str, str, str, str], epochs: int = 30) -> Network:
    """Return a network that was trained on digits-5k."""
    activation, output, cost, optimizer = kind
    digits = load_dataset("digits-5k")
    rng = np.random.default_rng(0)
    network = Network([784, *hidden, 10], activation, output, cost)
    network.initialize("he" if activation == "relu" else "xavier", rng)
    chosen = Hyperparameters(optimizer=optimizer, epochs=epochs)
    for _ in train(network, digits.training, digits.test, chosen, rng):
        pass
    return network


def pretrained(name: str) -> Network:
    """Return a network that came with Nudge."""
    file = files("nn_core").joinpath(f"pretrained/{name}.safetensors")
    return checkpoints.load(file.read_bytes()).network


def networks() -> Iterator[tuple[str, Network]]:
    """Yield networks of several kinds, each with its name."""
    plain = ("sigmoid", "sigmoid", "squared-error", "sgd")
    modern = ("relu", "softmax", "cross-entropy", "adam")
    yield "pretrained", pretrained("pretrained")
    yield "pretrained-large", pretrained("pretrained-large")
    yield "784-16-16-10, the default run", trained([16, 16], plain)
    yield "the same, 300 epochs", trained([16, 16], plain, 300)
    yield "784-10", trained([], plain)
    yield "784-16-16-10, ReLU, softmax, cross-entropy, Adam", trained([16, 16], modern)
    yield "784-256-128-10, the same", trained([256, 128], modern, 10)


def misread(network: Network, digits: Examples) -> Examples:
    """Return distorted digits that the network reads wrong."""
    rng = np.random.default_rng(1)
    x, _ = digits.batch(np.arange(len(digits)))
    images, labels = [], []
    for _ in range(ROUNDS):
        distorted = np.rint(255 * augment(x, (28, 28), rng)).astype(np.uint8)
        drawn = Examples(distorted, digits.labels, digits.classes, (28, 28))
        wrong = np.flatnonzero(np.array(read(network, drawn)) != digits.labels)
        chosen = rng.permutation(wrong)[:OF_ONE_ROUND]
        images.append(distorted[chosen])
        labels.append(digits.labels[chosen])
        if sum(map(len, labels)) >= DRAWINGS:
            break
    return Examples(np.concatenate(images), np.concatenate(labels), digits.classes, (28, 28)).first(
        DRAWINGS
    )


def part(examples: Examples, first: int, end: int) -> Examples:
    """Return the examples from ``first`` to ``end``."""
    rows = slice(first, end)
    return Examples(examples.images[rows], examples.labels[rows], examples.classes, (28, 28))


def right(network: Network, drawings: Examples) -> int:
    """Return how many drawings the network reads right."""
    return int((np.array(read(network, drawings)) == drawings.labels).sum())


def main() -> None:
    """Measure, and print a table."""
    digits = load_dataset("digits-5k")
    table = Table(box=None)
    for column in (
        "network",
        "test accuracy",
        "drawings",
        "right after, each alone",
        "fall, mean",
        "fall, worst of 20",
        "right after, in a row",
        "all right at the end",
        "fall at the end",
    ):
        table.add_column(column, justify="left" if column == "network" else "right")
    for name, network in networks():
        drawings = misread(network, digits.test)
        theta = network.parameters.theta.copy()
        accuracy = evaluate(network, digits.test)[1]
        alone, falls = 0, []
        for number in range(len(drawings)):
            network.parameters.theta[:] = theta
            for _ in correct(network, part(drawings, number, number + 1), digits.training, number):
                pass
            alone += right(network, part(drawings, number, number + 1))
            falls.append(accuracy - evaluate(network, digits.test)[1])
        network.parameters.theta[:] = theta
        in_a_row = 0
        for number in range(len(drawings)):
            so_far = part(drawings, max(0, number + 1 - KEPT), number + 1)
            for _ in correct(network, so_far, digits.training, number):
                pass
            in_a_row += right(network, part(drawings, number, number + 1))
        table.add_row(
            name,
            f"{accuracy:.1%}",
            str(len(drawings)),
            f"{alone / len(drawings):.1%}",
            f"{100 * np.mean(falls):.2f}",
            f"{100 * np.quantile(falls, 0.95):.2f}",
            f"{in_a_row / len(drawings):.1%}",
            f"{right(network, drawings) / len(drawings):.1%}",
            f"{100 * (accuracy - evaluate(network, digits.test)[1]):.2f}",
        )
    Console(width=200).print(table)


if __name__ == "__main__":
    main()
