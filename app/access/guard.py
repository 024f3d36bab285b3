"""The guard: all that a request passes before the application sees it."""

from fastapi import FastAPI

from app.access.gate import TokenGate
from app.access.headers import SecurityHeaders
from app.access.hosts import KnownHosts
from app.access.origin import SameOrigin
from app.access.visitors import Visitors
from app.routes.login import TokenNeededError, answer_token_needed
from app.settings import Settings


def guard(app: FastAPI, settings: Settings) -> None:
    """Have each request and each socket pass these, the last one first."""
    app.add_middleware(TokenGate, closed=settings.access_token is not None)
    app.add_middleware(Visitors)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHosts, names=settings.hosts)
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(TokenNeededError, answer_token_needed)
