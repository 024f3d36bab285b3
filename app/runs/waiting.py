"""What is told of a run that waits: for its turn, or for where it is to be trained."""

import asyncio

from app.runs.engines.engine import Wait
from app.runs.ledger import Ledger
from app.runs.slots import Slots


class Waiting:
    """The run's place in the queue, and why it waits; the viewers are told the latest only."""

    def __init__(self, ledger: Ledger, begun: asyncio.Event) -> None:
        """``begun`` is set once it is known that the run waits."""
        self.place: int | None = None
        self.reason: str | None = None
        self.is_interrupted = False  # it trained, and goes on once its engine is back
        self._ledger = ledger
        self._begun = begun

    def for_turn(self, place: int, why: str) -> None:
        """Note its place in the queue of all runs."""
        if place != self.place:
            self._publish(place, f"number {place} in the queue: {why}")
        self._begun.set()

    def for_worker(self, slots: Slots, wait: Wait) -> None:
        """Note why it has no worker, although it is its turn; a paused run may give back its."""
        if not wait.is_away:
            slots.make_room()
        if wait.place is None:  # commands wait for it, too
            self.reason = wait.reason
            return
        if self.place is None and self._ledger.status == "training":
            # Whatever may be done to one that is queued may be done to it now.
            self._ledger.set_status("queued", self._ledger.step, wait.reason)
        self.is_interrupted = self.is_interrupted and wait.is_away
        if (wait.place, wait.reason) != (self.place, self.reason):
            self._publish(wait.place, wait.reason)
        self._begun.set()

    def interrupt(self, reason: str) -> None:
        """Tell that what the run was trained on went away, and that it goes on once it is back."""
        self.is_interrupted = True
        self.reason = f"{reason}; it goes on when that is back"
        event = {"type": "status", "status": "interrupted", "step": self._ledger.step}
        self._ledger.room.announce(event | {"reason": self.reason})

    def leave(self) -> None:
        """Note that it does not wait any more."""
        self.place = None
        self.reason = None
        self.is_interrupted = False

    def _publish(self, place: int, reason: str) -> None:
        self.place = place
        self.reason = reason
        status = "interrupted" if self.is_interrupted else "queued"
        event = {"type": "status", "status": status, "step": self._ledger.step, "reason": reason}
        self._ledger.room.set_progress(event)
