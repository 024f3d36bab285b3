"""A real server in a process of its own, which takes two seconds of the processor to start.

It is for tests that kill or signal it, measure its memory or its files, or read its log.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from tests.servers import PATIENCE, ROOT


class ServerProcess:
    """``nudge serve`` on a port of this machine."""

    def __init__(self, port: int, settings: dict[str, Any]) -> None:
        environment = {f"NUDGE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}")
        self.log: list[str] = []
        self._ports: Queue[int] = Queue()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.port = self._ports.get(timeout=PATIENCE)
        except Empty:
            self.port = 0
        if not self.port:
            self.kill()
            raise AssertionError("the server did not start:\n" + "".join(self.log))
        self.url = f"http://127.0.0.1:{self.port}"

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if match := re.search(r"running on http://[\d.]+:(\d+)", line):
                self._ports.put(int(match[1]))
        self._ports.put(0)  # it ended, perhaps without having started

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def stop(self) -> int:
        """End the server politely; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def end_abruptly(self) -> None:
        """Note that the process has been killed, or wait until it has."""
        self._wait()

    def kill(self) -> None:
        """End the server at once."""
        self.process.kill()
        self._wait()

    def end(self) -> None:
        """End the server politely, unless it has ended."""
        if self.process.poll() is None:
            self.stop()

    def _wait(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


StartProcess = Callable[..., ServerProcess]
