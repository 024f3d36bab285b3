"""A turn to measure a run's network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from app.runs.record import LIVE
from app.runs.run import Run
from app.web.heavy_work import HeavyWork


@asynccontextmanager
async def turn_with_checkpoint(
    run: Run, epoch: int | None, work: HeavyWork, request: Request
) -> AsyncIterator[bytes]:
    """Have a turn to measure, with the run's checkpoint. Raises NotKeptError.

    What is kept is read in the turn only: the files of all who wait would fill the memory. A live
    run's process is asked before: while it takes its time to answer, others have their turns.
    """
    is_kept = not run.is_pretrained and (epoch is not None or run.status not in LIVE)
    told = None if is_kept else await run.checkpoint(epoch)
    async with work.measuring.of(request):
        yield told or await run.networks.kept(epoch)
