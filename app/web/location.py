"""The location at which a request found this server, as its visitor sees it."""

from typing import NamedTuple

from starlette.types import Scope

from app.addresses import Host

KEY = "nudge.location"


class Location(NamedTuple):
    """What ``behind_proxies.py`` has found out.

    ``root`` goes before a path to make a link: ``/nudge/`` + ``runs/…``. Where nobody has told
    under which path this server is, it is relative (``../``), and right under any.
    """

    path: str  # below the root, with one slash before it: what the routes are called
    root: str
    prefix: str  # the path of the root without its last slash; empty if there is none
    host: Host | None  # that was called; None if it can't be read
    forwarded: tuple[Host, ...]  # that trusted proxies were called by, the visitor's own first
    distrusted: str  # the address of a proxy whose headers are not believed, if there is one


def location_of(scope: Scope) -> Location:
    """Return the location of a request."""
    location: Location = scope[KEY]
    return location


def path_of(scope: Scope) -> str:
    """Return the path of a request below the root, whatever the server is served under."""
    location: Location | None = scope.get(KEY)
    path: str = location.path if location else scope["path"]
    return path
