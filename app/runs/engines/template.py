"""The server's side of the workers' template: a process that forks a worker when asked to."""

import asyncio
import contextlib
import os
import socket
import sys
from collections import deque
from pathlib import Path
from typing import NamedTuple

PACKAGE_ROOT = Path(__file__).resolve().parents[3]

# One BLAS thread for each run: many runs share a small machine, and with one thread sums are always
# added up in the same order, so the same seed gives the same bits.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}

# macOS's own libraries, which NumPy uses there, may hang in a forked process.
FORKS = sys.platform == "linux"

# Until a template that does not answer is replaced. It may be importing NumPy from a slow disk.
FORK_SECONDS = 60.0


class TemplateGoneError(Exception):
    """The template has ended, or does not answer."""


class Forked(NamedTuple):
    """A worker's process."""

    pid: int
    ended: asyncio.Future[int | None]  # with its exit code; None: nobody knows it


class Template:
    """A process that has imported all that a worker needs, and forks one when asked to.

    With ``forks`` False it becomes the worker instead, and is used up.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, asking: socket.socket, *, forks: bool
    ) -> None:
        self.is_gone = False
        self._process = process
        self._asking = asking
        self._forks = forks
        self._begin: deque[asyncio.Future[Forked]] = deque()  # those that were asked for
        self._end: dict[int, asyncio.Future[int | None]] = {}
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, *, forks: bool = FORKS) -> "Template":
        """Start a template. Raises OSError."""
        path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))
        asking, asked = socket.socketpair()
        asking.settimeout(0)
        with asked:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # modules in the folder that the server was started in are none of ours
                "-m",
                "app.runs.worker_template",
                *([] if forks else ["once"]),
                stdin=asked.fileno(),
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
                # Ctrl-C in a terminal is for the server, which ends the workers. A session of its
                # own would do that, too, but Linux shares the processor among sessions before it
                # looks at niceness: the server would wait a millisecond each time that it wants to
                # go on.
                process_group=0,
            )
        return cls(process, asking, forks=forks)

    async def fork(self, commands: int, reports: int) -> Forked:
        """Return a new worker, with these pipes. Raises TemplateGoneError and OSError."""
        begin = asyncio.get_running_loop().create_future()
        self._begin.append(begin)
        try:
            socket.send_fds(self._asking, [b"w"], [commands, reports])
        except OSError:  # it has ended, or was stopped
            self._begin.pop()
            self.end()
            raise TemplateGoneError from None
        self.is_gone = not self._forks
        try:
            return await asyncio.wait_for(begin, FORK_SECONDS)
        except TimeoutError:
            self.end()
            raise TemplateGoneError from None

    def end(self) -> None:
        """End the process at once; the workers that it has forked go on."""
        self.is_gone = True
        self._asking.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the process, and return when it has ended."""
        self.end()
        await self._listening
        await self._process.wait()

    async def _listen(self) -> None:
        """Hear what became of the workers, until the template ends."""
        loop = asyncio.get_running_loop()
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            match line.decode().split():
                case ["begun", pid]:
                    ended = self._end[int(pid)] = loop.create_future()
                    self._answer(Forked(int(pid), ended))
                case ["failed", number]:
                    self._answer(OSError(int(number), os.strerror(int(number))))
                case ["ended", pid, code]:
                    self._end.pop(int(pid)).set_result(int(code))
        self.is_gone = True
        self._asking.close()
        while self._begin:
            self._answer(TemplateGoneError())
        last = None if self._forks else await self._process.wait()
        for ended in self._end.values():
            ended.set_result(last)

    def _answer(self, answer: Forked | Exception) -> None:
        """Tell who has asked first; they may have lost patience."""
        begin = self._begin.popleft()
        if begin.done():
            return
        if isinstance(answer, Exception):
            begin.set_exception(answer)
        else:
            begin.set_result(answer)
