"""The hold: "pause all". While it lasts, no run makes a step but the teacher's own."""

import asyncio


class HeldError(Exception):
    """A run may not train now, because the teacher has paused all; the message says why."""


class Hold:
    """Whether all runs are paused, why, and which of them it was that this paused."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.held: set[str] = set()  # the runs that go on when it is lifted
        self.one_at_a_time = asyncio.Lock()  # all are paused, or let go on
        self.teachers: set[str] = set()  # visitors whose runs it does not concern

    def words_for(self, owner: str) -> str | None:
        """Return why a visitor's runs may not train; None if they may."""
        if self.reason is None or owner in self.teachers:
            return None
        return f"your teacher has paused all runs: {self.reason}"

    def require_free(self, owner: str) -> None:
        """Raise HeldError if a visitor's runs may not train."""
        if words := self.words_for(owner):
            raise HeldError(words)
