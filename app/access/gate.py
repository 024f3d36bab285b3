"""The gate of a server with an access token: requests without it are refused."""

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.guesses import Guesses
from app.access.sign_in import (
    WRONG,
    accept_token,
    address_without_token,
    ask_for_token,
    is_page,
    lead_on,
)
from app.access.tokens import Tokens
from app.web.location import path_of

OPEN = {
    "/api/health",
    "/login",
    "/classroom/login",
    "/favicon.ico",
    "/static/favicon.svg",
    "/static/shell/base.css",
    "/static/login/login.css",
}


class TokenGate:
    """Accepts a link with ``?token=…`` and limits guesses.

    If ``closed``, it refuses requests without a token.

    The classroom's token opens the whole server, too.
    """

    def __init__(self, app: ASGIApp, *, closed: bool) -> None:
        self.app = app
        self.closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        tokens: Tokens = scope["app"].state.tokens
        answer = self.answer_to_token(connection, tokens)
        if answer is None and self.closed and path_of(scope) not in OPEN:
            answer = None if tokens.open_to(connection) else ask_for_token(connection)
        await (answer or self.app)(scope, receive, send)

    def answer_to_token(self, connection: HTTPConnection, tokens: Tokens) -> Response | None:
        """Look at the token in a link or a header; return the answer, if there is one to give.

        A link's is taken off the address at once, right or wrong: an address is seen and kept.
        """
        guesses: Guesses = connection.scope["app"].state.guesses
        in_link = is_page(connection) and "token" in connection.query_params
        shown = connection.query_params["token"] if in_link else tokens.shown_by(connection)
        if shown is None:
            return None
        if refusal := guesses.refusal(connection):
            return refusal
        right = bool(tokens.opened_by(shown))
        if not right:
            guesses.note_wrong(connection)
        if not in_link:
            return None
        address = address_without_token(connection)
        return accept_token(connection, shown, address) or lead_on(
            connection, f"{address}{'&' if '?' in address else '?'}{WRONG}=1"
        )
