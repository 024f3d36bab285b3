"""Housekeeping, once a second: idle runs are paused, old ones removed, memory is given back."""

import asyncio
import time

from app.log import log
from app.operating_system import return_free_memory
from app.runs.age import Age
from app.runs.commands import WrongStateError
from app.runs.record import LIVE
from app.runs.run import Run
from app.runs.store import RunStore
from app.settings import Settings

UNWATCHED_SECONDS = 60.0  # after which an ended run's history leaves the memory
MEMORY_SECONDS = 10.0  # between two times that free memory is returned to the system
DAY = 86400.0


class Housekeeping:
    """What a server has to do although nobody asks for it."""

    def __init__(self, store: RunStore, settings: Settings, age: Age) -> None:
        self._store = store
        self._settings = settings
        self._age = age

    async def run(self) -> None:
        """Keep house until cancelled."""
        returned = time.monotonic()
        while True:
            await asyncio.sleep(1)
            if time.monotonic() - returned > MEMORY_SECONDS:
                return_free_memory()
                returned = time.monotonic()
            old = self._age.at_least() - self._settings.keep_days * DAY
            for run in self._store.all():
                if run.is_pretrained:
                    continue
                try:
                    await self._look_after(run, old)
                except WrongStateError as error:  # it ended in the meantime
                    log.info("housekeeping", run=run.id, error=str(error))
                except Exception:  # go on with the other runs
                    log.exception("housekeeping", run=run.id)

    async def _look_after(self, run: Run, old: float) -> None:
        """Do what is due; one that nobody has looked at since ``old`` is deleted."""
        if run.room.viewers:
            run.touch()
        now = self._age()
        is_of_sweep = run.record.sweep in self._store.living_sweeps
        if run.status == "training":
            await self._look_after_training(run, now, is_of_sweep=is_of_sweep)
        elif run.status == "paused" and run.has_worker:
            if now - run.commands.last_time > self._settings.paused_worker_seconds:
                await run.commands.release_worker()
        elif run.status not in LIVE and not run.room.viewers:
            if run.record.seen < old and not is_of_sweep:
                reason = "nobody has looked at this run for long: it was removed"
                await self._store.delete(run.id, reason)
            elif now - run.last_seen > UNWATCHED_SECONDS and not self._store.problems():
                run.room.forget_history()

    async def _look_after_training(self, run: Run, now: float, *, is_of_sweep: bool) -> None:
        """Stop a run that has trained for too long; pause one that is idle or can't be kept.

        The runs of a sweep are idle when that is.
        """
        minutes, idle = self._settings.max_run_minutes, self._settings.idle_pause_minutes
        if run.record.seconds > 60 * minutes:
            await run.commands.stop(
                f"it has trained for {minutes:g} minutes, the most on this server"
            )
        elif now - run.last_seen > 60 * idle and not is_of_sweep:
            await run.commands.pause()
            run.notice(f"nobody has watched it for {idle:g} minutes: resume it to go on")
        elif not self._store.is_kept_up():
            await run.commands.pause()
            run.notice("what it does can't be kept: resume it when there is room on the disk")
