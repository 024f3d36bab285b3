"""A real HTTP server with the files of a data set, for the tests of downloads."""

import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from nn_core.datasets import DatasetInfo
from nn_core.datasets.registry import RemoteFile, Source
from tests.servers import PATIENCE


class Mirror:
    """Serves files by their path, whole or in part, at once or when a test lets it continue."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = files or {}
        self.requests: list[str] = []
        self.cut_after: int | None = None  # bytes that are sent of each file, though all are due
        self.chunked: int | None = None  # the size of the chunks that each file is sent in
        self.hold_after: int | None = None  # bytes that are sent before it waits
        self.holding = threading.Semaphore(0)  # one for each download that waits
        self.go_on = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.lstrip("/")
                mirror.requests.append(path)
                if path not in mirror.files:
                    self.send_error(404)
                    return
                body = mirror.files[path]
                self.close_connection = True
                self.send_response(200)
                if mirror.chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    self.send_chunks(body, mirror.chunked)
                    return
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                first = len(body) if mirror.hold_after is None else mirror.hold_after
                self.wfile.write(body[: mirror.cut_after][:first])
                if first < len(body):
                    mirror.holding.release()
                    mirror.go_on.wait(PATIENCE)
                    self.wfile.write(body[: mirror.cut_after][first:])

            def send_chunks(self, body: bytes, size: int) -> None:
                for start in range(0, len(body), size):
                    chunk = body[start : start + size]
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_args: object) -> None:
                pass

        return Handler

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


def published(info: DatasetInfo, files: dict[str, bytes], address: str) -> DatasetInfo:
    """Return a data set whose published files are these, with their true sizes and sums."""
    remote = tuple(
        RemoteFile(name, len(body), hashlib.sha256(body).hexdigest())
        for name, body in files.items()
    )
    return replace(info, source=Source(address, remote))
