"""Surgery over HTTP: what each neuron's absence costs, and a run that trains without some."""

import asyncio
from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.routes.dependencies import (
    KeptEpoch,
    TheAddress,
    TheHeavyWork,
    TheRun,
    TheSettings,
    TheStore,
    TheVisitor,
)
from app.routes.problems import problems
from app.routes.runs import RunOut, at_its_field
from app.routes.silence import Silence, without
from app.runs.copying import name_of, spec_to_go_on, training_from
from app.runs.examples_to_measure import test_examples_or_others
from app.runs.spec import check_against
from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from nn_core.datasets import Examples
from nn_core.learned import right_of_each_class
from nn_core.network import Network
from nn_core.silencing import absences

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

MOST_EXAMPLES = 1000
FEWEST_EXAMPLES = 20
FUNCTION = 20  # a neuron's activation takes as long as so many multiplications


class AbsencesOut(BaseModel):
    """What the absence of hidden neurons costs, on test examples."""

    dataset: str = Field(
        description="Whose test examples these are. Of a pretrained network, where MNIST is not "
        "here, they are digits-5k's, which it has been trained with: only differences count."
    )
    examples: int = Field(description="The first so many of them.")
    counts: list[int] = Field(description="How many of each class.")
    whole_right: list[int] = Field(description="Of each class read right with all neurons.")
    right: list[int] = Field(description="Of each class read right without the silenced ones.")
    cost: float | None = Field(description="Mean, without the silenced ones.")
    costs: list[list[float | None]] = Field(
        description="For each hidden layer and each of its neurons the mean cost without that one, "
        "too."
    )
    rights: list[list[int]] = Field(description="How many are read right then.")


@router.get("/absences", response_model=AbsencesOut)
async def absent(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    epoch: KeptEpoch = None,
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """Show what the network reads without silenced neurons, and without each of the others."""
    whole = await run.network(epoch)
    network = without(whole, silence)

    def measured() -> dict[str, Any]:
        dataset, examples = test_examples_or_others(run, settings.library)
        examples = examples.first(how_many(network, settings))
        return {"dataset": dataset, **absences_of(whole, network, examples)}

    async with work.measuring.of(request):
        return await asyncio.to_thread(measured)


def how_many(network: Network, settings: Settings) -> int:
    """Return on how many examples it is measured: fewer for a wide network."""
    sizes = network.layer_sizes
    work = 0
    for layer in range(len(sizes) - 2):  # each of its neurons is left out once
        behind = sum(part.size for part in network.parameters.layers[layer + 1 :])
        work += sizes[layer + 1] * (behind + FUNCTION * sum(sizes[layer + 2 :]))
    most = settings.max_experiment_work // max(1, work)
    return min(MOST_EXAMPLES, max(FEWEST_EXAMPLES, most))


def absences_of(whole: Network, network: Network, examples: Examples) -> dict[str, Any]:
    """Return what absences cost, as the API describes it."""
    found = absences(network, examples)
    counts = np.bincount(examples.labels, minlength=examples.classes)
    return {
        "examples": len(examples),
        "counts": counts.tolist(),
        "whole_right": right_of_each_class(whole, examples).tolist(),
        "right": right_of_each_class(network, examples).tolist(),
        "cost": found.cost,
        "costs": found.costs,
        "rights": found.rights,
    }


@router.post("/fork", status_code=201, response_model=RunOut)
async def fork(
    run: TheRun,
    store: TheStore,
    settings: TheSettings,
    visitor: TheVisitor,
    address: TheAddress,
    epoch: KeptEpoch = None,
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """Start a run of yours that goes on from this network, trained anew without some neurons.

    It begins at epoch 0 with these parameters and this run's hyperparameters as they are now. The
    weights to and from the silenced neurons, and their biases, are 0 and stay so. A fork of a
    pretrained network trains on digits-5k where MNIST is not here.
    """
    network = await run.network(epoch)
    without(network, silence)  # tells of what is no hidden neuron
    spec = spec_to_go_on(run, settings, visitor)
    silenced = list(dict.fromkeys([*spec.silence, *silence]))
    spec = spec.model_copy(update={"silence": silenced})
    with at_its_field():
        check_against(spec, settings)
    training = await asyncio.to_thread(training_from, network, spec, run)
    name = f"{name_of(run)} without {', '.join(silenced)}"[:80] if silenced else None
    forked = await store.create(spec, visitor, address, training=training, name=name)
    return forked.describe(visitor)
