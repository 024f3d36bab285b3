"""The slopes of a run's cost over HTTP: its gradient, one parameter's, and the way downhill.

All three are measured on the same examples, the first 1,000 that the run trains on, so that their
numbers agree. Anybody may measure; only ``apply`` changes a network.
"""

import asyncio
from hashlib import blake2b
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from app.routes.dependencies import (
    KeptEpoch,
    TheHeavyWork,
    TheRun,
    TheSettings,
    TheVisitor,
    get_own_run,
)
from app.routes.measuring import turn_with_checkpoint
from app.routes.problems import problems
from app.runs.examples_to_measure import measured_examples
from app.runs.run import Run
from app.strict_json import strict_json
from app.strict_model import BodyModel
from app.web.json_response import StrictJSONResponse
from app.web.negotiation import NOT_KEPT, has_already
from nn_core import checkpoints
from nn_core.datasets import Library
from nn_core.descent_curve import along_gradient
from nn_core.network import Network
from nn_core.sensitivity import cost_and_gradient, nudge_costs

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)


class NudgeRequest(BodyModel):
    """A nudge by hand: one parameter, and how much to add to it."""

    index: int = Field(
        ge=0,
        description="Its place in θ: layer by layer the weights, a row for each neuron, then the "
        "biases.",
    )
    amount: Annotated[float, Field(ge=-1000, le=1000)] | None = Field(
        None, description="What to add to it."
    )
    value: Annotated[float, Field(ge=-1e6, le=1e6)] | None = Field(
        None, description="What it is to become, instead of an amount to add."
    )
    reach: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        None, description="Ask for the cost's curve, this far to both sides."
    )
    apply: bool = Field(
        default=False,
        description="Whether to do it, too: to a run of one's own that trains or is paused, as it "
        "is now.",
    )


Point = Annotated[list[float | None], Field(min_length=2, max_length=2)]


class NudgeOut(BaseModel):
    """The mean cost of the run's first 1,000 training examples, in 64 bits."""

    examples: int = Field(description="How many: fewer if the run has fewer.")
    before: float = Field(description="The parameter: as a value, this takes the nudge back.")
    after: float = Field(description="The parameter after the nudge, in 32 bits.")
    cost: float | None = Field(description="C(θ), before the nudge; without penalty.")
    slope: float | None = Field(description="∂C/∂θᵢ, the gradient's element.")
    predicted: float | None = Field(description="C(θ) + amount · ∂C/∂θᵢ: the gradient's tangent.")
    measured: float | None = Field(description="C after the nudge.")
    curve: list[Point] | None = Field(
        description="41 pairs of an amount and the cost after it, from −reach to +reach; the "
        "middle one is 0 and the cost before. null where no reach was asked for."
    )


class DescentOut(BaseModel):
    """The cost along −∇C: C(θ − r ∇C) on the run's first 1,000 training examples, in 64 bits."""

    epoch: int
    step: int
    examples: int = Field(description="How many: fewer if the run has fewer.")
    cost: float | None = Field(description="C(θ), at a rate of 0; without penalty.")
    learning_rate: float = Field(description="The run's; always one of the rates.")
    rates: list[float] = Field(description="Learning rates r, ascending from 0.")
    costs: list[float | None] = Field(description="The cost after a step with each of them.")
    best: float | None = Field(description="The rate of the lowest cost; null if none is finite.")


