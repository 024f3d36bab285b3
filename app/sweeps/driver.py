"""The driver of a sweep: which run takes its turn next, which stop, and when all is done.

It looks again whenever something has happened in one of the runs, and once a second. All that it
decides follows from what is kept, so it goes on where a server that was killed has stopped.
"""

import json
from collections.abc import Awaitable, Callable

from app.log import log
from app.runs.commands import WrongStateError
from app.runs.hold import HeldError
from app.runs.record import LIVE
from app.runs.slots import TooManyRunsError
from app.settings import Settings
from app.sweeps import halving
from app.sweeps.halving import Score
from app.sweeps.record import Member
from app.sweeps.sweep import Sweep

LOOK_SECONDS = 1.0


class Driver:
    """Drives one sweep for as long as it trains.

    ``ask`` adds the run that Optuna would like to see next; it returns whether there is one.
    """

    def __init__(
        self,
        sweep: Sweep,
        settings: Settings,
        clock: Callable[[], float],
        ask: Callable[[Sweep], Awaitable[bool]],
    ) -> None:
        self._sweep = sweep
        self._store = sweep.store
        self._idle_seconds = 60 * settings.idle_pause_minutes
        self._clock = clock
        self._ask = ask

    async def run(self) -> None:
        """Drive it until it has another state, or the server ends."""
        sweep = self._sweep
        while sweep.status == "training" and not self._store.is_ending:
            sweep.changed.clear()
            try:
                await self._pause_if_idle()
                await self._advance()
            except (WrongStateError, HeldError) as error:  # a run has just ended, or a lesson began
                log.info("sweep", sweep=sweep.id, error=str(error))
            except Exception:  # the next look may go better
                log.exception("sweep", sweep=sweep.id)
            await sweep.wait_for_change(LOOK_SECONDS)

    async def _pause_if_idle(self) -> None:
        """Pause a sweep that nobody has watched for long, nor any of its runs."""
        sweep = self._sweep
        if sweep.viewers:
            sweep.touch()
        seen = [sweep.last_seen, *(member.run.last_seen for member in sweep.members if member.run)]
        if self._clock() - max(seen) > self._idle_seconds:
            minutes = self._idle_seconds / 60
            await sweep.pause(f"nobody has watched it for {minutes:g} minutes: resume it to go on")

    async def _advance(self) -> None:
        """Do what there is to do now."""
        sweep = self._sweep
        async with sweep.one_at_a_time:
            if (
                sweep.status != "training"
                or self._store.is_ending
                or self._store.hold.words_for(sweep.owner)
            ):
                return
            await sweep.load()
            await self._release_those_who_wait()
            await self._compare()
            await self._stop_those_out()
            await self._begin_more()
            if all(has_ended(member) and not self._trains(member) for member in sweep.members):
                await sweep.set_status("finished", sweep.wait_reason)

    async def _stop_those_out(self) -> None:
        """Stop the runs that were put out, unless somebody lets one go on by hand."""
        for member in self._sweep.members:
            if member.run and member.out and member.is_exactly_after(member.out_after):
                await member.run.commands.stop(member.out)

    async def _compare(self) -> None:
        """Put out the worse half once all have come to the next rung."""
        sweep = self._sweep
        if sweep.record.rung >= len(sweep.rungs):
            return
        epoch = sweep.rungs[sweep.record.rung]
        entrants = [member for member in sweep.members if member.out is None]
        if not all(has_arrived(member, epoch) for member in entrants):
            return
        scores = [await score_of(member, epoch) for member in entrants]
        epochs = sweep.record.asked.base.epochs or 0
        for member, place in zip(entrants, halving.places(scores), strict=True):
            if place > halving.kept(len(entrants)):
                member.out_after = epoch
                member.out = halving.words(epoch, epochs, place, len(entrants))
        sweep.write(rung=sweep.record.rung + 1)
        await sweep.written()  # first: a server that is killed now goes on from here

    async def _release_those_who_wait(self) -> None:
        """Take the process from the runs that wait for the others at a rung."""
        sweep = self._sweep
        if sweep.record.rung >= len(sweep.rungs):
            return
        epoch = sweep.rungs[sweep.record.rung]
        for member in sweep.members:
            if member.run and member.run.has_worker and member.is_exactly_after(epoch):
                await member.run.commands.release_worker()
                member.run.notice(f"waits to be compared with the others after epoch {epoch}")

    async def _begin_more(self) -> None:
        """Let runs take their turn while there are places."""
        sweep = self._sweep
        free = (sweep.record.asked.at_once or 1) - sum(map(self._trains, sweep.members))
        sweep.wait_reason = None
        try:
            while free > 0 and not self._store.is_ending:
                waiting = next((one for one in sweep.members if self._has_turn(one)), None)
                if waiting is None:
                    if not await self._ask(sweep):
                        return
                    continue
                self._begin(waiting)
                free -= 1
        except TooManyRunsError as error:
            sweep.wait_reason = str(error)
            sweep.wake_viewers()

    def _begin(self, member: Member) -> None:
        """Let a run begin, or go on to the next rung. Raises TooManyRunsError."""
        sweep = self._sweep
        assert member.run is not None
        left = sweep.rungs[sweep.record.rung :]
        after = left[0] if left and not member.out else None
        member.run.take_turn(after, sweep.changed.set)
        member.is_starting = True

    def _trains(self, member: Member) -> bool:
        """Return whether a run takes one of the places."""
        run = member.run
        if run is None or not run.is_under_way:
            member.is_starting = False
            return False
        return member.is_starting or run.status != "paused" or run.id in self._store.hold.held

    def _has_turn(self, member: Member) -> bool:
        """Return whether a run waits for its turn."""
        run, sweep = member.run, self._sweep
        if run is None or run.is_under_way or member.out:
            return False
        passed = sweep.rungs[: sweep.record.rung]
        return run.status == "queued" or any(map(member.is_exactly_after, passed))


def has_ended(member: Member) -> bool:
    """Return whether there is nothing more to come from a run."""
    return member.run is None or member.run.status not in LIVE


def has_arrived(member: Member, epoch: int) -> bool:
    """Return whether a run has come to a rung and given back its process, or never will."""
    if member.run is None or has_ended(member) or member.epoch > epoch:
        return True
    return member.is_exactly_after(epoch) and not member.run.has_worker


async def score_of(member: Member, epoch: int) -> Score:
    """Return how well a run read the test set after an epoch."""
    if member.run is None or member.epoch < epoch:
        return Score(None, None)
    figures = json.loads((await member.run.ledger.epochs(epoch - 1))[0].text)
    return Score(figures["test_accuracy"], figures["test_cost"])
