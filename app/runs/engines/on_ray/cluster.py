"""The server's side of the driver: starting it, calling it, starting it anew when it has ended."""

import asyncio
import contextlib
import hashlib
import itertools
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.log import log
from app.runs.engines.on_ray.wire import Envelope, read_stream
from app.runs.engines.template import ONE_THREAD, PACKAGE_ROOT
from app.settings import Settings

AWAY = "the cluster is away"  # its address, and what it says, are for the log
START_SECONDS = 20.0  # that a cluster may take to start, or to be found
AGAIN_SECONDS = 1.0  # until a driver that has ended is started anew
HEALTH = {
    # A node is lost after so many looks in a row at which it gave no answer within a second.
    "RAY_health_check_initial_delay_ms": "2000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "5",
}
ENVIRONMENT = HEALTH | {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",  # a run sets its own
    "RAY_DEDUP_LOGS": "0",
}
LOCAL = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # listen on the loopback address only
    # A cluster of this machine has as many places as runs may train at once; without these, Ray
    # would start a process for each of them before there is a run.
    "RAY_prestart_worker_first_driver": "0",
    "RAY_enable_worker_prestart": "0",
    "RAY_num_workers_soft_limit": "1",
}


class ClusterGoneError(Exception):
    """The cluster, or the driver, is not there."""


class ActorEndedError(Exception):
    """The actor is not there any more; the message says why."""

    def __init__(self, reason: str, *, is_its_own: bool) -> None:
        super().__init__(reason)
        self.is_its_own = is_its_own


class Cluster:
    """The cluster that runs are trained on, as the driver finds it."""

    def __init__(self, settings: Settings) -> None:
        self.is_up = asyncio.Event()
        self._has_been_up = False
        self._opened = time.monotonic()
        self._address = settings.ray_address
        self.trouble = "the cluster is being " + ("looked for" if self._address else "started")
        self._places = settings.max_live_runs + 1  # and the spare
        store = str(settings.store_dir or Path.home()).encode()
        # Ray's sockets are in this folder, and the path of a socket must be short.
        name = f"nudge-ray-{hashlib.sha256(store).hexdigest()[:12]}"
        self._folder = Path(tempfile.gettempdir(), name)
        self._token = os.environ.get("RAY_AUTH_TOKEN") or secrets.token_urlsafe(24)
        self._numbers = itertools.count(1)
        self._calls: dict[int, asyncio.Future[Envelope]] = {}
        self._driver: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is started with the server, and ended with it."""
        return not self._address

    @property
    def is_starting(self) -> bool:
        """Whether it is likely to be there in a moment."""
        return not self._has_been_up and time.monotonic() - self._opened < START_SECONDS

    def open(self) -> None:
        """Start or find it, in the background, as often as it goes away."""
        self._task = asyncio.create_task(self._keep_up())

    async def call(self, name: str, *values: Any, payload: bytes = b"") -> Envelope:
        """Call the driver and return its answer. Raises ClusterGoneError, ActorEndedError."""
        if not self.is_up.is_set():
            raise ClusterGoneError(self.trouble)
        number = next(self._numbers)
        answer = asyncio.get_running_loop().create_future()
        self._calls[number] = answer
        try:
            self._write(Envelope(number, name, list(values), payload))
            told = await answer
        finally:
            self._calls.pop(number, None)
        if told.name != "done":
            raise ActorEndedError(told.values[0], is_its_own=told.name == "ended")
        return told

    def tell(self, name: str, *values: Any) -> None:
        """Call the driver without waiting for an answer."""
        if self.is_up.is_set():
            self._write(Envelope(next(self._numbers), name, list(values)))

    def _write(self, call: Envelope) -> None:
        assert self._driver is not None
        assert self._driver.stdin is not None
        with contextlib.suppress(OSError, RuntimeError):  # it ends: whoever reads notices
            self._driver.stdin.write(call.encode())

    async def close(self) -> None:
        """End the driver, its actors, and the cluster if it was started here."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep_up(self) -> None:
        while True:
            driver = self._driver = await self._start_driver()
            try:
                await self._read(driver)
            finally:
                self.is_up.clear()
                self._fail_calls()
                await end(driver)
                if self.is_local:
                    await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
                log.warning("ray", trouble="the driver has ended, and is started anew")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _start_driver(self) -> asyncio.subprocess.Process:
        path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))
        fixed = {**ONE_THREAD, "PYTHONPATH": path}
        if self.is_local:
            fixed |= LOCAL | {"RAY_AUTH_TOKEN": self._token}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "app.runs.engines.on_ray.driver",
            self._address,
            str(self._places),
            str(self._folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**ENVIRONMENT, **os.environ, **fixed},
            process_group=0,  # so that all that it starts can be ended with it
        )

    async def _read(self, driver: asyncio.subprocess.Process) -> None:
        """Pass on the driver's answers until it ends."""
        assert driver.stdout is not None
        while (told := await read_stream(driver.stdout)) is not None:
            if told.name == "up":
                log.info("ray", address=self._address or "local", driver=driver.pid)
                self.trouble = AWAY
                self._has_been_up = True
                self.is_up.set()
            elif told.name == "trouble":
                log.warning("ray", address=self._address or "local", trouble=told.values[0])
            elif (answer := self._calls.get(told.number)) and not answer.done():
                answer.set_result(told)

    def _fail_calls(self) -> None:
        for answer in self._calls.values():
            if not answer.done():
                answer.set_exception(ClusterGoneError(self.trouble))


async def end(driver: asyncio.subprocess.Process) -> None:
    """End a driver and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(driver.pid, signal.SIGKILL)
    await driver.wait()
