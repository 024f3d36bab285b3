"""The landscape of a run's cost over HTTP: a plane through the way that its training took."""

import asyncio
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.routes.dependencies import TheHeavyWork, TheRun, TheSettings, TheStore
from app.routes.problems import problems
from app.routes.reasons import invalid, require_small
from app.runs.commands import WrongStateError
from app.runs.examples_to_measure import measured_examples
from app.runs.networks import NotKeptError
from app.runs.run import Run
from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from nn_core import checkpoints
from nn_core.datasets import Examples
from nn_core.landscape import (
    Directions,
    Plane,
    along_paths,
    at_random,
    cost_of,
    grid_around,
    random_walk,
)
from nn_core.network import Network
from nn_core.parameters import FloatArray

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

POINTS = 41  # along each side of the grid
FEWEST_EXAMPLES = 20
FUNCTION = 20  # a neuron's activation takes as long as so many multiplications

PlaneName = Literal["path", "random", "walk"]


class PathPoint(BaseModel):
    """A kept network of the run, and the point of the plane that is nearest to it."""

    epoch: int
    alpha: float
    beta: float
    cost: float | None = Field(description="The network's own.")
    plane_cost: float | None = Field(description="That of the nearest point.")


class LandscapeOut(BaseModel):
    """The cost over a plane through the run's last kept network, in 64 bits, without penalty."""

    plane: PlaneName
    examples: int = Field(description="The cost is the mean over the run's first so many.")
    alphas: list[float] = Field(description="How far along the first direction.")
    betas: list[float] = Field(description="How far along the second.")
    costs: list[list[float | None]] = Field(
        description="costs[i][j] is the cost at alphas[i], betas[j]."
    )
    path: list[PathPoint] = Field(
        description="The kept networks, the earliest first; of `walk` the points of that."
    )
    with_path: list[PathPoint] | None = Field(description="The other run's, if one was named.")
    explained: tuple[float, float] = Field(
        description="Which share of the squared distances of all these networks from the last one "
        "lies along the first direction, and what the second adds."
    )


class Path:
    """The kept networks of a run."""

    def __init__(self, files: list[bytes]) -> None:
        loaded = [checkpoints.load(file) for file in files]
        self.epochs = [int(checkpoint.metadata["epoch"]) for checkpoint in loaded]
        self.networks = [checkpoint.network for checkpoint in loaded]
        self.thetas = np.stack([network.parameters.theta for network in self.networks], dtype=float)


@router.get(
    "/landscape",
    response_model=LandscapeOut,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def landscape(
    run: TheRun,
    request: Request,
    store: TheStore,
    settings: TheSettings,
    work: TheHeavyWork,
    plane: Annotated[
        PlaneName,
        Query(
            description="`path`: the principal directions of the kept networks. `random`: two "
            "random directions, scaled neuron by neuron. `walk`, for comparison: the principal "
            "directions of a random walk of as many steps, as long as the run's own."
        ),
    ] = "path",
    other: Annotated[
        str | None,
        Query(
            alias="with",
            description="The id of a run with the same layers: both paths on one plane.",
        ),
    ] = None,
    directions: Annotated[  # noqa: FBT002
        bool,
        Query(
            description="Answer with a safetensors file, in 64 bits: `directions`, of shape "
            "(2, parameters), `origin`, the θ at alpha = beta = 0, `alphas`, `betas` and `costs`; "
            "in its metadata `examples`."
        ),
    ] = False,
) -> Response:
    """Show the cost over a plane through θ, and the way that the training took there."""
    require_small(run, settings)
    files = [await kept_files(run)]
    if other is not None:
        if plane == "walk":
            raise invalid("with", "a random walk is compared with one run only: leave out with")
        another = store.get(other)
        for what in ("hidden", "activation", "output", "cost"):
            if getattr(another.spec, what) != getattr(run.spec, what):
                raise invalid("with", f"that run's network is another one: its {what} differs")
        if another.parameters != run.parameters:
            raise invalid("with", "that run's network is another one: its layers differ")
        files.append(await kept_files(another))
    for kept in files:
        if len(kept) < 2 and plane != "random":  # noqa: PLR2004 - a way has a beginning and an end
            raise WrongStateError(
                "fewer than two networks of this run are kept, so there is no way between them: "
                "train for some epochs, or ask for random directions"
            )

    def drawn() -> Response:
        paths = [Path(kept) for kept in files]
        examples = sample(paths[0].networks[-1], run, settings)
        return picture(plane, paths, examples, as_file=directions)

    async with work.measuring.of(request):
        return await asyncio.to_thread(drawn)


async def kept_files(run: Run) -> list[bytes]:
    """Return the kept checkpoints of a run, the earliest first."""
    files = []
    for epoch in sorted(run.networks.kept_epochs):
        try:
            files.append(await run.checkpoint(epoch))
        except NotKeptError:  # it trains on meanwhile, and keeps fewer
            continue
    if not files:
        raise NotKeptError("no checkpoint is kept")
    return files


def sample(network: Network, run: Run, settings: Settings) -> Examples:
    """Return the first training examples: 1,000, or as many as the server's settings allow."""
    behind = network.parameters.theta.size - network.parameters.layers[0].size
    each = POINTS**2 * (behind + FUNCTION * sum(network.layer_sizes[1:]))
    most = max(FEWEST_EXAMPLES, settings.max_experiment_work // each)
    return measured_examples(run, settings.library).first(most)


def picture(plane: PlaneName, paths: list[Path], examples: Examples, *, as_file: bool) -> Response:
    """Return the landscape as the API describes it."""
    network = paths[0].networks[-1]
    origin = paths[0].thetas[-1]
    thetas = np.concatenate([path.thetas for path in paths])
    rng = np.random.default_rng(0)
    if plane == "walk":
        thetas = random_walk(thetas - origin, rng) + origin
    found = (
        at_random(network, thetas - origin, rng)
        if plane == "random"
        else along_paths(thetas - origin)
    )
    if plane == "random":
        square = np.array([[-0.8, -0.8], [0.8, 0.8]])  # nearly as far as each neuron's weights are
        alphas, betas = grid_around(square, POINTS)
    else:
        alphas, betas = grid_around(found.places, POINTS)
    surface = Plane(network, found.directions, examples)
    costs = surface.costs(alphas, betas)
    if as_file:
        tensors = {"directions": found.directions, "origin": origin, "costs": costs}
        tensors |= {"alphas": alphas, "betas": betas}
        contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
        file = checkpoints.serialize(contiguous, {"examples": str(len(examples))})
        return Response(file, media_type="application/octet-stream")
    epochs = [epoch for path in paths for epoch in path.epochs]
    points = points_of(epochs, thetas, found, surface, network, examples)
    first = len(paths[0].epochs)
    return StrictJSONResponse(
        {
            "plane": plane,
            "examples": len(examples),
            "alphas": alphas.tolist(),
            "betas": betas.tolist(),
            "costs": costs.tolist(),
            "path": points[:first],
            "with_path": points[first:] or None,
            "explained": found.explained.tolist(),
        }
    )


def points_of(
    epochs: list[int],
    thetas: FloatArray,
    found: Directions,
    surface: Plane,
    network: Network,
    examples: Examples,
) -> list[dict[str, Any]]:
    """Return where the networks lie on the plane, with their own costs and the plane's."""
    return [
        {
            "epoch": epoch,
            "alpha": float(alpha),
            "beta": float(beta),
            "cost": cost_of(network, theta, examples),
            "plane_cost": surface.cost(float(alpha), float(beta)),
        }
        for epoch, theta, (alpha, beta) in zip(epochs, thetas, found.places, strict=True)
    ]
