"""How the pretrained networks were made: ``make pretrained``, from MNIST's four files.

They are trained on MNIST's training set by ``nn_core`` itself. MNIST's test set is looked at once,
at the end, for the score on the card.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from nn_core import checkpoints
from nn_core.datasets import load
from nn_core.events import Change, Epoch, Hyperparameters
from nn_core.network import Network
from nn_core.training import evaluate, train

SEED = 0
HIDDEN = (16, 16)
HYPERPARAMETERS = Hyperparameters("adam", learning_rate=0.005, batch_size=64, epochs=60)


def main() -> None:
    """Train the network, measure it, and write it beside this file."""
    data_dir = Path(os.environ.get("NUDGE_DATA_DIR", sys.argv[-1]))
    mnist = load("mnist", data_dir)
    rng = np.random.default_rng(SEED)
    network = Network([784, *HIDDEN, 10])
    network.initialize("xavier", rng)

    training = train(network, mnist.training, None, HYPERPARAMETERS, rng)
    epochs = HYPERPARAMETERS.epochs or 0
    first_rate = HYPERPARAMETERS.learning_rate or 0
    for event in training:
        if isinstance(event, Epoch):
            print(f"epoch {event.epoch}: cost {event.cost:.4f}, accuracy {event.accuracy:.2%}")
            # Ever smaller steps, down to nothing along half a cosine, settle in a minimum.
            rate = first_rate * (1 + np.cos(np.pi * event.epoch / epochs)) / 2
            training.send(Change({"learning_rate": float(rate)}))
            end = event

    _, accuracy = evaluate(network, mnist.test)
    card = (
        f"Trained beforehand on MNIST's 60,000 training digits; it reads {accuracy:.1%} of "
        "MNIST's 10,000 test digits right."
    )
    spec = asdict(HYPERPARAMETERS) | {"dataset": "mnist", "hidden": HIDDEN, "seed": SEED}
    metadata = {
        "epoch": str(end.epoch),
        "step": str(end.step),
        "spec": json.dumps(spec),
        "card": card,
    }
    file = Path(__file__).with_name("pretrained.safetensors")
    file.write_bytes(checkpoints.save(network, metadata))
    print(card)


if __name__ == "__main__":
    main()
