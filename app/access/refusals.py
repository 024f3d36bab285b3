"""What the log tells of a refused request, so that whoever runs the server can allow it."""

from starlette.datastructures import Headers

TOLD = {"host": "host", "origin": "origin", "forwarded_host": "x-forwarded-host"}
LONGEST = 200  # characters


def seen(headers: Headers) -> dict[str, str]:
    """Return the host and the origin that a request came with, as fields of the log."""
    return {
        field: harmless(", ".join(headers.getlist(header)))
        for field, header in TOLD.items()
        if header in headers
    }


def harmless(text: str) -> str:
    """Return a text that can't do anything to a terminal."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text[:LONGEST])
