"""Behind proxies: the path, the names and the scheme that visitors call this server by.

A proxy that is trusted tells them in ``X-Forwarded-…``, and its operator in the settings. Some
proxies take their own path off before they pass a request on, others leave it: both work.
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.addresses import Host, Origin, path_prefix
from app.log import log
from app.settings import Settings
from app.web.location import KEY, Location

SLASHES = re.compile("/{2,}")
OURS = {"api", "classroom", "favicon.ico", "login", "metrics", "runs", "static", "sweeps"}
"""What our own paths begin with. Of a proxy with such a path it is known only that it takes it off,
or else nobody could tell ``/runs`` of the proxy from ours."""

MOST_PROXIES = 10  # in a row; a careless one passes on what a visitor says of them
SCHEMES = {"http": False, "ws": False, "https": True, "wss": True}


class BehindProxies:
    """Finds out a request's ``Location``; the client and the scheme are set in the scope."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        # It reads X-Forwarded-For, and knows how to compare addresses.
        self.believing = ProxyHeadersMiddleware(self.enter, settings.trusted_proxies)  # type: ignore[arg-type]
        self.prefix = settings.root_path
        self.public = Origin.parse(settings.public_origin) if settings.public_origin else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if client := scope.get("client"):
            scope["client"] = (without_mapping(client[0]), client[1])
        peer = scope["client"][0] if client else None
        trusted = peer in self.believing.trusted_hosts
        headers = Headers(scope=scope)
        told = headers if trusted else Headers()
        parts = [self.prefix or path_prefix(scope.get("root_path", ""))]
        if not parts[0]:
            parts = list(prefixes(",".join(told.getlist("x-forwarded-prefix"))))
        prefix = "".join(parts)
        path = below(parts, "/" + SLASHES.sub("/", scope["path"]).lstrip("/"))
        location = Location(
            path,
            f"{prefix}/" if prefix else way_up(scope),
            prefix,
            called(headers.get("host", "")),
            forwarded_hosts(told),
            "" if trusted or "x-forwarded-host" not in headers else peer or "?",
        )
        scope[KEY] = location
        scope["root_path"] = unquote(prefix)
        scope["path"] = scope["root_path"] + path
        scope["nudge.tls"] = self.by_tls(location, told)
        await self.believing(scope, receive, send)  # type: ignore[arg-type]

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if (tls := scope.pop("nudge.tls")) is not None:
            scheme = "http" if scope["type"] == "http" else "ws"
            scope["scheme"] = f"{scheme}s" if tls else scheme
        await self.app(scope, receive, send)

    def by_tls(self, location: Location, told: Headers) -> bool | None:
        """Return whether the visitor came by TLS; None is unknown."""
        public = self.public
        hosts = [host for host in (location.host, *location.forwarded) if host]
        if public and public.scheme == "https" and any(map(public.is_at, hosts)):
            return True
        # Of several proxies the first one saw the visitor.
        first = ",".join(told.getlist("x-forwarded-proto")).partition(",")[0]
        return SCHEMES.get(first.strip().lower())


def without_mapping(address: str) -> str:
    """Return an address; an IPv4 address that is written as an IPv6 one as what it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped) if mapped else address


@lru_cache(maxsize=256)
def prefixes(header: str) -> tuple[str, ...]:
    """Return what each proxy in a row has taken off the path, the visitor's first."""
    try:
        return tuple(filter(None, map(path_prefix, header.split(",")[:MOST_PROXIES])))
    except ValueError as error:
        log.warning("ignored", header="X-Forwarded-Prefix", why=str(error)[:200])
        return ()


def below(parts: list[str], path: str) -> str:
    """Return a path without the prefix, whichever of the proxies have taken their parts off."""
    for first in range(len(parts)):
        prefix = unquote("".join(parts[first:]))
        if prefix.split("/")[1:2] and prefix.split("/")[1] in OURS:
            continue
        if prefix and f"{path}/".startswith(f"{prefix}/"):
            path = path[len(prefix) :]
            break
    return path.rstrip("/") or "/"


def way_up(scope: Scope) -> str:
    """Return the relative way from a page's address to the root."""
    raw = scope.get("raw_path") or scope["path"].encode()
    # A doubled slash at the beginning is a proxy's; the browser knows nothing of it.
    return "../" * raw.lstrip(b"/").count(b"/") or "./"


def called(header: str) -> Host | None:
    """Return the host in a Host header; that of none has no name."""
    try:
        return Host.parse(header) if header else Host("")
    except ValueError:
        return None


def forwarded_hosts(told: Headers) -> tuple[Host, ...]:
    """Return the hosts that proxies say they were called by, the visitor's own first."""
    hosts = [called(text) for text in ",".join(told.getlist("x-forwarded-host")).split(",") if text]
    if not all(hosts):
        return ()
    found = [host for host in hosts if host]
    port = told.get("x-forwarded-port", "").partition(",")[0].strip()
    if found and found[0].port is None and port.isascii() and port.isdigit():
        found[0] = called(f"{Host(found[0].name)}:{port}") or found[0]
    return tuple(found)