@router.get(
    "/gradient",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        304: {"description": "It is still the one that If-None-Match names."},
    },
)
async def gradient(
    run: TheRun,
    settings: TheSettings,
    work: TheHeavyWork,
    request: Request,
    epoch: KeptEpoch = None,
) -> Response:
    """Return ∇C on the run's first 1,000 training examples, without penalty and dropout.

    It is a safetensors file: tensors `gradient.weights.0`, `gradient.biases.0`, …, and in its
    metadata `epoch`, `step`, `examples` and `cost`, their mean cost.
    """
    async with turn_with_checkpoint(run, epoch, work, request) as file:
        headers = {"ETag": f'"{blake2b(file, digest_size=12).hexdigest()}"', **NOT_KEPT}
        if has_already(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = await asyncio.to_thread(gradient_of, file, run, settings.library)
    return Response(body, media_type="application/octet-stream", headers=headers)


def gradient_of(file: bytes, run: Run, library: Library) -> bytes:
    """Return the gradient of the network in a checkpoint, as the bytes of a file."""
    checkpoint = checkpoints.load(file)
    examples = measured_examples(run, library)
    cost, found = cost_and_gradient(checkpoint.network, examples)
    place = {name: checkpoint.metadata[name] for name in ("epoch", "step")}
    told = {"examples": str(len(examples)), "cost": strict_json(cost)}
    return checkpoints.save_gradient(found, place | told)


@router.post("/nudge", response_model=NudgeOut)
async def nudge(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    visitor: TheVisitor,
    work: TheHeavyWork,
    nudge: NudgeRequest,
    epoch: KeptEpoch = None,
) -> dict[str, Any]:
    """Return how a nudge of one parameter changes the cost: as predicted, and as measured."""
    if nudge.index >= run.parameters:
        words = f"the network has {run.parameters:,} parameters: 0 to {run.parameters - 1:,}"
        raise invalid("body", "index", words)
    if (nudge.amount is None) == (nudge.value is None):
        words = "give an amount to add, or else the value that it is to become"
        raise invalid("body", "amount", words)
    if nudge.apply:
        if epoch is not None:
            words = "a network of an earlier epoch can be measured, not changed: leave out epoch"
            raise invalid("query", "epoch", f"{words}, or apply")
        await get_own_run(run, visitor)
        network = await run.commands.nudge(nudge.index, nudge.amount or 0.0, nudge.value)
    else:
        network = await run.network(epoch)
    async with work.measuring.of(request):
        return await asyncio.to_thread(nudged, network, nudge, run, settings.library)


def invalid(part: str, field: str, words: str) -> RequestValidationError:
    """Return the error that says what is wrong with a field."""
    return RequestValidationError([{"loc": (part, field), "msg": words, "type": "value_error"}])


def nudged(network: Network, nudge: NudgeRequest, run: Run, library: Library) -> dict[str, Any]:
    """Return what a nudge does to the cost, as the API describes it."""
    examples = measured_examples(run, library)
    before = float(network.parameters.theta[nudge.index])
    amount = nudge.amount
    if amount is None:
        assert nudge.value is not None
        amount = nudge.value - before
    costs = nudge_costs(network, examples, nudge.index, amount, nudge.reach)
    after = float(np.float32(before + amount if nudge.value is None else nudge.value))
    return {"examples": len(examples), "before": before, "after": after, **costs._asdict()}


@router.get("/descent", response_model=DescentOut)
async def descent(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    epoch: KeptEpoch = None,
) -> dict[str, Any]:
    """Return the cost along −∇C as a curve over the learning rate: what one step would come to.

    It shows rates that are too small, right, and over the top: they go from 0 to twice the run's,
    or twice the best, which is looked for from 1/64 of the run's to 64 times that.
    """
    async with turn_with_checkpoint(run, epoch, work, request) as file:
        return await asyncio.to_thread(descent_of, file, run, settings.library)


def descent_of(file: bytes, run: Run, library: Library) -> dict[str, Any]:
    """Return the way downhill from the network in a checkpoint, as the API describes it."""
    checkpoint = checkpoints.load(file)
    rate = run.spec.learning_rate
    assert rate is not None, "it is filled in"
    curve = along_gradient(checkpoint.network, measured_examples(run, library), rate)
    place = {name: int(checkpoint.metadata[name]) for name in ("epoch", "step")}
    return {**place, **curve._asdict()}
