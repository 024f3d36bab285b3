"""The slots: how many runs train at once, on the server and of one visitor; the rest wait."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from app.operating_system import IDLE
from app.settings import Settings


class TooManyRunsError(Exception):
    """There is no place for another run; the message says what to do."""


def niceness(runs: int) -> int:
    """Return how nice the processes of so many runs are to the server, which answers people.

    Each step of niceness takes a fifth of a process's share of the processor; many runs must be
    nicer than few, so that all of them together leave the server what it needs; very many only run
    while it has nothing to do.
    """
    return next(
        nice for most, nice in ((2, 5), (8, 10), (16, 13), (math.inf, IDLE)) if runs <= most
    )


@dataclass(eq=False)
class Waiting:
    """A run in the queue."""

    owner: str
    turn: asyncio.Future[None]
    tell: Callable[[int, str], None]  # its place, and why it waits


class Slots:
    """A queue, first come, first served, but for visitors who have as many as one may.

    ``on_wait`` is called when somebody waits: a run that holds a slot without need may give it
    back. ``on_nicer`` is called when the runs that have slots must be nicer than they were. (They
    can't become less nice again: that takes more rights than a server should have.)
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
        """Raise TooManyRunsError if one more run could not even wait."""
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

    async def take(self, owner: str, tell: Callable[[int, str], None]) -> None:
        """Return once the run has a slot; ``tell`` is called with its place until then."""
        if not self._queue and self._is_free(owner):
            self._take(owner)
            return
        waiting = Waiting(owner, asyncio.get_running_loop().create_future(), tell)
        self._queue.append(waiting)
        self._let_in()
        if not waiting.turn.done():
            self._on_wait()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
                self._tell_places()
            else:  # its turn had just come
                self.give_back(owner)
            raise

    def give_back(self, owner: str) -> None:
        """Let the next one have a slot."""
        self._taken[owner] -= 1
        self._taken += Counter()  # forget who has none
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
        self._tell_places()

    def _tell_places(self) -> None:
        for place, waiting in enumerate(self._queue, 1):
            waiting.tell(place, self._why(waiting.owner))

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
