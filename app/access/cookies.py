"""Signed cookies: what a browser is told to remember, and can't make up."""

from hashlib import sha256

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection

LASTING = 400 * 24 * 60 * 60  # seconds: as long as browsers keep one


class SignedCookie:
    """One kind of cookie of this server.

    Its name has a part of the secret's hash: a browser gives the cookies of one server to those on
    other ports of the same machine, too, and they would overwrite each other's.

    Where a cookie says that a token was shown, ``token`` is that: with another one, it is void.
    """

    def __init__(self, kind: str, secret: str, token: str = "") -> None:
        self.name = f"nudge-{kind}-{sha256(secret.encode()).hexdigest()[:8]}"
        self._signer = Signer(
            secret, salt=f"{kind} {token}", key_derivation="hmac", digest_method=sha256
        )

    def read(self, connection: HTTPConnection) -> str | None:
        """Return what the caller's cookie says; None if there is none, or it is not ours."""
        try:
            return self._signer.unsign(connection.cookies.get(self.name, "")).decode()
        except BadSignature:
            return None

    def header(self, connection: HTTPConnection, value: str) -> str:
        """Return the Set-Cookie header that has the caller's browser remember a value."""
        signed = self._signer.sign(value).decode()
        secure = "; Secure" if connection.scope["scheme"] in ("https", "wss") else ""
        return f"{self.name}={signed}; Path=/; Max-Age={LASTING}; HttpOnly; SameSite=Lax{secure}"
