"""Work that takes much memory or processor time: one of each kind at a time, in fair turns."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import HTTPException, Request

from app.settings import Settings
from app.web.rate_limit import address_of, visitor_of

LEFT = 499  # as in nginx: nobody is there to read it


class Turns:
    """A queue in which visitors take turns, however much each of them asks for.

    A visitor is a cookie, and those cost nothing: so first addresses take turns, and then the
    visitors at each. What somebody who has left was waiting for is not done.
    """

    def __init__(self, settings: Settings) -> None:
        self._most = settings.max_waiting_per_visitor, settings.max_waiting_per_address
        self._is_taken = False
        # By address and by visitor; whose turn is next comes first.
        self._waiting: dict[str, dict[str, deque[asyncio.Future[None]]]] = {}

    @asynccontextmanager
    async def of(self, request: Request) -> AsyncIterator[None]:
        """Wait for the caller's turn, and have it. Raises HTTPException."""
        if self._is_taken:
            await self._wait(request)
        self._is_taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, request: Request) -> None:
        visitor, address = visitor_of(request.scope), address_of(request.scope)
        there = self._waiting.get(address, {})
        for most, waiting, whose in zip(
            self._most,
            (len(there.get(visitor, ())), sum(map(len, there.values()))),
            ("of yours", "from your address"),
            strict=True,
        ):
            if waiting >= most:
                raise HTTPException(
                    429,
                    f"{waiting} requests {whose} wait for this already: wait for their answers",
                    {"Retry-After": "5"},
                )
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, {}).setdefault(visitor, deque()).append(turn)
        leaving = asyncio.create_task(until_left(request))
        try:
            await asyncio.wait([turn, leaving], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if turn.done():
                self._pass_on()
            else:
                self._forget(address, visitor, turn)
            raise
        finally:
            leaving.cancel()
        if not turn.done():
            self._forget(address, visitor, turn)
            raise HTTPException(LEFT)

    def _pass_on(self) -> None:
        """Give the turn to the next address and visitor, who go to the end of their rows."""
        self._is_taken = bool(self._waiting)
        if self._waiting:
            address = next(iter(self._waiting))
            there = self._waiting.pop(address)
            visitor = next(iter(there))
            theirs = there.pop(visitor)
            theirs.popleft().set_result(None)
            if theirs:
                there[visitor] = theirs
            if there:
                self._waiting[address] = there

    def _forget(self, address: str, visitor: str, turn: asyncio.Future[None]) -> None:
        there = self._waiting[address]
        there[visitor].remove(turn)
        if not there[visitor]:
            del there[visitor]
        if not there:
            del self._waiting[address]


async def until_left(request: Request) -> None:
    """Return once the caller has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class HeavyWork:
    """What such work waits for; one for the whole application."""

    def __init__(self, settings: Settings) -> None:
        self.archiving = Turns(settings)  # runs are exported or imported
        self.uploading = Turns(settings)  # a data set is taken in
        self.measuring = Turns(settings)  # a network is measured on many examples
        # Drawings do not wait for any of these, nor for a photograph: a small one takes a few
        # milliseconds, a large one up to half a second. More threads than one for each would only
        # wait for each other's turn in the interpreter.
        self.small_drawings = Turns(settings)
        self.large_drawings = Turns(settings)
        self.reading = ThreadPoolExecutor(2, "reading")

    def close(self) -> None:
        """End the threads."""
        self.reading.shutdown()
