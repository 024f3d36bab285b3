"""Security headers: a browser allows our pages only what they need."""

import re
from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.frontend import PLOTLY
from app.web.place import path_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a run's link is a secret
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NO_FRAMES = {"X-Frame-Options": "DENY"}  # which can't name a site
BY_TLS = {"Strict-Transport-Security": "max-age=31536000"}

DOCS = "/api/docs"
INSERTED_STYLE = re.compile(r"\.textContent='([^'\\]*)'")
"""How Plotly's JavaScript fills a ``<style>`` element with a constant text."""


class SecurityHeaders:
    """Adds them to every answer."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        """``frame_ancestors`` are the sites that may show our pages in a frame."""
        self.app = app
        frames = frame_ancestors or "'none'"
        self.always = ALWAYS if frame_ancestors else ALWAYS | NO_FRAMES
        self.pages = policy(frames, styles=plotly_styles())
        self.docs = policy(frames, images="'self' data:")  # Swagger UI's icons stand in its sheet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            **self.always,
            **(BY_TLS if scope["scheme"] == "https" else {}),
            "Content-Security-Policy": self.docs if path_of(scope) == DOCS else self.pages,
        }

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def policy(frames: str, styles: str = "", images: str = "'self'") -> str:
    """Return a Content-Security-Policy: everything comes from files of this server.

    ``frames`` are the sites that may show our pages in a frame, ``styles`` the hashes of
    ``<style>`` elements that are allowed in a page.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {styles}".rstrip(),
            f"img-src {images}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {frames}",
        ]
    )


def plotly_styles() -> str:
    """Return the hashes of the ``<style>`` elements that the installed Plotly inserts.

    One is empty and filled rule by rule, which the policy allows scripts to do; the others belong
    to its maps, but are always inserted.
    """
    texts = ["", *INSERTED_STYLE.findall(PLOTLY.read_text("utf-8"))]
    return " ".join(f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in texts)
