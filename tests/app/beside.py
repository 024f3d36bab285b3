"""What must not suffer from hostile clients: a run that is watched, and the server itself."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.app.clients import Client, Watcher
from tests.server_process import ServerProcess
from tests.servers import PATIENCE


class Beside:
    """A run of some twenty epochs a second, with a viewer, for the time of a ``with``.

    At its end the viewer has been told of every epoch, once and in order; the server answers, has
    logged no exception, and has not grown by more than ``max_growth`` bytes for long.
    """

    def __init__(self, server: ServerProcess, max_growth: int = 64 * 2**20) -> None:
        self.server = server
        self.max_growth = max_growth
        self.client = Client(base_url=server.url, timeout=PATIENCE)
        self.threads = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        self.run = self.client.run(epochs=None, train_examples=320, steps_per_second=200)
        self.watcher = Watcher(self.server, self.run)
        self.first = self.watcher.until("epoch")[-1]["epoch"]
        self.watching = self.threads.submit(self.told)
        self.before = self.resident_bytes()
        return self

    def told(self) -> list[int]:
        """Return the epochs that the viewer is told of until the run stops, however long."""
        epochs = []
        while True:
            event = self.watcher.receive()
            if isinstance(event, dict):
                if event["type"] == "epoch":
                    epochs.append(event["epoch"])
                if event.get("status") == "stopped":
                    return epochs

    def resident_bytes(self) -> int:
        """Return how much memory the server has."""
        pages = Path(f"/proc/{self.server.pid}/statm").read_text().split()[1]
        return int(pages) * 4096

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.check()
            self.client.delete(f"/api/runs/{self.run}")
        finally:
            self.watcher.close()
            self.client.close()
            self.threads.shutdown()

    def check(self) -> None:
        """Assert that nothing has suffered."""
        deadline = time.monotonic() + PATIENCE
        while (grown := self.resident_bytes() - self.before) > self.max_growth:
            assert time.monotonic() < deadline, f"the server has grown by {grown:,} bytes"
            time.sleep(0.5)  # it gives memory back every few seconds
        last = self.client.command(self.run, "stop")["epoch"]
        seen = self.watching.result(PATIENCE)
        assert seen == list(range(self.first + 1, last + 1))
        assert self.client.get("/api/health").status_code == 200
        log = "".join(self.server.log)
        expected = log.count("Invalid UTF-8 sequence")  # uvicorn closes that socket, and says so
        assert log.count("Traceback") == expected, log
