"""The spotlight: the one run that the teacher shows to all viewers of all runs."""

import asyncio
from collections.abc import Awaitable, Callable

from app.strict_json import strict_json


class Spotlight:
    """The run that is shown, if any; those who follow it are told when that changes."""

    def __init__(self) -> None:
        self.run: str | None = None
        self._changed = asyncio.Event()

    def show(self, run: str | None) -> None:
        """Show another run; None shows none."""
        if run != self.run:
            self.run = run
            self._changed.set()
            self._changed = asyncio.Event()

    def forget(self, run: str) -> None:
        """Show none any more if it was this one, which goes away."""
        if self.run == run:
            self.show(None)

    async def follow(self, send_text: Callable[[str], Awaitable[None]]) -> None:
        """Tell a viewer which run is shown, whenever that changes; the latest only."""
        told = None
        while True:
            changed = self._changed
            if self.run == told:
                await changed.wait()
            else:
                told = self.run
                await send_text(strict_json({"type": "show", "run": told}))
