"""What all tests share: real servers, in a thread of this process or in one of their own.

``server`` is one for the whole session, ``start_server`` starts others in milliseconds. A process
of its own, by ``start_process``, is for a test that kills or signals the server, measures its
memory or its files, or reads its log.
"""

import fcntl
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

from nn_core import Hyperparameters, train
from nn_core.arithmetic import keep_compiled_in
from tests.logged import collect_errors
from tests.nn_core.toy_problems import toy_examples, toy_network
from tests.ray_cluster import RayCluster
from tests.server_process import ServerProcess, StartProcess
from tests.server_thread import ServerThread, StartServer, serving
from tests.servers import ENGINE_SETTINGS, command_line

# Property tests: few examples with all other tests, many of them in ``make test-long``. A slow
# machine is no failure, and a fixture may last as long as all examples of its test.
patient = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("short", patient, max_examples=40)
settings.register_profile("long", patient, max_examples=2000)
settings.load_profile("short")

# The settings of whoever runs the tests are not for the servers in them.
for name in [name for name in os.environ if name.upper().startswith("NUDGE_")]:
    del os.environ[name]

# What is compiled once serves all tests and all their processes, and the next run of the tests.
keep_compiled_in(Path(__file__).parents[1] / ".pytest_cache")

# No test speaks TLS, and to read the certificates of all authorities takes a client 20 ms, each.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.devnull

# Each server limits BLAS to one thread as long as it runs. They share a process with each other
# and with the tests, so that holds from the start.
threadpool_limits(1, user_api="blas")

errors = collect_errors()
# uvicorn's word for a handshake that was refused.
HARMLESS = ["ASGI callable returned without completing handshake"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", default="process", help="process or ray: what trains all runs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    other = "ray" if config.getoption("--engine") == "process" else "process"
    skip = pytest.mark.skip(reason=f"it is for --engine {other}")
    for item in items:
        if item.get_closest_marker(f"only_{other}"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[RayCluster]:
    """Return the cluster that all tests on Ray share."""
    with tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as folder:  # the path is short
        cluster = RayCluster(Path(folder))
        yield cluster
        cluster.end()


@pytest.fixture(scope="session", autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let all servers train on the engine that the command line names."""
    name: str = request.config.getoption("--engine")
    if name == "ray":
        address = request.getfixturevalue("ray_cluster").address
        ENGINE_SETTINGS.update(engine="ray", ray_address=address)
    yield name
    ENGINE_SETTINGS.clear()


@pytest.fixture(scope="session", autouse=True)
def no_process_is_left() -> Iterator[None]:
    """At the end no server and no worker of one is left."""
    yield
    tasks = Path("/proc/self/task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text().split()]
    assert [line for line in map(command_line, children) if b"app." in line] == []


@pytest.fixture
def expected_errors() -> list[str]:
    """Regular expressions: what a test expects its servers to log as errors."""
    return []


@pytest.fixture(autouse=True)
def no_error_is_logged(expected_errors: list[str]) -> Iterator[None]:
    """A server that logs an error, such as an exception in a request, fails the test."""
    yield
    expected = re.compile("|".join([*HARMLESS, *expected_errors]))
    assert [text for text in errors.take() if not expected.search(text)] == []


@pytest.fixture(scope="session")
def compiled_loops() -> None:
    """Compile the loops of both arithmetics, which takes ten seconds each.

    Only one process of the tests does it; the others wait, and load what it has compiled.
    """
    pytest.importorskip("numba")
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    once = Hyperparameters(epochs=1, l1=0.1)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for dtype in (np.float32, np.float64):
            list(train(toy_network(dtype=dtype), toy_examples(), None, once, compiled=True))


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache directory that no other test run has touched."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerThread]:
    """Return the server that tests share which need no settings of their own."""
    with serving(
        tmp_path_factory.mktemp("server"),
        max_live_runs=100,
        max_live_runs_per_visitor=100,
        paused_worker_seconds=10,  # many tests leave a paused run behind
    ) as server:
        yield server


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start servers with settings of their own: ``start_server(max_runs=3)``.

    One that is started after another has ended finds the runs of that one.
    """
    with ExitStack() as stack:

        def start(
            port: int = 0, clock: Callable[[], float] = time.monotonic, **settings: Any
        ) -> ServerThread:
            return stack.enter_context(serving(tmp_path, port, clock, **settings))

        yield start


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """Start servers in processes of their own: ``start_process(max_runs=3)``, as above."""
    with ExitStack() as stack:

        def start(port: int = 0, **settings: Any) -> ServerProcess:
            folders = {"store_dir": tmp_path / "store", "cache_dir": tmp_path / "cache"}
            server = ServerProcess(port, folders | ENGINE_SETTINGS | settings)
            stack.callback(server.end)
            return server

        yield start


@pytest.fixture(scope="session")
def mnist_data_dir() -> Path:
    """Return the directory with MNIST's four files, beside the checkout; skip where it is not."""
    data_dir = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (data_dir / "mnist").is_dir():
        pytest.skip("MNIST's four files are not in ../shared/data/mnist")
    return data_dir
