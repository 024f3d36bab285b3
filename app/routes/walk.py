"""A walk through a run's network over HTTP: backpropagation with one digit, line by line."""

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from app.routes.dependencies import KeptEpoch, TheHeavyWork, TheRun, TheSettings
from app.routes.picture import PICTURE_BODY, FromPad
from app.routes.problems import problems
from app.routes.silence import Silence, without
from nn_core import checkpoints
from nn_core.walk import save, walk

router = APIRouter(prefix="/api/runs/{run_id}", responses=problems(404, 409))

ANSWER = """\
A safetensors file, all numbers in 64 bits. L counts the layers from 0, without the input.

| tensor | shape | what it is |
|---|---|---|
| `x` | (inputs,) | the image, as the network saw it |
| `truth` | (outputs,) | one-hot |
| `weights.L`, `biases.L` | as in a checkpoint | before the nudge |
| `z.L`, `activations.L` | (neurons,) | weighted inputs, and what layer L puts out |
| `cost` | () | C of this example, without penalty |
| `C_over_activations.L`, `C_over_z.L` | (neurons,) | ∂C/∂a, ∂C/∂z |
| `C_over_x` | (inputs,) | ∂C/∂x |
| `gradient.weights.L`, `gradient.biases.L` | as in a frame | ∂C/∂W, ∂C/∂b |
| `parameters.theta` | (parameters,) | θ after the nudge: layer by layer the weights, a row for \
each neuron, then the biases |

A silenced neuron's weights are 0 here, and its bias is a number with which its activation is 0.

Metadata, all of them text:

- `source`, a JSON object: the `file` of the code that ran, its `sha256`, its `text`;
- `steps`, a JSON array: each assignment that ran, in this order, with its `function`, its `line` \
(from 1, where the name stands), its `layer` (null where it is about none, or about the inputs), \
the `name` that was assigned (as the line has it) and the `tensor` that holds its value. \
A line that only copies an array into the gradient is no step;
- `digit`: what the network read; `learning_rate`: the run's, as it is now, which the nudge was \
made with;
- `epoch` and `step`: how far the network was trained; `activation` (a JSON array with a name for \
each hidden layer), `output`, `cost`, as in a checkpoint.
"""


@router.post(
    "/walk",
    response_class=Response,
    responses={200: {"description": ANSWER, "content": {"application/octet-stream": {}}}},
    openapi_extra=PICTURE_BODY,
)
async def walk_through(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    truth: Annotated[
        int | None,
        Query(
            ge=0,
            description="The class that the picture shows, from 0; what the network reads if it "
            "isn't given.",
        ),
    ] = None,
    epoch: KeptEpoch = None,
    pad: FromPad = False,  # noqa: FBT002
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Walk through one step of gradient descent with this picture, in the lines of `by_hand.py`.

    Forward, cost, backward, nudge: the code itself runs and is traced. The picture is read as by
    `predict`. The nudge is that of plain gradient descent with this one example, whatever the run's
    optimizer, batch size, penalties and dropout; the run's network stays as it is.
    """
    if run.parameters > settings.max_walk_parameters:
        raise problem_at(
            ("path", "run_id"),
            f"this network is too wide to walk through: it has {run.parameters:,} parameters, and "
            f"this server walks through up to {settings.max_walk_parameters:,}",
        )
    classes = run.record.dataset.classes
    if truth is not None and truth >= classes:
        raise problem_at(("query", "truth"), f"there are {classes:,} classes: 0 to {classes - 1:,}")
    body = await request.body()
    loaded = await run.loaded_to_read_with(epoch)
    network = without(loaded.network, silence)
    learning_rate = run.spec.learning_rate
    assert learning_rate is not None, "it is filled in"

    def file() -> bytes:
        from app.drawing import decode_picture, read_picture  # noqa: PLC0415 - loads Pillow

        picture = decode_picture(body, settings.max_drawing_pixels)
        reading = read_picture(network, run.record.dataset.kind, picture, from_pad=pad)
        digit = reading["digit"]
        y = np.eye(classes)[digit if truth is None else truth]
        metadata = {name: loaded.metadata[name] for name in ("epoch", "step")}
        metadata |= {"digit": str(digit), "learning_rate": str(learning_rate)}
        walked = walk(network, np.array(reading["image"]), y, learning_rate)
        return save(walked, metadata | checkpoints.architecture(network))

    async with work.measuring.of(request):  # not among the drawings, which wait for nothing else
        walked = await asyncio.to_thread(file)
    return Response(walked, media_type="application/octet-stream")


def problem_at(location: tuple[str, str], words: str) -> RequestValidationError:
    """Return the error that says what is wrong with a field."""
    return RequestValidationError([{"loc": location, "msg": words, "type": "value_error"}])
