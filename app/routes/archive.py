"""Export your runs as a zip, and import them, here or on another server."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.routes.datasets import receive_body
from app.routes.dependencies import TheAddress, TheHeavyWork, TheSettings, TheStore, TheVisitor
from app.routes.problems import problems
from app.routes.runs import RunOut
from app.runs.archive import pack
from app.runs.room_to_keep import with_room_for_drawings
from app.runs.unpacking import unpack
from app.web.json_response import StrictJSONResponse

router = APIRouter(
    prefix="/api/runs",
    default_response_class=StrictJSONResponse,
    responses=problems(507),
)

BLOCK = 2**18  # bytes that are sent at a time


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The zip."}},
)
async def export_runs(
    request: Request, store: TheStore, visitor: TheVisitor, work: TheHeavyWork
) -> StreamingResponse:
    """Return all your runs as a zip, with all that it takes to go on with them elsewhere."""
    file = tempfile.TemporaryFile(dir=store.scratch)  # noqa: SIM115 - it is sent after this has returned
    try:
        async with work.archiving.of(request):
            await asyncio.to_thread(pack, store.archive(visitor), file)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Length": str(file.tell()),
        "Content-Disposition": 'attachment; filename="nudge-runs.zip"',
    }
    return ClosingResponse(file, headers=headers, media_type="application/zip")


@router.post(
    "/import",
    status_code=201,
    response_model=list[RunOut],
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The zip that export made, here or on another server.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def import_runs(
    request: Request,
    store: TheStore,
    settings: TheSettings,
    visitor: TheVisitor,
    address: TheAddress,
    work: TheHeavyWork,
) -> list[dict[str, Any]]:
    """Take in the runs of a zip, all or none; they are yours, and new: their links are others."""
    with tempfile.TemporaryDirectory(dir=store.scratch) as scratch:
        path = Path(scratch) / "runs.zip"
        with path.open("wb") as file:
            await receive_body(request, file)
        async with work.archiving.of(request):
            archived = unpack(path, settings, visitor)
            checked = with_room_for_drawings(archived, store.all, (visitor, address), settings)
            runs = await store.admit(checked, visitor, address)
    return [run.describe(visitor) for run in runs]


class ClosingResponse(StreamingResponse):
    """A file from its start, which is closed in any case: also where nobody takes all of it."""

    def __init__(self, file: BinaryIO, **options: Any) -> None:
        super().__init__(blocks(file), **options)
        self.file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.file.close()


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is in a file, from its start."""
    file.seek(0)
    while block := file.read(BLOCK):
        yield block
