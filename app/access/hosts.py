"""Known hosts: the server answers only to its own names.

Otherwise another site could point a name of its own at this server, and a browser would treat this
server's pages as that site's.
"""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.json_response import StrictJSONResponse


class KnownHosts:
    """Answers 400 to requests for other hosts than ``names``, separated by commas.

    Health checks pass: whatever runs the server may call it by any address.
    """

    def __init__(self, app: ASGIApp, names: str) -> None:
        self.app = app
        self.names = [name.strip().lower() for name in names.split(",")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
