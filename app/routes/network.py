"""The network of a run over HTTP: its checkpoints, and what it reads in a drawing."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.drawing import decode_png, read_digit
from app.routes.dependencies import TheRun, TheSettings
from app.routes.strict_json import StrictJSONResponse

router = APIRouter(prefix="/api/runs/{run_id}", default_response_class=StrictJSONResponse)

KeptEpoch = Annotated[
    int | None, Query(ge=0, le=2**53, description="As it was after this epoch, where kept.")
]


class Reading(BaseModel):
    """What the network reads in a drawing, and how it got there."""

    digit: int
    confidence: float | None
    outputs: list[float | None]
    activations: list[list[float | None]]
    image: list[float]


@router.get("/checkpoints")
async def kept_checkpoints(run: TheRun) -> list[int]:
    """List the epochs whose checkpoints are kept, the earliest first; 0 is the untrained network.

    Of a long run every second is kept, then every fourth, and so on.
    """
    return sorted(run.checkpoints)


@router.get("/checkpoint")
async def checkpoint(run: TheRun, epoch: KeptEpoch = None) -> Response:
    """Return the network as a safetensors file."""
    return Response(
        await run.checkpoint(epoch),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="nudge-{run.id}.safetensors"'},
    )


@router.post(
    "/predict",
    response_model=Reading,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A drawing of any size, light ink on dark.",
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def predict(
    run: TheRun, request: Request, settings: TheSettings, epoch: KeptEpoch = None
) -> dict[str, Any]:
    """Have the network read a drawing."""
    body = await request.body()
    pixels = await asyncio.to_thread(decode_png, body, settings.max_drawing_pixels)
    network = await run.network(epoch)
    return await asyncio.to_thread(read_digit, network, pixels, run.dataset.input_shape)
