"""What every request passes before it reaches a route, from the outside in."""

from starlette.middleware import Middleware

from app.access.gate import TokenGate
from app.access.headers import SecurityHeaders
from app.access.hosts import KnownHosts
from app.access.origin import SameOrigin
from app.access.visitors import IdentifyVisitors
from app.metrics import Metrics
from app.settings import Settings
from app.web.body_limit import BodyLimit
from app.web.rate_limit import RateLimit
from app.web.request_log import RequestLog
from app.web.socket_limit import SocketLimit
from app.web.static_files import CompressPages


def middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Return them, outermost first. A request that is refused gets no further inwards."""
    larger_bodies = {
        "/api/datasets": settings.max_dataset_bytes,
        "/api/runs/import": settings.max_import_bytes,
    }
    return [
        Middleware(RequestLog, metrics=metrics),  # outermost: it sees what the others refuse
        Middleware(SecurityHeaders),
        Middleware(KnownHosts, names=settings.hosts),
        Middleware(SameOrigin),
        Middleware(IdentifyVisitors),
        Middleware(TokenGate, closed=settings.access_token is not None),
        Middleware(RateLimit, settings=settings),  # it needs to know the visitor
        Middleware(SocketLimit, settings=settings),
        Middleware(CompressPages, compresslevel=6),
        Middleware(BodyLimit, max_bytes=settings.max_body_bytes, larger=larger_bodies),
    ]
