"""Pausing all runs at once, and letting them go on."""

import asyncio
import contextlib

from app.runs.commands import WrongStateError
from app.runs.hold import HeldError
from app.runs.record import LIVE
from app.runs.run import Run
from app.runs.store import RunStore


async def obey_hold(store: RunStore) -> int:
    """Pause every run but the teachers' if all are held, or let those go on that this paused.

    Return how many that were. It goes by what holds when its turn comes: of two teachers who press
    at once, the later one has it, and no run is left behind.
    """
    async with store.hold.one_at_a_time:
        return await (_pause_all(store) if store.hold.reason else _resume_held(store))


async def _pause_all(store: RunStore) -> int:
    live = [run for run in store.all() if run.status in LIVE and not run.is_pretrained]
    theirs = [run for run in live if store.hold.words_for(run.owner)]
    return sum(await asyncio.gather(*(_pause(store, run) for run in theirs)))


async def _pause(store: RunStore, run: Run) -> bool:
    """Pause a run; return whether it trained."""
    was_held, trained = run.id in store.hold.held, False
    # Also where it is paused: it may be about to go on. Refused is one that has just ended, or that
    # waits: it is held when its turn comes.
    with contextlib.suppress(WrongStateError):
        trained = await run.commands.pause()
    if trained or was_held:
        store.hold.held.add(run.id)
    if trained:
        run.notice(store.hold.words_for(run.owner))
        await run.ledger.written()
    return trained


async def _resume_held(store: RunStore) -> int:
    # One that is queued may be about to begin, paused.
    held = [run for run in store.all() if run.id in store.hold.held and run.status in LIVE]
    store.hold.held.clear()
    done = await asyncio.gather(*(run.commands.resume() for run in held), return_exceptions=True)
    for run, answer in zip(held, done, strict=True):
        if isinstance(answer, HeldError):  # all are held again already: it goes on after that
            store.hold.held.add(run.id)
    return sum(answer is None for answer in done)
