"""Floods: whoever asks too much is told to wait, before anybody else has to."""

import math
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.json_response import StrictJSONResponse

REQUESTS_SECONDS = 5  # how many seconds' worth may come at once
DRAWINGS_SECONDS = 10

# Cookies are free to get, so an address is held to something, too: a class may share it, of whom
# not all ask without a pause, so it is as much as ten of those.
ADDRESS_SHARE = 10

ROUNDING = 1e-6  # seconds: less than that is no wait


class TokenBuckets:
    """A token bucket for each key: ``rate`` a second, ``seconds``' worth of them at once.

    Of a bucket only the time at which it will be full again is kept. One that is full is like one
    that was never there, so it is forgotten: there are never more than were used lately.
    """

    def __init__(
        self, rate: float, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each = 1 / rate
        self._seconds = max(seconds, self._each)  # one must fit
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._sweep_at = clock() + self._seconds

    def wait(self, key: str) -> float:
        """Return how many seconds this key must wait; 0 takes one from its bucket."""
        now = self._clock()
        if now >= self._sweep_at:
            self._full_at = {key: full for key, full in self._full_at.items() if full > now}
            self._sweep_at = now + self._seconds
        until_full = max(self._full_at.get(key, now) - now, 0) + self._each  # with one less in it
        if (wait := until_full - self._seconds) > ROUNDING:
            return wait
        self._full_at[key] = now + until_full
        return 0

    def __len__(self) -> int:
        return len(self._full_at)


class RateLimit:
    """Answers 429 to whoever asks too much: all but static files count, drawings once more.

    It stands before whatever reads a body, and after what knows the visitor.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        requests, drawings = settings.requests_per_second, settings.drawings_per_second
        self.requests = TokenBuckets(requests, REQUESTS_SECONDS)
        self.requests_of_address = TokenBuckets(ADDRESS_SHARE * requests, REQUESTS_SECONDS)
        self.drawings = TokenBuckets(drawings, DRAWINGS_SECONDS)
        self.drawings_of_address = TokenBuckets(ADDRESS_SHARE * drawings, DRAWINGS_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, if it isn't one too many."""
        if scope["type"] == "lifespan" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        visitor, address = visitor_of(scope), address_of(scope)
        wait, what = self.requests.wait(visitor), "requests"
        wait = wait or self.requests_of_address.wait(address)
        if not wait and scope["path"].endswith("/predict"):
            wait, what = self.drawings.wait(visitor), "drawings"
            wait = wait or self.drawings_of_address.wait(address)
        if wait:
            detail = f"these are more {what} than this server answers one visitor at once"
            await too_many(detail, wait)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def too_many(detail: str, wait: float) -> StrictJSONResponse:
    """Return the answer 429, which says when to come back. It refuses a socket as well."""
    seconds = math.ceil(wait)
    detail = f"{detail}: try again in {seconds} second{'s' if seconds > 1 else ''}"
    return StrictJSONResponse({"detail": detail}, 429, {"Retry-After": str(seconds)})


def visitor_of(scope: Scope) -> str:
    """Return who calls: the visitor that a valid cookie names, else the address."""
    state = scope.get("state", {})
    visitor: str = state["visitor"] if state.get("known") else address_of(scope)
    return visitor


def address_of(scope: Scope) -> str:
    """Return the address that a call comes from."""
    client: Iterable[str] | None = scope.get("client")
    return network_of(next(iter(client))) if client else ""


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return an address; of an IPv6 one what a household has of it, which is as easy to change."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a proxy may say anything
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return parsed.exploded[:19]  # its first 64 bits
    return address
