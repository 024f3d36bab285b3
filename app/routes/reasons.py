"""Why a run's network reads what it reads, over HTTP: attributions, the least change, wants."""

import asyncio
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from app.routes.dependencies import KeptEpoch, TheHeavyWork, TheRun, TheSettings
from app.routes.picture import PICTURE_BODY, FromPad
from app.routes.problems import problems
from app.routes.silence import Silence, without
from app.runs.examples_to_measure import measured_examples
from app.runs.run import Run
from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from nn_core.attribution import integrated_gradients
from nn_core.datasets import Library
from nn_core.least_change import least_change
from nn_core.network import Network
from nn_core.parameters import FloatArray
from nn_core.wanted import excitement, wanted

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

SMOOTHNESS = 1.0
PIXELS_AT_ONCE = 2**21  # of the images among which the most exciting one is found


class Explanation(BaseModel):
    """How much each pixel has to do with an output, by integrated gradients."""

    digit: int = Field(description="The output that is explained.")
    attributions: list[float | None] = Field(
        description="One for each pixel, row by row: positive for the output, negative against it."
    )
    image: list[float] = Field(description="The numbers that the network saw.")
    baseline: list[float] = Field(description="The image that it is compared with.")
    output: float | None
    baseline_output: float | None
    sum: float | None = Field(
        description="Of all attributions: it is output − baseline_output, but for rounding."
    )


class Flip(BaseModel):
    """The smallest change that was found with which the network reads another digit."""

    image: list[float] = Field(
        description="Whole shades over 255, row by row: as a PNG, predict reads it as that digit."
    )
    change: float = Field(description="√Σ (difference)², from the image that the network saw.")


class Wants(BaseModel):
    """What excites a neuron most: without a penalty for differences between neighbours, and with.

    Excitement is the neuron's weighted input z, or a softmax output's log-odds: what its activation
    rises with.
    """

    image: list[float]
    excitement: float | None
    activation: float | None
    smooth_image: list[float]
    smooth_excitement: float | None
    smooth_activation: float | None
    examples: int = Field(description="Among so many training examples the next three are best.")
    example_image: list[float]
    example_excitement: float | None
    example_activation: float | None


