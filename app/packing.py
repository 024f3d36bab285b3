"""Packing: the page and what it loads take a third of the bytes on their way."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send


class PackPages(GZipMiddleware):
    """Gzips the pages and the static files for browsers that can unpack them.

    The API's answers go as they are: parameters are noise to gzip, and to pack what a network reads
    in a drawing would take longer than to send it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and pack what is answered."""
        if scope["type"] == "http" and not scope["path"].startswith("/api/"):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
