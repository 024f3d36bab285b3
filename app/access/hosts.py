"""The hosts: a server that is called by a name that is not its own doesn't answer.

So no other site can point a name of its own at this server, and pass for it in a browser.
"""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.json_response import StrictJSONResponse


class KnownHosts:
    """Answers 400 to what is meant for other hosts than ``names``, which have commas between.

    The health check is for whatever runs the server, which calls it by any address.
    """

    def __init__(self, app: ASGIApp, names: str) -> None:
        self.app = app
        self.names = [name.strip().lower() for name in names.split(",")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it is for us."""
        if scope["type"] == "lifespan" or scope["path"] == "/api/health" or self._is_known(scope):
            await self.app(scope, receive, send)
        else:
            detail = "this server is not called so: its setting NUDGE_HOSTS says how it is"
            await StrictJSONResponse({"detail": detail}, 400)(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        try:
            host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
        except ValueError:
            return False
        return any(fnmatchcase(host, name) for name in self.names)
