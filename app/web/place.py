"""The place at which a request found this server, as its visitor sees it."""

from typing import NamedTuple

from starlette.types import Scope

from app.addresses import Host

KEY = "nudge.place"


class Place(NamedTuple):
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


def place_of(scope: Scope) -> Place:
    """Return the place of a request."""
    place: Place = scope[KEY]
    return place


def path_of(scope: Scope) -> str:
    """Return the path of a request below the root, whatever the server is served under."""
    place: Place | None = scope.get(KEY)
    path: str = place.path if place else scope["path"]
    return path
