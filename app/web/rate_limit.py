"""Rate limits: a visitor who sends too many requests is told to wait, so that others need not."""

import math
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from app.web.location import path_of

REQUESTS_SECONDS = 5  # how many seconds' worth may come at once
DRAWINGS_SECONDS = 10

ROUNDING = 1e-6  # seconds: less than that is no wait


class TokenBuckets:
    """A token bucket for each key: ``rate`` tokens a second, at most ``seconds``' worth of them.

    All that is kept of a bucket is the time at which it will be full again. A full one is like one
    that was never used, so it is forgotten: only those used recently take memory.
    """

    def __init__(
        self, rate: float, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each = 1 / rate
        self._seconds = max(seconds, self._each)  # at least one token must fit
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._sweep_at = clock() + self._seconds

    def wait(self, key: str) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        now = self._clock()
        if now >= self._sweep_at:
            self._full_at = {key: full for key, full in self._full_at.items() if full > now}
            self._sweep_at = now + self._seconds
        until_full = max(self._full_at.get(key, now) - now, 0) + self._each  # with one token less
        if (wait := until_full - self._seconds) > ROUNDING:
            return wait
        self._full_at[key] = now + until_full
        return 0

    def __len__(self) -> int:
        return len(self._full_at)


class RateLimit:
    """Answers 429 to too many requests; static files do not count, drawings count twice.

    It comes after the middleware that identifies the visitor, and before anything reads a body.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        requests, drawings = settings.requests_per_second, settings.drawings_per_second
        share = settings.busy_visitors_per_address  # a new cookie costs nothing
        self.requests = TokenBuckets(requests, REQUESTS_SECONDS)
        self.requests_of_address = TokenBuckets(share * requests, REQUESTS_SECONDS)
        self.drawings = TokenBuckets(drawings, DRAWINGS_SECONDS)
        self.drawings_of_address = TokenBuckets(share * drawings, DRAWINGS_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or path_of(scope).startswith("/static/"):
            await self.app(scope, receive, send)
            return
        visitor, address = visitor_of(scope), address_of(scope)
        wait, what = self.requests.wait(visitor), "requests"
        wait = wait or self.requests_of_address.wait(address)
        if not wait and path_of(scope).endswith(("/predict", "/walk")):
            wait, what = self.drawings.wait(visitor), "drawings"
            wait = wait or self.drawings_of_address.wait(address)
        if wait:
            detail = f"these are more {what} than this server answers one visitor at once"
            await too_many(detail, wait)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def too_many(detail: str, wait: float) -> StrictJSONResponse:
    """Return a 429 that says when to try again; it also refuses a socket."""
    seconds = math.ceil(wait)
    detail = f"{detail}: try again in {seconds} second{'s' if seconds > 1 else ''}"
    return StrictJSONResponse({"detail": detail}, 429, {"Retry-After": str(seconds)})


def visitor_of(scope: Scope) -> str:
    """Return the visitor that a valid cookie names, or the address if there is none."""
    state = scope.get("state", {})
    visitor: str = state["visitor"] if state.get("known") else address_of(scope)
    return visitor


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from."""
    client: Iterable[str] | None = scope.get("client")
    return network_of(next(iter(client))) if client else ""


@lru_cache(maxsize=4096)
def is_loopback(address: str) -> bool:
    """Return whether an address is one of this machine itself."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return an address; for IPv6 its network, within which a household can choose addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a proxy may say anything
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return parsed.exploded[:19]  # its first 64 bits
    return address
