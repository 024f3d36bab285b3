"""The tokens that open the whole server, or the classroom, if the settings define them."""

import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.access.cookies import SignedCookie
from app.settings import Settings


class Tokens:
    """The tokens of this server, by what they open: ``access`` or ``classroom``.

    A browser in which one has been entered keeps a cookie that says so.
    """

    def __init__(self, settings: Settings, secret: str) -> None:
        tokens = {"access": settings.access_token, "classroom": settings.classroom_token}
        self._tokens = {kind: token for kind, token in tokens.items() if token is not None}
        self._cookies = {
            kind: SignedCookie(kind, secret, token) for kind, token in self._tokens.items()
        }

    def opened_by(self, token: str) -> set[str]:
        """Return what a token opens. The time this takes does not depend on the token."""
        return {
            kind
            for kind, right in self._tokens.items()
            if secrets.compare_digest(token.encode(), right.encode())
        }

    def shown_by(self, connection: HTTPConnection) -> str | None:
        """Return the token in a header, if there is one and this server has any."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        return token.strip() if self._tokens and scheme.lower() == "bearer" else None

    def open_to(self, connection: HTTPConnection) -> set[str]:
        """Return what is open to the caller, by the token in a header or by cookies."""
        shown = self.shown_by(connection)
        by_header = self.opened_by(shown) if shown is not None else set()
        return by_header | {
            kind for kind, cookie in self._cookies.items() if cookie.read(connection) is not None
        }

    def remember(self, connection: HTTPConnection, opened: set[str], answer: Response) -> None:
        """Set the cookies that say what the caller has opened."""
        for kind in sorted(opened):
            answer.headers.append("set-cookie", self._cookies[kind].header(connection, kind))
