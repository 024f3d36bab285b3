"""What every request passes before it reaches a route, from the outside in."""

from starlette.middleware import Middleware

from app.access.gate import TokenGate
from app.access.headers import SecurityHeaders
from app.access.hosts import KnownHosts
from app.access.origin import SameOrigin
from app.access.visitors import IdentifyVisitors
from app.metrics import Metrics
from app.settings import Settings
from app.web.answers_under_way import AnswersUnderWay
from app.web.behind_proxies import BehindProxies
from app.web.body_limit import BodyLimit
from app.web.failures import AnswerFailures
from app.web.head import AnswerHead
from app.web.rate_limit import RateLimit
from app.web.request_log import RequestLog
from app.web.socket_limit import SocketLimit
from app.web.static_files import CompressPages

FORM_BYTES = 2**14  # of a form with a token, or a code and a nickname: it is read byte by byte


def middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Return them, outermost first. A request that is refused gets no further inwards."""
    other_limits = {
        "/login": FORM_BYTES,
        "/class": FORM_BYTES,
        "/api/datasets": settings.max_dataset_bytes,
        "/api/runs/import": settings.max_import_bytes,
    }
    return [
        Middleware(BehindProxies, settings=settings),  # all others need to know the place
        Middleware(RequestLog, metrics=metrics),  # it sees what those below refuse
        Middleware(AnswerHead),
        Middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors),
        Middleware(AnswerFailures),
        Middleware(KnownHosts, settings=settings),
        Middleware(SameOrigin, settings=settings),
        Middleware(IdentifyVisitors),
        Middleware(TokenGate, closed=settings.access_token is not None),
        Middleware(RateLimit, settings=settings),  # it needs to know the visitor
        Middleware(SocketLimit, settings=settings),
        Middleware(AnswersUnderWay, settings=settings),
        Middleware(CompressPages, compresslevel=6),
        Middleware(BodyLimit, settings=settings, others=other_limits),
    ]
