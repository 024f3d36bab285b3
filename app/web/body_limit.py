"""A limit on the size of a request's body, so that nobody can fill the server's memory."""

import asyncio
import contextlib
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.json_response import StrictJSONResponse

LINGER = 5  # seconds in which the rest of a body that is too large is let pass


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
            response = StrictJSONResponse({"detail": detail}, 413)
            await response(scope, receive, lingering(send, receive))
            return
        total = 0

        async def receive_within_limit() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > max_bytes:
                raise HTTPException(413, detail)
            return message

        async def send_what_fits(message: Message) -> None:
            await (lingering(send, receive) if total > max_bytes else send)(message)

        await self.app(scope, receive_within_limit, send_what_fits)


def lingering(send: Send, receive: Receive) -> Send:
    """Return a ``send`` for an answer that comes before the body has ended.

    The connection is closed after it, but not at once: as long as the client sends, closing would
    reset the connection, and the client might never get to read the answer.
    """

    async def send_and_linger(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"connection", b"close")]
            await send({**message, "headers": headers})
        elif message.get("more_body"):
            await send(message)
        else:
            await send({**message, "more_body": True})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER):
                    while (await receive()).get("more_body"):
                        pass
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_and_linger
