"""The network of a run over HTTP: its checkpoints, and what it reads."""

import asyncio
import base64
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.picture_formats import LargeDrawingError
from app.routes.dependencies import KeptEpoch, TheHeavyWork, TheRun, TheSettings
from app.routes.measuring import turn_with_checkpoint
from app.routes.picture import PICTURE_BODY, FromPad
from app.routes.problems import problems
from app.routes.silence import Silence, without
from app.runs.examples_to_measure import not_too_many, test_examples, test_examples_or_others
from app.runs.frame import Tensors
from app.runs.run import Run
from app.settings import Settings
from app.web.heavy_work import Turns
from app.web.json_response import StrictJSONResponse
from app.web.negotiation import NOT_KEPT, has_already
from nn_core import checkpoints
from nn_core.mistakes import Mistakes, find_mistakes

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

WRONG_SHOWN = 48

SMALL_BYTES = 2**16  # of a drawing from a pad there are a few thousand
SMALL_PIXELS = 2**17  # 362×362


class Reading(BaseModel):
    """What the network reads in a drawing, and how it got there."""

    digit: int
    confidence: float | None
    outputs: list[float | None]
    activations: list[list[float | None]]
    image: list[float]
    notes: list[str] = Field(
        description="What was done to the picture before it was read, in short sentences: it was "
        "brought upright, transparency got a ground, light and dark were swapped, uneven light was "
        "evened, another form than the images' got ground beside it. Empty if nothing was."
    )


class MistakeOut(BaseModel):
    """An example of the test set that the network reads wrong."""

    index: int = Field(description="Among the test examples.")
    label: int
    digit: int
    confidence: float | None
    image: str = Field(description="Its pixels as bytes, row by row, in base64.")


class MistakesOut(BaseModel):
    """How the network reads the run's test set."""

    epoch: int
    step: int
    examples: int
    right: int
    confusion: list[list[int]] = Field(
        description="How many of each class, a row, are read as each class, a column."
    )
    wrong: list[MistakeOut] = Field(
        description=f"Up to {WRONG_SHOWN}, those that it is most confident of first."
    )


@router.get("/checkpoints")
async def kept_checkpoints(run: TheRun) -> list[int]:
    """List the epochs whose checkpoints are kept, the earliest first; 0 is the untrained network.

    Of a long run every second is kept, then every fourth, and so on.
    """
    return sorted(run.networks.kept_epochs)


@router.get(
    "/checkpoint",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def checkpoint(run: TheRun, epoch: KeptEpoch = None) -> Response:
    """Return the network as a safetensors file."""
    return Response(
        await run.checkpoint(epoch),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="nudge-{run.id}.safetensors"'},
    )


@router.get(
    "/frame",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        204: {"description": "There is none yet."},
        304: {"description": "It is still the one that If-None-Match names."},
    },
)
async def frame(run: TheRun, request: Request, tensors: Tensors = "all") -> Response:
    """Return the newest frame, for those who can't have the WebSocket: ask twice a second.

    It is what the socket sends as a binary message. While it is asked for, more are made.
    """
    run.room.ask_for_frame()
    await run.load()
    newest = run.room.frame
    if newest is None:
        return Response(status_code=204, headers=NOT_KEPT)
    headers = {"ETag": f'"{newest.digest}-{tensors}"', **NOT_KEPT}
    if has_already(request.headers, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    file = newest.only(tensors)
    return Response(file, media_type="application/octet-stream", headers=headers)


@router.post("/predict", response_model=Reading, openapi_extra=PICTURE_BODY)
async def predict(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    epoch: KeptEpoch = None,
    pad: FromPad = False,  # noqa: FBT002
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Read a drawing, or another picture, with the network."""
    body = await request.body()
    loaded = await run.loaded_to_read_with(epoch)
    network = without(loaded.network, silence)

    def read(max_pixels: int) -> str:
        from app.drawing import decode_picture, read_picture  # noqa: PLC0415 - loads Pillow

        picture = decode_picture(body, max_pixels)
        reading = read_picture(network, run.record.dataset.kind, picture, from_pad=pad)
        return Reading.model_validate(reading).model_dump_json()

    # One hop to another thread and back, and JSON made once: a person is drawing and waits.
    async def read_among(drawings: Turns, max_pixels: int) -> Response:
        async with drawings.of(request):
            reading = await asyncio.get_running_loop().run_in_executor(
                work.reading, read, max_pixels
            )
        return Response(reading, media_type="application/json")

    most = settings.max_drawing_pixels
    if len(body) <= SMALL_BYTES:
        try:
            return await read_among(work.small_drawings, min(SMALL_PIXELS, most))
        except LargeDrawingError:
            pass
    return await read_among(work.large_drawings, most)


@router.get("/mistakes", response_model=MistakesOut)
async def mistakes(
    run: TheRun,
    request: Request,
    settings: TheSettings,
    work: TheHeavyWork,
    epoch: KeptEpoch = None,
    silence: Silence = [],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """Return how the network reads the run's test set: the confusion matrix, and mistakes.

    Of a huge test set only the first examples are read.

    Of a pretrained network with silenced neurons, where MNIST is not here, they are those on 1,000
    digits of its training set: see the call `absences`.
    """
    if not silence and (known := await run.known_mistakes(epoch)):
        return mistakes_out(run.record.epoch, run.record.step, known)
    async with turn_with_checkpoint(run, epoch, work, request) as file:
        return await asyncio.to_thread(mistakes_of, file, run, settings, silence)


def mistakes_of(file: bytes, run: Run, settings: Settings, silence: list[str]) -> dict[str, Any]:
    """Return the mistakes of the network in a checkpoint, as the API describes them."""
    checkpoint = checkpoints.load(file)
    if silence:
        _, examples = test_examples_or_others(run, settings.library)
    else:
        examples = test_examples(run, settings.library)
    examples = not_too_many(examples, run.parameters, settings)
    found = find_mistakes(without(checkpoint.network, silence), examples, WRONG_SHOWN)
    metadata = checkpoint.metadata
    return mistakes_out(int(metadata["epoch"]), int(metadata["step"]), found)


def mistakes_out(epoch: int, step: int, found: Mistakes) -> dict[str, Any]:
    """Return mistakes as the API describes them."""
    return {
        "epoch": epoch,
        "step": step,
        "examples": int(found.confusion.sum()),
        "right": found.right,
        "confusion": found.confusion.tolist(),
        "wrong": [
            {
                "index": place,
                "label": label,
                "digit": digit,
                "confidence": confidence,
                "image": base64.b64encode(image.tobytes()).decode(),
            }
            for (place, label, digit, confidence), image in zip(
                found.wrong, found.images, strict=True
            )
        ],
    }
