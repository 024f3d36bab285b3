"""Runs that a pupil has left behind give their places to others.

A class of thirty fits on the server if each pupil trains one network. Those who go on to the next
task leave the last one's run as it is: no page watches it any more, but it would go on training.
"""

import asyncio
import contextlib

from app.runs.commands import WrongStateError
from app.runs.run import Run
from app.runs.store import RunStore

WHY = "you began another run, and nobody watched this one: resume it to go on"


async def pause_left_behind(store: RunStore, owner: str) -> None:
    """Pause a visitor's runs that train while nobody watches them, but those of a sweep.

    These, and those that were paused before, give back their processes.
    """
    runs = [
        run
        for run in store.all()
        if run.owner == owner and run.has_worker and run.record.sweep not in store.living_sweeps
    ]
    await asyncio.gather(*(_let_rest(run) for run in runs if not run.room.viewers))


async def _let_rest(run: Run) -> None:
    with contextlib.suppress(WrongStateError):  # it has just ended
        if await run.commands.pause():
            run.notice(WHY)
        await run.commands.release_worker()
