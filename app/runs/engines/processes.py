"""The engine that trains each run in a process of this machine.

A worker is forked from a template. It has pipes for stdin and stdout and no other open file, so it
can't keep the server's sockets open.
"""

import asyncio
import contextlib
import os
import signal

from app.log import log
from app.runs.engines.engine import LOCAL_NODE, End, OnMessage, OnWait, Worker
from app.runs.engines.template import FORKS, Forked, Template, TemplateGoneError
from app.runs.messages import LENGTHS, Command, Here, Message, decode

TEMPLATES = 3  # that are started for one worker: one that ends at once would go on doing so


class ProcessWorker(Worker):
    """A worker that is a process of this machine."""

    node = LOCAL_NODE

    def __init__(
        self, process: Forked, commands: asyncio.WriteTransport, reports: asyncio.StreamReader
    ) -> None:
        super().__init__()
        self.pid = process.pid
        self._ended = process.ended
        self._commands = commands
        self._reports = reports

    @classmethod
    async def start(cls, template: Template) -> "ProcessWorker":
        """Start a worker that waits for its run. Raises TemplateGoneError and OSError."""
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            their_commands, our_commands = os.pipe()
            theirs.callback(os.close, their_commands)
            to_worker = ours.enter_context(os.fdopen(our_commands, "wb", 0))
            our_reports, their_reports = os.pipe()
            theirs.callback(os.close, their_reports)
            from_worker = ours.enter_context(os.fdopen(our_reports, "rb", 0))
            process = await template.fork(their_commands, their_reports)
            loop = asyncio.get_running_loop()
            commands, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, to_worker)
            ours.callback(commands.close)
            reports = asyncio.StreamReader()
            await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reports), from_worker)
            ours.pop_all()  # from here on, the end of the worker or of its run closes them
        return cls(process, commands, reports)

    @property
    def has_ended(self) -> bool:
        """Whether it is known to be gone."""
        return self._reports.at_eof()

    def send(self, command: Command, payload: bytes = b"", number: int | None = None) -> None:
        """Send a command; it is lost if the worker is gone, which ``listen`` notices."""
        self._commands.write(Message(command, payload, number).encode())

    async def listen(self, on_message: OnMessage) -> End:
        """Pass on the worker's reports until it ends; return how it did."""
        while (message := await read_stream(self._reports)) is not None:
            if isinstance(message.body, Here):
                self.answer(message)
            else:
                await on_message(message)
        self._commands.close()
        code = await self._ended
        if code is not None and code < 0:
            return End(f"its process was ended by {signal.Signals(-code).name}")
        return End(f"its process ended with exit code {code}" if code else "its process ended")

    async def end(self) -> None:
        """End the worker: closing its stdin is enough, unless it is stuck."""
        self._commands.close()
        try:
            await asyncio.wait_for(asyncio.shield(self._ended), 2)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        self._commands.close()
        if not self.has_ended:
            with contextlib.suppress(ProcessLookupError):  # it has ended just now
                os.kill(self.pid, signal.SIGKILL)
        await asyncio.shield(self._ended)


async def read_stream(stream: asyncio.StreamReader) -> Message | None:
    """Read the next message of a stream; None at its end."""
    try:
        content_length, payload_length = LENGTHS.unpack(await stream.readexactly(LENGTHS.size))
        content = await stream.readexactly(content_length)
        return decode(content, await stream.readexactly(payload_length))
    except asyncio.IncompleteReadError:
        return None


class ProcessEngine:
    """Hands out workers, and keeps their template ready."""

    def __init__(self) -> None:
        self._forks = FORKS
        self._template: asyncio.Task[Template] | None = None

    def open(self) -> None:
        """Start the template, in the background, unless there is one."""
        if self._template is None or is_of_no_use(self._template):
            self._template = asyncio.create_task(Template.start(forks=self._forks))

    async def take(self, on_wait: OnWait) -> ProcessWorker:  # noqa: ARG002 - it never waits
        """Return a worker that waits for its run."""
        for _ in range(TEMPLATES):
            self.open()
            assert self._template is not None
            template = await asyncio.shield(self._template)  # others may wait for it, too
            try:
                return await ProcessWorker.start(template)
            except TemplateGoneError:
                log.warning("worker template", reason="it has ended, or does not answer")
            finally:
                self.open()
        raise OSError("each template of the workers ends at once")

    async def close(self) -> None:
        """End the template, which has nothing to lose and may still be importing NumPy."""
        template, self._template = self._template, None
        if template:
            with contextlib.suppress(OSError):  # it could not be started
                await (await template).close()


def is_of_no_use(template: asyncio.Task[Template]) -> bool:
    """Return whether a template could not be started, has ended, or is used up."""
    if not template.done():
        return False
    return template.cancelled() or template.exception() is not None or template.result().is_gone
