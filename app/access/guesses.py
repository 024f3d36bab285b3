"""Guesses: an address that shows wrong tokens or codes must wait, each time twice as long."""

import math
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.web.rate_limit import address_of, too_many

FORGOTTEN_SECONDS = 3600.0  # after the last wrong one
LONGEST_SECONDS = 600.0


class Guesses:
    """How many wrong tokens each address has shown lately; the first ``free`` cost nothing."""

    def __init__(self, free: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}  # how many, and until when it must wait

    def refusal(self, connection: HTTPConnection) -> Response | None:
        """Return a 429 if no token from this address is looked at for now, right or wrong."""
        wait = self.wait(connection)
        return too_many("too many wrong tokens came from your address", wait) if wait > 0 else None

    def wait(self, connection: HTTPConnection) -> float:
        """Return the seconds that this address must wait; 0 or less: it need not."""
        _, until = self._wrong.get(address_of(connection.scope), (0, -math.inf))
        return until - self._clock()

    def note_wrong(self, connection: HTTPConnection) -> None:
        """Note that a wrong token was shown."""
        now, address = self._clock(), address_of(connection.scope)
        self._wrong = {
            known: (count, until)
            for known, (count, until) in self._wrong.items()
            if until > now - FORGOTTEN_SECONDS
        }
        count = self._wrong.get(address, (0, now))[0] + 1
        doubled = 2.0 ** min(count - self._free, 20) / 2 if count > self._free else 0.0
        self._wrong[address] = count, now + min(doubled, LONGEST_SECONDS)
