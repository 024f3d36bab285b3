"""Housekeeping: once a second, what nobody asks for but a small server needs."""

import asyncio
import ctypes
import gc
import time
from typing import TYPE_CHECKING

import structlog

from app.runs.run import LIVE, Run, WrongStateError
from app.settings import Settings

if TYPE_CHECKING:
    from app.runs.store import RunStore

log = structlog.get_logger()

REST_SECONDS = 60.0  # after which a run that nobody looks at leaves the memory
TRIM_SECONDS = 10.0  # between two times that memory is given back
DAY = 86400.0


async def keep_house(store: "RunStore", settings: Settings) -> None:
    """Keep house for as long as the server runs."""
    trimmed = time.monotonic()
    while True:
        await asyncio.sleep(1)
        if time.monotonic() - trimmed > TRIM_SECONDS:
            give_back_memory()
            trimmed = time.monotonic()
        for run in store.all():
            if run.is_pretrained:
                continue
            try:
                await _look_after(run, store, settings)
            except WrongStateError as error:  # it ended while it was looked at
                log.info("housekeeping", run=run.id, error=str(error))
            except Exception:  # the others need it all the same
                log.exception("housekeeping", run=run.id)


def give_back_memory() -> None:
    """Free what a crowd has left, and have the C library give it back, which would keep it."""
    gc.collect()
    # Libraries other than GNU's do it by themselves.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


async def _look_after(run: Run, store: "RunStore", settings: Settings) -> None:
    """Do what one run needs."""
    if run.room.viewers:
        run.touch()
    if run.status == "training":
        await _look_after_training(run, store, settings)
    elif run.status == "paused" and run.has_worker:
        if time.monotonic() - run.last_command > settings.paused_worker_seconds:
            await run.rest()
    elif run.status not in LIVE and not run.room.viewers:
        if time.time() - run.record.seen > settings.keep_days * DAY:
            await store.delete(run.id, "nobody has looked at this run for long: it was removed")
        elif time.time() - run.last_seen > REST_SECONDS and not store.problems():
            run.room.rest()


async def _look_after_training(run: Run, store: "RunStore", settings: Settings) -> None:
    """Stop or pause a run that trains for too long, or for nobody, or that can't be kept."""
    minutes, idle = settings.max_run_minutes, settings.idle_pause_minutes
    if run.record.seconds > 60 * minutes:
        await run.stop(f"it has trained for {minutes:g} minutes, the most on this server")
    elif time.time() - run.last_seen > 60 * idle:
        await run.pause()
        run.notice(f"nobody has watched it for {idle:g} minutes: resume it to go on")
    elif not store.is_kept_up():
        await run.pause()
        run.notice("what it does can't be kept: resume it when there is room on the disk")
