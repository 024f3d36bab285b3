"""The engine that trains each run in a process of this machine, and keeps a warm spare.

A worker is a new process, with pipes for stdin and stdout and no other open file, so it can't keep
the server's sockets open. Importing NumPy takes most of its start, so one that has already done
that waits for the next run.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from app.runs.engines.engine import LOCAL_NODE, End, OnMessage, OnWait, Worker
from app.runs.messages import LENGTHS, Command, Here, Message, decode

PACKAGE_ROOT = Path(__file__).resolve().parents[3]

# One BLAS thread for each run: many runs share a small machine, and with one thread sums are always
# added up in the same order, so the same seed gives the same bits.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


class ProcessWorker(Worker):
    """A worker that is a process of this machine."""

    node = LOCAL_NODE

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        super().__init__()
        self.process = process
        self.pid = process.pid

    @classmethod
    async def start(cls) -> "ProcessWorker":
        """Start a worker that waits for its run."""
        path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # modules in the folder that the server was started in are none of ours
            "-m",
            "app.runs.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            # Ctrl-C in a terminal is for the server, which ends the workers. A session of its own
            # would do that, too, but Linux shares the processor among sessions before it looks at
            # niceness: the server would wait a millisecond each time that it wants to go on.
            process_group=0,
        )
        return cls(process)

    @property
    def has_ended(self) -> bool:
        """Whether it is known to be gone."""
        return self.process.returncode is not None

    def send(self, command: Command, payload: bytes = b"", number: int | None = None) -> None:
        """Send a command; it is lost if the worker is gone, which ``listen`` notices."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, RuntimeError):
            self.process.stdin.write(Message(command, payload, number).encode())

    async def listen(self, on_message: OnMessage) -> End:
        """Pass on the worker's reports until it ends; return how it did."""
        assert self.process.stdout is not None
        while (message := await read_stream(self.process.stdout)) is not None:
            if isinstance(message.body, Here):
                self.answer(message)
            else:
                await on_message(message)
        code = await self.process.wait()
        if code < 0:
            return End(f"its process was ended by {signal.Signals(-code).name}")
        return End(f"its process ended with exit code {code}" if code else "its process ended")

    async def end(self) -> None:
        """End the worker: closing its stdin is enough, unless it is stuck."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 2)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        with contextlib.suppress(ProcessLookupError):  # it has ended just now
            self.process.kill()
        await self.process.wait()


async def read_stream(stream: asyncio.StreamReader) -> Message | None:
    """Read the next message of a stream; None at its end."""
    try:
        content_length, payload_length = LENGTHS.unpack(await stream.readexactly(LENGTHS.size))
        content = await stream.readexactly(content_length)
        return decode(content, await stream.readexactly(payload_length))
    except asyncio.IncompleteReadError:
        return None


class ProcessEngine:
    """Hands out workers, and keeps a spare one warm."""

    def __init__(self) -> None:
        self._spare: asyncio.Task[ProcessWorker] | None = None

    def open(self) -> None:
        """Start the spare worker, in the background, unless there is one."""
        if self._spare is None:
            self._spare = asyncio.create_task(ProcessWorker.start())

    async def take(self, on_wait: OnWait) -> ProcessWorker:  # noqa: ARG002 - it never waits
        """Return a worker that waits for its run, and warm up another."""
        spare, self._spare = self._spare, None
        try:
            worker = await spare if spare else await ProcessWorker.start()
            if worker.has_ended:  # somebody killed it while it waited
                worker = await ProcessWorker.start()
        except asyncio.CancelledError:  # its run was deleted; the next one needs a spare
            self.open()
            raise
        self.open()
        return worker

    async def close(self) -> None:
        """End the spare, which has nothing to lose and may still be importing NumPy."""
        spare, self._spare = self._spare, None
        if spare:
            await (await spare).kill()
