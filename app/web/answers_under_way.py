"""A limit on large answers under way, so that who takes them slowly can't fill the memory."""

from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.web.rate_limit import address_of, too_many, visitor_of

PIECE_BYTES = 2**16  # that are given to the connection at a time: it copies them
TRY_AGAIN = 10  # seconds: a guess


class TooMuchUnderWayError(Exception):
    """A large answer would be one too many."""


class AnswersUnderWay:
    """Answers 429 instead of a large answer where too many of them are not yet taken.

    They are in memory until then, or on the disk as an export is. A single one is never too large,
    and what is no larger than a piece does not count.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.most = (
            settings.max_outgoing_mib_per_visitor * 2**20,
            settings.max_outgoing_mib_per_address * 2**20,
        )
        self.outgoing: Counter[str] = Counter()  # bytes, by visitor and by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        takers = visitor_of(scope), f"at {address_of(scope)}"
        counted = 0

        async def send_what_fits(message: Message) -> None:
            nonlocal counted
            if message["type"] == "http.response.start":
                size = int(dict(message["headers"]).get(b"content-length", 0))
                if size > PIECE_BYTES:
                    for taker, most in zip(takers, self.most, strict=True):
                        if self.outgoing[taker] and self.outgoing[taker] + size > most:
                            raise TooMuchUnderWayError
                    counted = size
                    self.outgoing.update(dict.fromkeys(takers, counted))
            await send_in_pieces(message, send)

        try:
            await self.app(scope, receive, send_what_fits)
        except TooMuchUnderWayError:
            detail = "too much is being sent to you, or to your address, and is not yet taken"
            await too_many(detail, TRY_AGAIN)(scope, receive, send)
        finally:
            self.outgoing.subtract(dict.fromkeys(takers, counted))
            self.outgoing += Counter()  # drop those with none


async def send_in_pieces(message: Message, send: Send) -> None:
    """Send a message; of a large body no more at a time than the connection takes."""
    body = memoryview(message.get("body", b""))
    while len(body) > PIECE_BYTES:
        await send({**message, "body": bytes(body[:PIECE_BYTES]), "more_body": True})
        body = body[PIECE_BYTES:]
    await send({**message, "body": bytes(body)} if body else message)
