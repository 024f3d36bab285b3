"""Parts of addresses that come from outside, read strictly: they go into pages and headers."""

import re
from ipaddress import IPv6Address
from typing import NamedTuple, Self
from urllib.parse import unquote

SEGMENT = re.compile(r"(?:[A-Za-z0-9._~@+:=-]|%[0-9A-Fa-f]{2})+")
LONGEST_PATH = 500  # characters
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::([0-9]{1,5})?)?")
ORIGIN = re.compile(r"(https?)://([^/]*)")
ANCESTOR = re.compile(r"((?:https?://)?)((?:\*\.)?)([^/*]+?)((?::\*)?)/?")
PORTS = {"http": 80, "https": 443}


def path_prefix(text: str) -> str:
    """Return a path as ``/a/b``, or nothing for the root. Raises ValueError.

    A browser must read it as nothing but a path on the same server, and an element's attribute or
    a header must be able to contain it as it is.
    """
    segments = [segment for segment in text.strip().split("/") if segment]
    for segment in segments:
        plain = unquote(segment, errors="strict")
        if (
            not SEGMENT.fullmatch(segment)
            or plain in (".", "..")
            or not plain.isprintable()
            or set(plain) & set("/\\%?#;")
        ):
            raise ValueError(f"{segment!r} can't be a part of the path")
    if len(text) > LONGEST_PATH:
        raise ValueError(f"the path is longer than {LONGEST_PATH} characters")
    return "".join(f"/{segment}" for segment in segments)


class Host(NamedTuple):
    """A host's name or address, in lower case and without brackets, and its port if it has one."""

    name: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``name``, ``name:80`` or ``[::1]:80``. Raises ValueError."""
        match = HOST.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f"{text!r} is not a host")
        name, port = match.groups()
        if name.startswith("["):
            name = IPv6Address(name[1:-1]).compressed
        if port and int(port) > 65535:  # noqa: PLR2004 - the last one
            raise ValueError(f"there is no port {port}")
        return cls(name, int(port) if port else None)

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"


class Origin(NamedTuple):
    """What a browser calls a site: its scheme and host."""

    scheme: str
    host: Host

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``https://name:80``, with no path behind it. Raises ValueError."""
        match = ORIGIN.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f"{text!r} is not an origin, such as https://nudge.example.org")
        return cls(match[1], Host.parse(match[2]))

    def is_at(self, host: Host) -> bool:
        """Return whether this is the host, and the port is the same, said or not."""
        usual = PORTS[self.scheme]
        return self.host.name == host.name and (self.host.port or usual) == (host.port or usual)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"


def frame_ancestor(text: str) -> str:
    """Return a site as a Content-Security-Policy names it. Raises ValueError."""
    if text.strip("'").lower() == "self":
        return "'self'"
    match = ANCESTOR.fullmatch(text.lower())
    if not match or match[3].endswith(":"):
        raise ValueError(f"{text!r} is not a site, such as https://moodle.example.org")
    scheme, star, host, any_port = match.groups()
    return f"{scheme}{star}{Host.parse(host)}{any_port}"
