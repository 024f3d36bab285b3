"""The gate: whoever has not shown the server's token gets no further."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.tokens import Tokens
from app.routes.login import address_without_token, ask_for_token, is_page, let_in

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
    """Lets a link with ``?token=…`` in, and refuses what comes without a token if it is closed.

    The classroom's token opens the whole server, too.
    """

    def __init__(self, app: ASGIApp, *, closed: bool) -> None:
        self.app = app
        self.closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer in its place."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        tokens: Tokens = scope["app"].state.tokens
        answer = None
        if is_page(connection) and "token" in connection.query_params:
            token = connection.query_params["token"]
            answer = let_in(connection, token, address_without_token(connection))
        if answer is None and self.closed and scope["path"] not in OPEN:
            answer = None if tokens.open_to(connection) else ask_for_token(connection)
        await (answer or self.app)(scope, receive, send)
