"""A classroom: its server, a student, the teacher, and the wall."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.app.clients import Client
from tests.app.wall_watcher import TEACHER, TOKEN, WallWatcher
from tests.server_thread import serving
from tests.servers import PATIENCE, Server


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server with a classroom."""
    with serving(tmp_path_factory.mktemp("school"), classroom_token=TOKEN) as server:
        yield server


@pytest.fixture
def student(school: Server) -> Iterator[Client]:
    with Client(base_url=school.url, timeout=PATIENCE) as student:
        yield student
        for run in student.get("/api/runs").json():
            student.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def teacher(school: Server) -> Iterator[Client]:
    with Client(base_url=school.url, timeout=PATIENCE, headers=TEACHER) as teacher:
        yield teacher


@pytest.fixture
def wall(school: Server) -> Iterator[WallWatcher]:
    with ExitStack() as stack:
        yield WallWatcher(school, stack)
