"""Scenario 3: hostile clients, beside somebody who watches a run.

They come three times. The first time, the server takes the memory that it needs for so many at
once, of which its allocator keeps some; what they leave behind every time shows in the last.
"""

import subprocess
import sys
import time

from benchmarks.load.audience import audience
from benchmarks.load.figures import Figure, below, no_errors, nothing, percentile, place
from benchmarks.load.holdings import Holdings, holdings

DROPPED, SILENT, BABBLED = 1000, 100, 100
TIMES = 3
STALL_SECONDS = 2
PATIENCE = 30.0  # until the server has let go of them
ROUNDING_KIB = 1024


def come_and_go(url: str, path: str, counts: list[int]) -> int:
    """Run the hostile clients; return how many of those that never read were not cut off."""
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.load.rudeness", url, path, *map(str, counts)],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return int(told.stdout)


def afterwards(process: int, before: Holdings) -> Holdings:
    """Return what the server holds once it holds no more than before, or after some patience."""
    deadline = time.monotonic() + PATIENCE
    while (now := holdings(process)).descriptors > before.descriptors or (
        now.memory_kib > before.memory_kib + ROUNDING_KIB
    ):
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return now


def measure(scale: float) -> list[Figure]:
    """Return the figures of the scenario."""
    counts = [max(1, round(count * scale)) for count in (DROPPED, SILENT, BABBLED)]
    with place(viewer_stall_seconds=STALL_SECONDS, kept_checkpoints=1) as (server, _, _):
        process = server.process.pid
        run = server.train(epochs=None, hidden=[32], steps_per_second=1000)
        path = f"/api/runs/{run}/live"
        with audience(server.url, 5, "all", [{"path": path, "cookie": ""}]) as watching:
            time.sleep(2)
            before = holdings(process)
            not_cut_off = 0
            after: list[Holdings] = []
            for _ in range(TIMES):
                not_cut_off += come_and_go(server.url, path, counts)
                after.append(afterwards(process, before))
            server.request("POST", f"/api/runs/{run}/stop")
            last = server.request("GET", f"/api/runs/{run}")["epoch"]
            time.sleep(2)
            saw = watching.leave()
    missed = saw.missed + last - saw.last_epoch
    memory = [held.memory_kib / 1024 for held in (before, *after)]
    return [
        nothing(
            f"descriptors left of {TIMES} times {' + '.join(map(str, counts))} sockets",
            after[-1].descriptors - before.descriptors,
        ),
        nothing("processes left", after[-1].processes - before.processes),
        below("memory that the last time added", memory[-1] - memory[-2], 2, "MiB", digits=1),
        nothing(
            f"epochs that the one beside them missed, or was told twice, of {last}",
            missed,
            saw.repeated,
        ),
        nothing("who never read and was not cut off", not_cut_off),
        no_errors(saw.errors),
        Figure(
            "memory before, and after each time",
            ", ".join(f"{mebibytes:.1f}" for mebibytes in memory) + " MiB",
        ),
        Figure("age of that one's frames, 95th percentile", f"{percentile(saw.ages, 95):.0f} ms"),
    ]
