"""The spotlight: the one run that the teacher shows to all viewers of all runs."""

import asyncio
from collections.abc import Awaitable, Callable

from app.strict_json import strict_json


class Spotlight:
    """The run that is shown, if any; those who follow it are told when that changes."""

    def __init__(self) -> None:
        self.run: str | None = None
        self.look = False  # whether it is brought to every screen, and not only offered
        self._changed = asyncio.Event()

    def show(self, run: str | None, *, look: bool = False) -> None:
        """Show another run; None shows none. ``look`` brings it to every screen."""
        look = look and run is not None
        if (run, look) != (self.run, self.look):
            self.run, self.look = run, look
            self._changed.set()
            self._changed = asyncio.Event()

    def forget(self, run: str) -> None:
        """Show none any more if it was this one, which goes away."""
        if self.run == run:
            self.show(None)

    async def follow(self, send_text: Callable[[str], Awaitable[None]], *, told: bool) -> None:
        """Tell a viewer which run is shown, whenever that changes; the latest only.

        One who was ``told`` of a run before hears at once how it is now, even if none is shown.
        """
        told_last: tuple[str | None, bool] | None = None if told else (None, False)
        while True:
            changed = self._changed
            if (self.run, self.look) == told_last:
                await changed.wait()
            else:
                told_last = self.run, self.look
                event = {"type": "show", "run": self.run} | ({"look": True} if self.look else {})
                await send_text(strict_json(event))
