"""Pausing all runs at once, and letting them go on."""

import asyncio

from app.runs.commands import WrongStateError
from app.runs.record import LIVE
from app.runs.run import Run
from app.runs.store import RunStore


async def pause_held(store: RunStore) -> int:
    """Pause every run but the teachers', while all are held; return how many trained."""
    live = [run for run in store.all() if run.status in LIVE and not run.is_pretrained]
    theirs = [run for run in live if store.hold.words_for(run.owner)]
    return sum(await asyncio.gather(*(_hold(store, run) for run in theirs)))


async def _hold(store: RunStore, run: Run) -> bool:
    """Pause a run; return whether it trained."""
    try:  # also where it is paused: it may be about to go on
        if not await run.commands.pause():
            return False
    except WrongStateError:  # it waits, and is held when its turn comes; or it has just ended
        return False
    store.hold.held.add(run.id)
    run.notice(store.hold.words_for(run.owner))
    await run.ledger.written()
    return True


async def resume_held(store: RunStore) -> int:
    """Let those go on that were paused, now that none are held; return how many do."""
    held = [run for run in store.all() if run.id in store.hold.held and run.status == "paused"]
    store.hold.held.clear()
    done = await asyncio.gather(*(run.commands.resume() for run in held), return_exceptions=True)
    return sum(answer is None for answer in done)
