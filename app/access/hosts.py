"""Known hosts: the server answers only to its own names.

Otherwise another site could point a name of its own at this server, and a browser would treat this
server's pages as that site's.
"""

from fnmatch import fnmatchcase
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.refusals import seen
from app.addresses import Host, Origin
from app.log import log
from app.settings import Settings
from app.web.json_response import StrictJSONResponse
from app.web.location import Location, location_of, path_of
from app.web.rate_limit import is_loopback

LOOPBACK = "localhost,*.localhost,127.0.0.1,::1"


class Names:
    """The names that the settings say this server has: a name is that, with any port."""

    def __init__(self, settings: Settings) -> None:
        self.patterns = [name_of(entry) for entry in (settings.hosts or "*").split(",")]
        if settings.public_origin:
            self.patterns.append(Origin.parse(settings.public_origin).host.name)

    def include(self, host: Host) -> bool:
        """Return whether it is one of them."""
        return any(fnmatchcase(host.name, pattern) for pattern in self.patterns)

    def name(self, host: Host) -> bool:
        """Return whether it is one of them, and not only because any is."""
        return any(fnmatchcase(host.name, name) for name in self.patterns if name != "*")


class KnownHosts:
    """Answers 400 to requests for hosts that are not ours.

    Health checks pass: whatever runs the server may call it by any address.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.names = Names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or path_of(scope) == "/api/health":
            await self.app(scope, receive, send)
            return
        location = location_of(scope)
        strange = self.strange(location)
        if strange is None:
            await self.app(scope, receive, send)
            return
        log.warning(
            "refused",
            why="this server is not called so",
            **seen(Headers(scope=scope)),
            allow=f"NUDGE_HOSTS={strange}" + distrusted(location),
        )
        detail = "this server is not called so: its setting NUDGE_HOSTS says how it is"
        await StrictJSONResponse({"detail": detail}, 400)(scope, receive, send)

    def strange(self, location: Location) -> str | None:
        """Return a host that is not ours, as a setting would name it; None if there is none.

        Proxies often call a server by an address or a short name, which no other site can have
        pointed at us. So where a proxy tells by what name it was called, that one counts.
        """
        if location.host is None:
            return "…"
        hosts = [*location.forwarded, location.host]
        for number, host in enumerate(hosts):
            internal = number > 0 and is_internal(host)
            if not (internal or self.names.include(host)):
                return host.name
        return None


def hosts_of(settings: Settings, listens_on: str) -> str:
    """Return the names for a server that listens on this address, as the setting has them.

    Another site can point a name of its own at an address of this machine: a server that only this
    machine reaches needs no other names than that has.
    """
    if settings.hosts:
        return settings.hosts
    if listens_on == "localhost" or is_loopback(listens_on):
        return LOOPBACK
    log.warning(
        "hosts",
        trouble="this server answers to any name, so another site could point one of its own here",
        set="NUDGE_HOSTS=the names that visitors call it by",
    )
    return "*"


def name_of(entry: str) -> str:
    """Return the name in an entry of the setting, which may have a port or brackets."""
    try:
        return Host.parse(entry).name
    except ValueError:  # it has a star, or it is an IPv6 address without brackets
        text = entry.strip().lower().strip("[]")
        return text.partition(":")[0] if text.count(":") == 1 else text


def is_internal(host: Host) -> bool:
    """Return whether it is an address, or a name without a dot."""
    try:
        ip_address(host.name)
    except ValueError:
        return "." not in host.name
    return True


def distrusted(location: Location) -> str:
    """Return what else would help if a proxy is not believed."""
    return f" or NUDGE_TRUSTED_PROXIES={location.distrusted}" if location.distrusted else ""
