"""What a client says that it can take, and what it has already."""

import re

from starlette.datastructures import Headers

NOT_KEPT = {"Cache-Control": "private, no-cache"}  # asked for each time, by whoever wants it
QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def accepts_gzip(headers: Headers) -> bool:
    """Return whether an answer may be packed with gzip: not if its quality is zero."""
    qualities = {}
    for part in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            match = QUALITY.fullmatch(re.sub(r"\s*=\s*", "=", parameter))
            quality = float(match[1]) if match else 0.0  # rather plain than unreadable
        qualities[coding.removeprefix("x-")] = quality
    return qualities.get("gzip", qualities.get("*", 0)) > 0


def has_already(headers: Headers, etag: str) -> bool:
    """Return whether the client has the version that this ETag names."""
    known = ",".join(headers.getlist("if-none-match")).split(",")
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in known)
