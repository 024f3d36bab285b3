"""Slots: how many runs may train at once, on the server and of one visitor; the rest wait."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from app.operating_system import IDLE
from app.settings import Settings


class TooManyRunsError(Exception):
    """There is no room for another run; the message says what to do."""


def niceness(runs: int) -> int:
    """Return the niceness of the workers when so many runs train at once.

    Each step takes a fifth of a process's share of the processor. The more workers there are, the
    nicer they must be, so that together they leave the server what it needs to answer people. Very
    many run only while it has nothing to do.
    """
    return next(
        nice for most, nice in ((2, 5), (8, 10), (16, 13), (math.inf, IDLE)) if runs <= most
    )


@dataclass(eq=False)
class Waiting:
    """A run in the queue."""

    owner: str
    turn: asyncio.Future[None]
    on_place: Callable[[int, str], None]  # called with its place, and why it waits


class Slots:
    """A queue: first come, first served, except for visitors who already have their share.

    ``on_wait`` is called when a run has to wait: one that holds a slot without need may give it
    back. ``on_nicer`` is called when the workers must be nicer than before. (They can't become less
    nice again: that takes more rights than a server should have.)
    """

    def __init__(
        self,
        settings: Settings,
        on_wait: Callable[[], None],
        on_nicer: Callable[[int], None],
    ) -> None:
        self.niceness = niceness(0)
        self._settings = settings
        self._on_wait = on_wait
        self._on_nicer = on_nicer
        self._taken: Counter[str] = Counter()  # by owner
        self._queue: list[Waiting] = []

    def require_place(self, owner: str) -> None:
        """Raise TooManyRunsError if one more run may not even wait."""
        theirs = sum(waiting.owner == owner for waiting in self._queue)
        if theirs >= self._settings.max_queued_runs_per_visitor and not self._is_free(owner):
            raise TooManyRunsError(
                f"as many of your runs wait for their turn as this server lets wait, {theirs}: "
                "wait until one has begun, or stop one"
            )
        if len(self._queue) >= self._settings.max_queued_runs and not self._is_free(owner):
            raise TooManyRunsError(
                f"{len(self._queue)} runs wait for their turn already: try again later"
            )

    async def take(self, owner: str, on_place: Callable[[int, str], None]) -> None:
        """Return once the run has a slot; until then ``on_place`` is called with its place."""
        if not self._queue and self._is_free(owner):
            self._take(owner)
            return
        waiting = Waiting(owner, asyncio.get_running_loop().create_future(), on_place)
        self._queue.append(waiting)
        self._let_in()
        if not waiting.turn.done():
            self._on_wait()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
                self._report_places()
            else:  # its turn had just come
                self.give_back(owner)
            raise

    def give_back(self, owner: str) -> None:
        """Give a slot to the next run."""
        self._taken[owner] -= 1
        self._taken += Counter()  # drop owners with none
        self._let_in()

    def _take(self, owner: str) -> None:
        self._taken[owner] += 1
        total = self._taken.total()
        wanted = niceness(total)
        if total == 1 or wanted > self.niceness:
            self.niceness = wanted
            self._on_nicer(wanted)

    def _let_in(self) -> None:
        for waiting in list(self._queue):
            if self._is_free(waiting.owner):
                self._queue.remove(waiting)
                self._take(waiting.owner)
                waiting.turn.set_result(None)
        self._report_places()

    def _report_places(self) -> None:
        for place, waiting in enumerate(self._queue, 1):
            waiting.on_place(place, self._why(waiting.owner))

    def _is_free(self, owner: str) -> bool:
        return (
            self._taken.total() < self._settings.max_live_runs
            and self._taken[owner] < self._settings.max_live_runs_per_visitor
        )

    def _why(self, owner: str) -> str:
        theirs = self._taken[owner]
        if theirs >= self._settings.max_live_runs_per_visitor:
            return f"{theirs} of your runs {'trains' if theirs == 1 else 'train'} already"
        others = self._taken.total()
        return "another run trains" if others == 1 else f"{others} other runs train already"
