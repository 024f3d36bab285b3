"""Signed cookies: values that a browser keeps for the server, and can't forge."""

from hashlib import sha256

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.web.location import location_of

MAX_AGE = 400 * 24 * 60 * 60  # seconds: browsers keep none for longer


def without_quotes(scope: Scope) -> None:
    """Drop what has quotes from a request's Cookie headers: ours never have any.

    Starlette, and with it FastAPI, would take them off with the standard library, which until
    Python 3.11.10 takes a second of processor time for those in 15,000 characters.
    """
    scope["headers"] = [
        (name, b";".join(pair for pair in value.split(b";") if b'"' not in pair))
        if name == b"cookie"
        else (name, value)
        for name, value in scope["headers"]
    ]


class SignedCookie:
    """One kind of cookie of this server.

    Its name contains a part of the secret's hash: browsers send a server's cookies to the servers
    on other ports of the same machine, too, and those would overwrite each other's.

    ``token`` is the token that the cookie stands for, if any: when it changes, the cookie is void.
    """

    def __init__(self, kind: str, secret: str, token: str = "") -> None:
        self.name = f"nudge-{kind}-{sha256(secret.encode()).hexdigest()[:8]}"
        self._signer = Signer(
            secret, salt=f"{kind} {token}", key_derivation="hmac", digest_method=sha256
        )

    def read(self, connection: HTTPConnection) -> str | None:
        """Return the value of the caller's cookie; None if there is none, or it is forged."""
        try:
            return self._signer.unsign(connection.cookies.get(self.name, "")).decode()
        except BadSignature:
            return None

    def header(self, connection: HTTPConnection, value: str) -> str:
        """Return the Set-Cookie header for a value."""
        signed = self._signer.sign(value).decode()
        path = location_of(connection.scope).prefix or "/"
        sent = "SameSite=Lax"
        if connection.scope["scheme"] in ("https", "wss"):
            embedded = connection.app.state.settings.frame_ancestors
            # In a frame on another site, a browser sends no other; there is one for each site.
            sent = "SameSite=None; Secure; Partitioned" if embedded else "SameSite=Lax; Secure"
        return f"{self.name}={signed}; Path={path}; Max-Age={MAX_AGE}; HttpOnly; {sent}"
