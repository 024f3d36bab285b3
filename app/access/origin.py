"""The origin: pages of other sites can't change anything, or open sockets, as the visitor."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.hosts import Names, distrusted
from app.access.refusals import harmless, seen
from app.addresses import Origin
from app.log import log
from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from app.web.place import Place, place_of


def changes_something(scope: Scope) -> bool:
    """Return whether this is an HTTP request with a method that may change something."""
    return scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")


class SameOrigin:
    """Refuses changing requests and sockets that a browser makes for a page of another origin.

    Other clients, such as curl or a notebook, send no origin and pass.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.names = Names(settings)
        self.public = Origin.parse(settings.public_origin) if settings.public_origin else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" or changes_something(scope):
            headers, place = Headers(scope=scope), place_of(scope)
            for origin in headers.getlist("origin"):
                if not self.is_ours(origin, place):
                    log.warning(
                        "refused",
                        why="the page is of another origin",
                        **seen(headers),
                        allow=f"NUDGE_PUBLIC_ORIGIN={harmless(origin)}" + distrusted(place),
                    )
                    detail = "this request comes from a page of another site: only our own may do "
                    detail += "that (if it is ours, the server's log says which setting tells it)"
                    await StrictJSONResponse({"detail": detail}, 403)(scope, receive, send)
                    return
        await self.app(scope, receive, send)

    def is_ours(self, text: str, place: Place) -> bool:
        """Return whether an origin is the host and port that were called."""
        try:
            origin = Origin.parse(text)
        except ValueError:  # it has none, like ``null``
            return False
        hosts = [host for host in (place.host, *place.forwarded) if host]
        if origin == self.public or any(map(origin.is_at, hosts)):
            return True
        # Proxies lose ports. Of a name that is ours by the settings, any port is ours.
        return any(
            host.name == origin.host.name
            and None in (host.port, origin.host.port)
            and self.names.name(host)
            for host in hosts
        )
