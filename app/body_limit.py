"""A limit on the size of a request's body, so that nobody can fill the server's memory."""

from collections.abc import Mapping

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.routes.strict_json import StrictJSONResponse


class BodyLimit:
    """Answers 413 as soon as a body says that it is too large, or turns out to be.

    ``larger`` are the limits of paths that take more.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read of its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = self.larger.get(scope["path"], self.max_bytes)
        detail = f"the body is larger than {max_bytes:,} bytes"
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if int(announced) > max_bytes:
            response = StrictJSONResponse({"detail": detail}, 413, {"Connection": "close"})
            await response(scope, receive, send)
            return
        total = 0

        async def receive_within_limit() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > max_bytes:
                raise HTTPException(413, detail)
            return message

        await self.app(scope, receive_within_limit, send)
