"""A real server in another process, for the tests."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).resolve().parents[1]
NO_SETTINGS = {name: value for name, value in os.environ.items() if not name.startswith("NUDGE_")}
PATIENCE = 60.0  # seconds until a test gives up on something that should have happened


class Server:
    """A server process on a port of this machine."""

    def __init__(self, port: int | None, environment: dict[str, str]) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="nudge-store-")
        own = {"NUDGE_STORE_DIR": self._scratch.name}  # where a test names none
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port or 0)],
            cwd=ROOT,
            env={**NO_SETTINGS, **own, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
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

    def _wait(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()
        self._scratch.cleanup()
        return code
