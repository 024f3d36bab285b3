"""A limit on the size of request bodies, so that they can't fill the server's memory."""

import asyncio
import contextlib
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.json_response import StrictJSONResponse
from app.web.location import path_of

LINGER = 5  # seconds for which the rest of a too large body is read and thrown away


class BodyLimit:
    """Answers 413 as soon as a body is announced to be too large, or turns out to be.

    ``others`` has the limits of paths that accept more, or less.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, others: Mapping[str, int]) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = self.others.get(path_of(scope), self.max_bytes)
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
    """Return a ``send`` for an answer that is sent before the body has ended.

    The connection is closed after it, but not at once: while the client is still sending, closing
    would reset the connection, and the client might never read the answer.
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
