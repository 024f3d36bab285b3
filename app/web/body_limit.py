"""A limit on the size of request bodies, so that they can't fill the server's memory."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from app.web.location import path_of
from app.web.rate_limit import address_of, visitor_of

LINGER = 5  # seconds for which the rest of a too large body is read and thrown away


class BodyLimit:
    """Answers 413 as soon as a body is announced to be too large, or turns out to be.

    ``others`` has the limits of paths that accept more, or less. Those that accept more write it
    to the disk: so what comes in there from one visitor, or one address, has a limit, too, however
    many bodies it is in.
    """

    def __init__(self, app: ASGIApp, settings: Settings, others: Mapping[str, int]) -> None:
        self.app = app
        self.max_bytes = settings.max_body_bytes
        self.others = others
        self.most_incoming = (
            settings.max_incoming_mib_per_visitor * 2**20,
            settings.max_incoming_mib_per_address * 2**20,
        )
        self.incoming: Counter[str] = Counter()  # bytes, by visitor and by address

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
        total, is_refused = 0, False
        senders = visitor_of(scope), f"at {address_of(scope)}"
        counts = max_bytes > self.max_bytes

        async def receive_within_limit() -> Message:
            nonlocal total, is_refused
            message = await receive()
            size = len(message.get("body", b""))
            total += size
            if counts:
                self.incoming.update(dict.fromkeys(senders, size))
            is_refused = total > max_bytes
            if is_refused:
                raise HTTPException(413, detail)
            for sender, most in zip(senders, self.most_incoming, strict=True):
                if counts and self.incoming[sender] > most:
                    is_refused = True
                    words = "too much is being sent from you, or from your address, at once"
                    raise HTTPException(429, f"{words}: try again later", {"Retry-After": "30"})
            return message

        async def send_what_fits(message: Message) -> None:
            await (lingering(send, receive) if is_refused else send)(message)

        try:
            await self.app(scope, receive_within_limit, send_what_fits)
        finally:
            if counts:
                self.incoming.subtract(dict.fromkeys(senders, total))
                self.incoming += Counter()  # drop those with none


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
