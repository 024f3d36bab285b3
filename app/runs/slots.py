"""Slots: how many runs may train at once, on the server and of one visitor; the rest wait."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from app.operating_system import IDLE
from app.runs.classroom import LESSON
from app.settings import Settings

LIFTED = "A token of this server lifts the limits of an address."


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
    address: str
    turn: asyncio.Future[None]
    on_place: Callable[[int, str], None]  # called with its place, and why it waits


class Slots:
    """A queue: first come, first served, except for those who already have their share.

    A visitor has a share, and so has an address, since a new visitor costs nothing. An address that
    is empty has no limit, nor has the lesson, where the teacher sees all.

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
        self._taken_at: Counter[str] = Counter()  # by address
        self._booked: Counter[tuple[str, str]] = Counter()  # by owner and address
        self._queue: list[Waiting] = []

    def book(self, owner: str, address: str) -> None:
        """Book a place for a run that will take a slot, or wait for one, in a moment.

        Raises TooManyRunsError if one more may not even wait. Those that are booked count: of a
        hundred requests at once none is overlooked.
        """
        settings = self._settings
        queued = sum(waiting.owner == owner for waiting in self._queue)
        booked = sum(n for (whose, _), n in self._booked.items() if whose == owner)
        share = settings.max_live_runs_per_visitor - self._taken[owner]
        will_wait = self._will_wait(queued, booked, share)
        if will_wait is not None:
            if will_wait >= settings.max_queued_runs_per_visitor:
                raise TooManyRunsError(
                    f"as many of your runs wait for their turn as this server lets wait, "
                    f"{will_wait}: wait until one has begun, or stop one"
                )
            slots = settings.max_live_runs - self._taken.total()
            of_all = self._will_wait(len(self._queue), self._booked.total(), slots)
            if of_all is not None and of_all >= settings.max_queued_runs:
                raise TooManyRunsError(
                    f"{of_all} runs wait for their turn already: try again later"
                )
        if address not in ("", LESSON):
            self._require_place_at(address)
        self._booked[owner, address] += 1

    def _require_place_at(self, address: str) -> None:
        """Raise TooManyRunsError if from this address no more may wait."""
        queued = sum(waiting.address == address for waiting in self._queue)
        booked = sum(n for (_, where), n in self._booked.items() if where == address)
        share = self._settings.max_live_runs_per_address - self._taken_at[address]
        will_wait = self._will_wait(queued, booked, share)
        if will_wait is not None and will_wait >= self._settings.max_queued_runs_per_address:
            raise TooManyRunsError(
                f"{will_wait} runs from your address wait for their turn already: try again "
                f"later. {LIFTED}"
            )

    def _will_wait(self, queued: int, booked: int, share: int) -> int | None:
        """Return how many of these will wait before one more; None if that begins at once.

        So many are in the queue, and so many booked, which begin as far as there are slots and
        their share reaches.
        """
        others = self._booked.total() - booked
        free = self._settings.max_live_runs - self._taken.total() - others
        begin = max(min(free, share), 0)
        return None if booked < begin else queued + booked - begin

    def unbook(self, owner: str, address: str) -> None:
        """Give up a place that was booked, or is taken now."""
        self._booked[owner, address] -= 1
        self._booked += Counter()  # drop those with none

    async def take(self, owner: str, address: str, on_place: Callable[[int, str], None]) -> None:
        """Return once the run has a slot; until then ``on_place`` is called with its place."""
        if self._booked[owner, address]:
            self.unbook(owner, address)
        if not self._queue and self._is_free(owner, address):
            self._take(owner, address)
            return
        turn = asyncio.get_running_loop().create_future()
        waiting = Waiting(owner, address, turn, on_place)
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
                self.give_back(owner, address)
            raise

    def give_back(self, owner: str, address: str) -> None:
        """Give a slot to the next run."""
        self._taken[owner] -= 1
        self._taken_at[address] -= 1
        self._taken += Counter()  # drop those with none
        self._taken_at += Counter()
        self._let_in()

    def make_room(self) -> None:
        """Let a run that holds a slot without need give it back, and its worker with it."""
        self._on_wait()

    def _take(self, owner: str, address: str) -> None:
        self._taken[owner] += 1
        self._taken_at[address] += 1
        total = self._taken.total()
        wanted = niceness(total)
        if total == 1 or wanted > self.niceness:
            self.niceness = wanted
            self._on_nicer(wanted)

    def _let_in(self) -> None:
        for waiting in list(self._queue):
            # One whose turn is done was cancelled in this very moment, and will leave the queue.
            if not waiting.turn.done() and self._is_free(waiting.owner, waiting.address):
                self._queue.remove(waiting)
                self._take(waiting.owner, waiting.address)
                waiting.turn.set_result(None)
        self._report_places()

    def _report_places(self) -> None:
        for place, waiting in enumerate(self._queue, 1):
            waiting.on_place(place, self._why(waiting))

    def _is_free(self, owner: str, address: str) -> bool:
        return (
            self._taken.total() < self._settings.max_live_runs
            and self._taken[owner] < self._settings.max_live_runs_per_visitor
            and not self._is_full(address)
        )

    def _is_full(self, address: str) -> bool:
        most = self._settings.max_live_runs_per_address
        return address not in ("", LESSON) and self._taken_at[address] >= most

    def _why(self, waiting: Waiting) -> str:
        theirs = self._taken[waiting.owner]
        if theirs >= self._settings.max_live_runs_per_visitor:
            return f"{theirs} of your runs {'trains' if theirs == 1 else 'train'} already"
        if self._is_full(waiting.address):
            return f"{self._taken_at[waiting.address]} runs from your address train already"
        others = self._taken.total()
        return "another run trains" if others == 1 else f"{others} other runs train already"