@router.post("/explain", response_model=Explanation, openapi_extra=PICTURE_BODY)
async def explain(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    digit: Annotated[
        int | None, Query(ge=0, description="The output; what is read if it isn't given.")
    ] = None,
    baseline: Annotated[
        Literal["empty", "mean"],
        Query(description="All pixels 0, or the mean of the run's first 1,000 training examples."),
    ] = "empty",
    epoch: KeptEpoch = None,
    pad: FromPad = False,  # noqa: FBT002
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """Say which pixels made the network read what it reads."""
    require_small(run, settings)
    require_class(run, "digit", digit)
    body = await request.body()
    loaded = await run.loaded_to_read_with(epoch)
    network = without(loaded.network, silence)

    def explained() -> dict[str, Any]:
        image, read = image_in(body, network, run, settings, from_pad=pad)
        output = read if digit is None else digit
        ground: FloatArray = np.zeros(image.size)
        if baseline == "mean":
            ground = mean_image(run, settings.library)
        found = integrated_gradients(network, image.ravel(), ground, output)
        return {
            "digit": output,
            "attributions": found.attributions.tolist(),
            "image": image.ravel().tolist(),
            "baseline": ground.tolist(),
            "output": found.output,
            "baseline_output": found.baseline_output,
            "sum": found.sum,
        }

    async with work.measuring.of(request):
        return await asyncio.to_thread(explained)


@router.post("/flip", response_model=Flip, openapi_extra=PICTURE_BODY)
async def flip(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    to: Annotated[int, Query(ge=0, description="The digit that it is to be read as.")],
    epoch: KeptEpoch = None,
    pad: FromPad = False,  # noqa: FBT002
) -> dict[str, Any]:
    """Change a drawing as little as possible, so that the network reads it as another digit.

    There may be a smaller change than the one that is found; 409 if none is found.
    """
    require_small(run, settings)
    require_class(run, "to", to)
    body = await request.body()
    loaded = await run.loaded_to_read_with(epoch)
    network = loaded.network

    def flipped() -> dict[str, Any]:
        image, _ = image_in(body, network, run, settings, from_pad=pad)
        kind = run.record.dataset.kind
        found = least_change(network, image.reshape(kind.shape), to, kind)
        return {"image": (found.image.ravel() / 255).tolist(), "change": found.change}

    async with work.measuring.of(request):
        return await asyncio.to_thread(flipped)


@router.get("/wants", response_model=Wants)
async def wants(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    layer: Annotated[int, Query(ge=0, description="0 is the first after the inputs.")],
    neuron: Annotated[int, Query(ge=0, description="Its place in that layer, from 0.")],
    epoch: KeptEpoch = None,
) -> dict[str, Any]:
    """Show the image that excites a neuron most, and the training example that does."""
    require_small(run, settings)
    network = await run.network(epoch)
    sizes = network.layer_sizes[1:]
    if layer >= len(sizes):
        raise invalid("layer", f"there are {len(sizes)} layers: 0 to {len(sizes) - 1}")
    if neuron >= sizes[layer]:
        raise invalid("neuron", f"layer {layer} has {sizes[layer]:,}: 0 to {sizes[layer] - 1:,}")

    def found() -> dict[str, Any]:
        shape = run.record.dataset.input_shape
        noise = wanted(network, layer, neuron, shape)
        smooth = wanted(network, layer, neuron, shape, SMOOTHNESS)
        return {
            "image": noise.image.ravel().tolist(),
            "excitement": noise.excitement,
            "activation": noise.activation,
            "smooth_image": smooth.image.ravel().tolist(),
            "smooth_excitement": smooth.excitement,
            "smooth_activation": smooth.activation,
            **best_example(network, layer, neuron, run, settings.library),
        }

    async with work.measuring.of(request):
        return await asyncio.to_thread(found)


def image_in(
    body: bytes, network: Network, run: Run, settings: Settings, *, from_pad: bool
) -> tuple[FloatArray, int]:
    """Return the image that the network sees in a picture, and what it reads."""
    from app.drawing import decode_picture, read_picture  # noqa: PLC0415 - loads Pillow

    picture = decode_picture(body, settings.max_drawing_pixels)
    reading = read_picture(network, run.record.dataset.kind, picture, from_pad=from_pad)
    return np.array(reading["image"]), reading["digit"]


def mean_image(run: Run, library: Library) -> FloatArray:
    """Return the mean of the run's first 1,000 training examples, shape (inputs,)."""
    examples = measured_examples(run, library)
    return examples.images.mean(axis=0) / 255


def best_example(
    network: Network, layer: int, neuron: int, run: Run, library: Library
) -> dict[str, Any]:
    """Return the training example that excites a neuron most, as the API describes it."""
    examples = measured_examples(run, library)
    wide = network.in_64_bits()
    best_of_parts = []
    at_once = max(1, PIXELS_AT_ONCE // examples.images.shape[1])
    for first in range(0, len(examples), at_once):
        x, _ = examples.batch(np.arange(first, min(first + at_once, len(examples))), np.float64)
        excitements, _ = excitement(wide, x, layer, neuron)
        best = int(excitements.argmax())
        best_of_parts.append((float(excitements[best]), x[best].copy()))
    highest, image = max(best_of_parts, key=lambda found: found[0])
    return {
        "examples": len(examples),
        "example_image": image.tolist(),
        "example_excitement": highest,
        "example_activation": float(wide.forward(image.reshape(1, -1))[layer][0, neuron]),
    }


def require_small(run: Run, settings: Settings) -> None:
    """Answer 422 for a network that is too wide."""
    most = settings.max_experiment_parameters
    if run.parameters > most:
        words = (
            f"this network is too wide: it has {run.parameters:,} parameters, and this server "
            f"experiments with up to {most:,}"
        )
        problem = {"loc": ("path", "run_id"), "msg": words, "type": "value_error"}
        raise RequestValidationError([problem])


def require_class(run: Run, field: str, number: int | None) -> None:
    """Answer 422 at a field whose number is no class."""
    classes = run.record.dataset.classes
    if number is not None and number >= classes:
        raise invalid(field, f"there are {classes:,} classes: 0 to {classes - 1:,}")


def invalid(field: str, words: str) -> RequestValidationError:
    """Return the error that says what is wrong with a field of the query."""
    return RequestValidationError([{"loc": ("query", field), "msg": words, "type": "value_error"}])
