"""Signed cookies: values that a browser keeps for the server, and can't forge."""

from hashlib import sha256

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection

MAX_AGE = 400 * 24 * 60 * 60  # seconds: browsers keep none for longer


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
        secure = "; Secure" if connection.scope["scheme"] in ("https", "wss") else ""
        return f"{self.name}={signed}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax{secure}"
