"""What a run would have learned in one go, in this process: whatever happened to its own."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from app.runs import steering
from app.runs.ledger import EPOCH_FIGURES
from app.runs.spec import RunSpec
from nn_core import events, training
from nn_core.correction import correct
from nn_core.datasets import Library
from nn_core.network import Network
from tests.app.clients import Client, Event


def learned(event: Event) -> dict[str, Any]:
    """Return an epoch's figures without those that depend on the clock."""
    return {k: v for k, v in event.items() if k not in ("seconds", "examples_per_second")}


def trained_alone(client: Client, store: Path, run: str) -> tuple[Network, list[Event]]:
    """Train what the server has kept of a run, in one go; return the network and the epochs."""
    described = client.get(f"/api/runs/{run}").json()
    with contextlib.closing(sqlite3.connect(store / "nudge.sqlite")) as database:
        (text,) = database.execute("SELECT spec FROM runs WHERE id = ?", [run]).fetchone()
        query = "SELECT step, content FROM commands WHERE run = ? ORDER BY number"
        commands = [(step, json.loads(text)) for step, text in database.execute(query, [run])]
    spec = RunSpec.model_validate_json(text)
    dataset = Library(None, None).load_to_train(spec.dataset, spec.train_examples, None)
    dataset = steering.with_added(dataset, commands)
    rng = np.random.default_rng(spec.seed)
    network = spec.network(Library(None, None).info(spec.dataset))
    network.initialize(spec.initializer, rng)
    chosen, compiled = spec.hyperparameters(), spec.is_compiled
    trainer = training.train(
        network, dataset.training, dataset.test, chosen, rng, compiled=compiled
    )
    with threadpool_limits(1, user_api="blas"):  # as a worker: sums in the same order

        def obey(content: dict[str, Any]) -> None:
            match steering.from_json(content):
                case steering.Learn() as learn:
                    drawings = steering.drawings_of(learn, dataset.training)
                    for _ in correct(network, drawings, dataset.training, learn.seed):
                        pass
                case events.Change(values):
                    known = {k: v for k, v in values.items() if k != "steps_per_second"}
                    trainer.send(events.Change(known))
                case events.Nudge() as nudge:
                    trainer.send(nudge)

        return network, train_until(described["step"], trainer, commands, obey)


def train_until(
    last: int,
    trainer: Generator[events.Event, events.Command | None, None],
    commands: list[tuple[int, dict[str, Any]]],
    obey: Callable[[dict[str, Any]], None],
) -> list[Event]:
    """Train until a step, with each command after its own; return the epochs."""
    next(trainer)
    step = 0
    epochs: list[Event] = []
    while True:
        while commands and commands[0][0] == step:
            obey(commands.pop(0)[1])
        if step == last:
            return epochs
        event = next(trainer)
        assert isinstance(event, events.Progress | events.Epoch)
        step = event.step
        if isinstance(event, events.Epoch):
            told = {name: getattr(event, name) for name in EPOCH_FIGURES}
            epochs.append(learned({"type": "epoch", **told}))
