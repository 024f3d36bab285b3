"""The web application: wiring, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from app.body_limit import BodyLimit
from app.downloads import Downloads
from app.errors import add_error_handlers
from app.packing import PackPages, StaticFolder
from app.routes import archive, datasets, live, network, pages, runs
from app.routes.problems import problems
from app.runs.store import RunStore
from app.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application with these settings; None reads them from the environment."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = RunStore(settings)
        await app.state.store.open()
        app.state.downloads = Downloads(settings)
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
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        larger={
            "/api/datasets": settings.max_dataset_bytes,
            "/api/runs/import": settings.max_import_bytes,
        },
    )
    app.add_middleware(PackPages, compresslevel=6)
    add_error_handlers(app)
    app.include_router(datasets.router)
    app.include_router(archive.router)  # before /api/runs/{run_id}
    app.include_router(runs.router)
    app.include_router(network.router)
    app.include_router(live.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFolder(directory=pages.find("static")))
    return app
