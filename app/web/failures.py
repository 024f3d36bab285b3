"""Failures that nobody expected: they are answered in words, and logged with the same number."""

import errno
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import log
from app.web.json_response import StrictJSONResponse
from app.web.location import path_of

UNWRITABLE = {
    errno.ENOSPC: "the server's disk is full",
    errno.EDQUOT: "the server's disk is full",
    errno.EROFS: "the server's disk can't be written to",  # as a kernel leaves one that fails
}


class BrokenOffError(Exception):
    """The rest of an answer that has begun is gone; the message says why."""


class AnswerFailures:
    """Answers 500 to a request that failed; 507 where a disk is full, or can only be read.

    An answer whose rest is gone has no end: whoever takes it can tell that it is not whole.

    It is inside of what sets headers, so that these answers have them, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except BrokenOffError as error:
            log.info("broken off", path=path_of(scope), why=str(error))
        except Exception as error:
            if begun:  # it is too late for another answer: the connection is closed
                raise
            if isinstance(error, OSError) and (words := UNWRITABLE.get(error.errno or 0)):
                log.warning("disk", path=path_of(scope), file=error.filename, why=str(error))
                answer = StrictJSONResponse({"detail": words}, 507)
            else:
                number = secrets.token_hex(6)
                log.exception("failed", path=path_of(scope), request=number)
                detail = f"the server failed; its log says why, at request {number}"
                headers = {"X-Request-ID": number}
                answer = StrictJSONResponse({"detail": detail}, 500, headers)
            await answer(scope, receive, send)
