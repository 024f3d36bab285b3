"""The web application: wiring, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from app.access.cookies import SignedCookie
from app.access.guard import guard
from app.access.secret import kept_secret
from app.access.tokens import Tokens
from app.body_limit import BodyLimit
from app.downloads import Downloads
from app.errors import add_error_handlers
from app.floods import LimitRequests
from app.metrics import Metrics
from app.packing import PackPages, StaticFolder
from app.routes import archive, classroom, datasets, health, live, login, network, pages, runs
from app.routes.problems import problems
from app.runs.store import RunStore
from app.runs.wall import Visitors
from app.seeing import SeeRequests
from app.settings import Settings
from app.sockets import LimitSockets


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application with these settings; None reads them from the environment."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = RunStore(settings)
        await app.state.store.open()
        app.state.metrics.watch(app.state.store)
        app.state.downloads = Downloads(settings)
        secret = settings.secret or kept_secret(app.state.store.folder)
        app.state.visitor_cookie = SignedCookie("visitor", secret)
        app.state.tokens = Tokens(settings, secret)
        # One thread reads a drawing in a millisecond. Several would wait for each other, and for
        # the runs, which have one each.
        with threadpool_limits(1, user_api="blas"):
            yield
        await asyncio.to_thread(app.state.downloads.close)
        await app.state.store.close()

    app = FastAPI(
        title="Nudge",
        description="A neural network from scratch learns to read handwritten digits.",
        version="0.1.0",
        lifespan=lifespan,
        responses=problems(400, 401, 403, 413, 422, 429),
        openapi_url="/api/openapi.json",
        docs_url=None,  # pages.docs serves it, from our own files
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.visitors = Visitors()
    app.state.metrics = Metrics()
    app.state.static = StaticFolder(pages.find("static"))
    # A request passes these from the last to the first: all is seen, what is too much is refused
    # before anything of it is read.
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        larger={
            "/api/datasets": settings.max_dataset_bytes,
            "/api/runs/import": settings.max_import_bytes,
        },
    )
    app.add_middleware(PackPages, compresslevel=6)
    app.add_middleware(LimitSockets, settings=settings)
    app.add_middleware(LimitRequests, settings=settings)
    guard(app, settings)
    app.add_middleware(SeeRequests, metrics=app.state.metrics)
    add_error_handlers(app)
    app.include_router(pages.assets)  # first: a page asks for a hundred of these
    app.mount("/static", app.state.static)
    app.include_router(health.router)
    app.include_router(datasets.router)
    app.include_router(archive.router)  # before /api/runs/{run_id}
    app.include_router(runs.router)
    app.include_router(network.router)
    app.include_router(live.router)
    app.include_router(login.router)
    app.include_router(classroom.router)
    app.include_router(pages.router)
    return app
