"""A proxy in a thread, with the habits of real ones that trouble web applications."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers import PATIENCE, Server


class Proxy:
    """Passes connections on to a server.

    ``prefix`` is the path that it serves the server under; everything else is 404. It takes that
    path off (``strips``), and says so in X-Forwarded-Prefix (``tells``), or doesn't. If it
    ``refuses_sockets``, it answers them with 403. ``adds`` are headers that it sets. If it
    ``takes_cookies``, it takes them off the server's answers, so that no browser keeps one.
    """

    def __init__(
        self,
        server: Server,
        prefix: str = "",
        *,
        strips: bool = True,
        tells: bool = True,
        refuses_sockets: bool = False,
        takes_cookies: bool = False,
        adds: dict[str, str] | None = None,
    ) -> None:
        self.server = server
        self.prefix = prefix
        self.strips = strips
        self.adds = dict(adds or {}) | ({"X-Forwarded-Prefix": prefix} if prefix and tells else {})
        self.refuses_sockets = refuses_sockets
        self.edit = without_cookies if takes_cookies else None
        self.missed: list[str] = []  # paths that were not below the prefix
        self._silent: list[asyncio.Event] = []  # one for each open connection
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        self.url = f"http://127.0.0.1:{self.port}{prefix}"

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        listening = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=2**20)
        self.port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def fall_silent(self) -> None:
        """Send nothing more on the connections that are open now, and close none of them."""
        self._call(self._silence_all)

    def _silence_all(self) -> None:
        for event in self._silent:
            event.set()

    def end(self) -> None:
        """Close everything."""
        self._call(self._ended.set)
        self._thread.join(PATIENCE)

    def _call(self, action: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(action)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Not in the task itself: one that is cancelled before it has begun would close nothing.
        task.add_done_callback(lambda _: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The other side may leave, or the proxy end.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._pass_on(reader, writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request and its answer on; a WebSocket goes on in both directions."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        method, path, version = head[0].split(" ", 2)
        headers = [line for line in head[1:] if line]
        is_socket = any(line.lower().startswith("upgrade:") for line in headers)
        if is_socket and self.refuses_sockets:
            writer.write(
                b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            return
        if self.prefix:
            if not f"{path.partition('?')[0]}/".startswith(f"{self.prefix}/"):
                self.missed.append(path)
                writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            if self.strips:
                path = path[len(self.prefix) :] or "/"
        told = {name.lower() for name in self.adds}
        headers = [line for line in headers if line.partition(":")[0].lower() not in told]
        headers += [f"{name}: {value}" for name, value in self.adds.items()]
        if not is_socket:
            headers = [line for line in headers if not line.lower().startswith("connection:")]
            headers.append("Connection: close")
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        request = "\r\n".join([f"{method} {path} {version}", *headers, "", ""])
        up_writer.write(request.encode("latin1"))
        silent = asyncio.Event()
        self._silent.append(silent)
        try:
            await asyncio.gather(
                pump(reader, up_writer, silent),
                pump(up_reader, writer, silent, last=True, edit=self.edit),
            )
        finally:
            self._silent.remove(silent)
            up_writer.close()


async def pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    silent: asyncio.Event,
    *,
    last: bool = False,
    edit: Callable[[bytes], bytes] | None = None,
) -> None:
    """Pass on what comes, until it ends, or for ever nothing once this connection is silent.

    ``edit`` changes what comes first: an answer's headers.
    """
    while data := await reader.read(2**16):
        if silent.is_set():
            await asyncio.Event().wait()
        if edit is not None:
            data, edit = edit(data), None
        writer.write(data)
        await writer.drain()
    if silent.is_set():
        await asyncio.Event().wait()
    if last:
        writer.close()


def without_cookies(answer: bytes) -> bytes:
    """Return the beginning of an answer, with all of its headers, but none that sets a cookie."""
    return re.sub(rb"(?im)^set-cookie:.*\r\n", b"", answer)


@contextmanager
def proxying(server: Server, prefix: str = "", **habits: object) -> Iterator[Proxy]:
    """Proxy a server for a ``with``."""
    proxy = Proxy(server, prefix, **habits)  # type: ignore[arg-type]
    try:
        yield proxy
    finally:
        proxy.end()
