"""The origin: pages of other sites can't change anything, or open sockets, as the visitor."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.json_response import StrictJSONResponse


def changes_something(scope: Scope) -> bool:
    """Return whether this is an HTTP request with a method that may change something."""
    return scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")


class SameOrigin:
    """Refuses changing requests and sockets that a browser makes for a page of another origin.

    Other clients, such as curl or a notebook, send no origin and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        checked = scope["type"] == "websocket" or changes_something(scope)
        if checked and not is_from_here(Headers(scope=scope)):
            detail = "this request comes from a page of another site: only our own may do that"
            await StrictJSONResponse({"detail": detail}, 403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def is_from_here(headers: Headers) -> bool:
    """Return whether the Origin is the host and port that were called, or there is none."""
    host = headers.get("host", "").lower()
    return all(host_of(origin) == host for origin in headers.getlist("origin"))


def host_of(origin: str) -> str | None:
    """Return an origin's host and port; None if it has none, like ``null``."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return None
    return parts.netloc if parts.scheme in ("http", "https") and parts.netloc else None
