"""The web application: wiring, nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from app.access.cookies import SignedCookie
from app.access.guesses import Guesses
from app.access.secret import kept_secret
from app.access.sign_in import TokenNeededError, answer_token_needed
from app.access.tokens import Tokens
from app.datasets.downloads import Downloads
from app.metrics import Metrics
from app.middleware import middleware
from app.routes import (
    archive,
    classroom,
    datasets,
    health,
    landscape,
    learned,
    learning,
    lesson,
    live,
    login,
    network,
    own_datasets,
    pages,
    reasons,
    runs,
    sheet,
    slopes,
    surgery,
    sweep_pages,
    sweeps,
    sweeps_live,
    visitor,
    walk,
)
from app.routes.errors import add_error_handlers
from app.routes.problems import problems
from app.runs.age import Age
from app.runs.classroom import Classroom
from app.runs.housekeeping import Housekeeping
from app.runs.store import RunStore
from app.settings import Settings
from app.sweeps.sweeps import Sweeps
from app.web.frontend import STATIC
from app.web.heavy_work import HeavyWork
from app.web.static_files import VersionedStaticFiles


def create_app(
    settings: Settings | None = None, clock: Callable[[], float] = time.monotonic
) -> FastAPI:
    """Return the application with these settings; None reads them from the environment.

    ``clock`` returns seconds that pass, by which idle runs are paused and old ones removed.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        age = Age(clock)
        store = app.state.store = RunStore(settings, age)
        try:
            await store.open()
        except Exception:
            await store.close()  # its threads and processes would keep this one from ending
            raise
        app.state.sweeps = Sweeps(store, settings, age)
        await app.state.sweeps.open()
        app.state.classroom = Classroom(store.hold, settings.lesson_hours, settings.max_pupils, age)
        housekeeping = asyncio.create_task(Housekeeping(store, settings, age).run())
        app.state.metrics.watch(store)
        watching = asyncio.create_task(app.state.metrics.watch_loop())
        app.state.downloads = Downloads(settings)
        app.state.heavy_work = HeavyWork(settings)
        secret = settings.secret or kept_secret(store.folder)
        app.state.visitor_cookie = SignedCookie("visitor", secret)
        app.state.tokens = Tokens(settings, secret)
        # One BLAS thread reads a drawing in a millisecond. Several would compete with each other
        # and with the runs, which have a process each.
        with threadpool_limits(1, user_api="blas"):
            yield
        housekeeping.cancel()
        watching.cancel()
        await asyncio.gather(housekeeping, watching, return_exceptions=True)
        await asyncio.to_thread(app.state.downloads.close)
        await app.state.sweeps.close()
        await store.close()
        app.state.heavy_work.close()

    metrics = Metrics()
    app = FastAPI(
        title="Nudge",
        description="A neural network from scratch learns to read handwritten digits.",
        version="0.1.0",
        lifespan=lifespan,
        middleware=middleware(settings, metrics),
        responses=problems(400, 401, 403, 413, 422, 429),
        openapi_url="/api/openapi.json",
        docs_url=None,  # pages.docs serves it, from our own files
        redoc_url=None,
        redirect_slashes=False,  # a slash at the end is taken off where the request comes in
    )
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.guesses = Guesses(settings.free_wrong_tokens)
    app.state.guesses_of_codes = Guesses(settings.free_wrong_codes)
    app.state.static = VersionedStaticFiles(STATIC)
    add_error_handlers(app)
    app.add_exception_handler(TokenNeededError, answer_token_needed)
    app.include_router(pages.assets)  # first: a page asks for a hundred of these
    app.mount("/static", app.state.static)
    for room in (
        health,
        datasets,
        own_datasets,
        archive,  # before /api/runs/{run_id}
        runs,
        network,
        learning,
        slopes,
        walk,
        reasons,
        surgery,
        landscape,
        learned,
        live,
        sweeps,
        sweeps_live,
        sweep_pages,
        visitor,
        login,
        lesson,
        sheet,
        classroom,
        pages,
    ):
        app.include_router(room.router)
        if room is lesson:
            app.include_router(lesson.pages)
    return app
