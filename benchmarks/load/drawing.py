"""Many people who draw, in one process: ``python -m benchmarks.load.drawing URL < WHO``.

The first line of stdin says who (JSON: a list of ``path`` and ``cookie``). Each draws a digit
stroke by stroke and has it read about twice a second, on a connection that is kept, as a browser
does. They end when stdin closes, and say how long the answers took.
"""

import io
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

SECONDS_BETWEEN = 0.5
STROKE = [(60, 60), (130, 55), (200, 60), (175, 110), (150, 160), (135, 200), (120, 240)]


def drawings() -> list[bytes]:
    """Return a seven as it is being drawn, as PNG files like the page's."""
    files = []
    for points in range(2, len(STROKE) + 1):
        picture = Image.new("L", (280, 280))
        ImageDraw.Draw(picture).line(STROKE[:points], fill=255, width=22, joint="curve")
        file = io.BytesIO()
        picture.save(file, "PNG")
        files.append(file.getvalue())
    return files


class Report(NamedTuple):
    """How long the answers took, in ms, and what went wrong."""

    latencies: list[float]
    errors: list[str]


def draw(url: str, path: str, cookie: str, over: threading.Event, report: Report) -> None:
    """Draw until it is over."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
    headers = {"Content-Type": "image/png", **({"Cookie": cookie} if cookie else {})}
    files = drawings()
    over.wait(random.uniform(0, SECONDS_BETWEEN))  # noqa: S311 - nobody draws in step
    while not over.is_set():
        for file in files:
            begun = time.perf_counter()
            try:
                connection.request("POST", path, file, headers)
                answer = connection.getresponse()
                told = answer.read()
                if answer.status != HTTPStatus.OK or "digit" not in json.loads(told):
                    report.errors.append(f"{answer.status}: {told[:200].decode()}")
            except (OSError, HTTPException) as error:
                report.errors.append(repr(error))
                connection.close()
            taken = time.perf_counter() - begun
            report.latencies.append(1000 * taken)
            if over.wait(max(0, SECONDS_BETWEEN - taken)):
                return


class Drawers:
    """Such a process, seen from the benchmark."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def leave(self) -> Report:
        """Stop all of them; return how it went."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        return Report(*json.loads(self.process.stdout.readline()))


@contextmanager
def drawers(url: str, who: list[dict[str, str]]) -> Iterator[Drawers]:
    """Start people who draw."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.load.drawing", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(who) + "\n")
        process.stdin.flush()
        yield Drawers(process)
    finally:
        with process:  # closes its pipes, and waits
            process.terminate()


def main() -> None:
    """Draw until stdin closes."""
    over = threading.Event()
    report = Report([], [])
    threads = [
        threading.Thread(target=draw, args=(sys.argv[1], who["path"], who["cookie"], over, report))
        for who in json.loads(sys.stdin.readline())
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
