"""Learned when, over HTTP: each class's accuracy over the epochs, and how a layer parts them."""

import asyncio
from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.routes.dependencies import KeptEpoch, TheHeavyWork, TheRun, TheSettings
from app.routes.landscape import Path, kept_files
from app.routes.problems import problems
from app.runs.examples_to_measure import not_too_many, test_examples_or_others
from app.runs.networks import NotKeptError
from app.web.json_response import StrictJSONResponse
from nn_core.datasets import Examples
from nn_core.learned import last_hidden, principal_directions, right_of_each_class

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

POINTS = 500


class EpochLearned(BaseModel):
    """What the network of a kept epoch reads right."""

    epoch: int
    accuracy: float = Field(description="On the test set, 0 to 1.")
    accuracies: list[float | None] = Field(
        description="Of each class; null for one without test examples."
    )


class LearnedOut(BaseModel):
    """What was learned when."""

    dataset: str = Field(description="Which data set's test examples these are.")
    counts: list[int] = Field(
        description="How many test examples of each class there are; of a huge test set the first."
    )
    epochs: list[EpochLearned] = Field(
        description="The kept epochs. Empty for a pretrained network where MNIST is not here: it "
        "has been trained with the digits that are."
    )
    projection: list[list[float]] = Field(
        description="Two rows, a number for each neuron of the last hidden layer: the principal "
        "directions of its activations after the last kept epoch."
    )
    epoch: int = Field(description="The one that the points are of.")
    labels: list[int] = Field(description=f"Of the first {POINTS} test examples.")
    points: list[tuple[float | None, float | None]] = Field(
        description="Of each of these: projection times the last hidden layer's activations."
    )


@router.get("/learned", response_model=LearnedOut)
async def learned(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    epoch: KeptEpoch = None,
) -> dict[str, Any]:
    """Show which classes were learned when, and how the last hidden layer tells them apart."""
    files = await kept_files(run)

    def told() -> dict[str, Any]:
        dataset, examples = test_examples_or_others(run, settings.library)
        examples = not_too_many(examples, len(files) * run.parameters, settings)
        is_own = dataset == run.spec.dataset
        return learned_of(Path(files), dataset, examples, epoch, with_accuracies=is_own)

    async with work.measuring.of(request):
        return await asyncio.to_thread(told)


def learned_of(
    path: Path, dataset: str, examples: Examples, epoch: int | None, *, with_accuracies: bool
) -> dict[str, Any]:
    """Return what was learned when, as the API describes it. Raises NotKeptError."""
    counts = np.bincount(examples.labels, minlength=examples.classes)
    epochs = []
    for number, network in zip(path.epochs, path.networks, strict=True):
        if not with_accuracies:
            break
        right = right_of_each_class(network, examples)
        shares = [float(r / n) if n else None for r, n in zip(right, counts, strict=True)]
        accuracy = float(right.sum() / counts.sum())
        epochs.append({"epoch": number, "accuracy": accuracy, "accuracies": shares})
    place = len(path.epochs) - 1
    if epoch is not None:
        if epoch not in path.epochs:
            kept = ", ".join(map(str, path.epochs))
            raise NotKeptError(f"no checkpoint of epoch {epoch} is kept; there are {kept}")
        place = path.epochs.index(epoch)
    first = examples.first(POINTS)
    x, _ = first.batch(np.arange(len(first)), np.float64)
    projection = principal_directions(last_hidden(path.networks[-1], x))
    points = last_hidden(path.networks[place], x) @ projection.T
    return {
        "dataset": dataset,
        "counts": counts.tolist(),
        "epochs": epochs,
        "projection": projection.tolist(),
        "epoch": path.epochs[place],
        "labels": first.labels.tolist(),
        "points": points.tolist(),
    }
