"""Scenario 1: two hundred viewers of one run.

By turns nobody watches the run and all of them do. Its speed is in steps per second of wall-clock
time, so it shows everything that the viewers take away from it.
"""

import statistics
import time
from typing import NamedTuple

from benchmarks.load.audience import Report, audience
from benchmarks.load.figures import Figure, at_least, below, no_errors, nothing, percentile, place
from benchmarks.load.holdings import children, memory_kib, processor_seconds
from benchmarks.serving import Server

VIEWERS = 200
FRAMES_PER_SECOND = 5
PAIRS = 5
SECONDS = 10.0  # of each turn
SETTLE = 2.0  # after they have come or gone


class Turn(NamedTuple):
    """What was measured in a turn."""

    steps_per_second: float
    memory_kib: int
    server_share: float  # of one processor
    workers_share: float


def turn(server: Server, run: str) -> Turn:
    """Measure for the seconds of a turn."""
    process = server.process.pid
    time.sleep(SETTLE)

    def now() -> tuple[float, int, float, float]:
        step: int = server.request("GET", f"/api/runs/{run}")["step"]
        workers = sum(map(processor_seconds, children(process)))
        return time.perf_counter(), step, processor_seconds(process), workers

    before = now()
    time.sleep(SECONDS)
    seconds, steps, server_seconds, workers = (
        after - earlier for after, earlier in zip(now(), before, strict=True)
    )
    return Turn(steps / seconds, memory_kib(process), server_seconds / seconds, workers / seconds)


def measure(scale: float) -> list[Figure]:
    """Return the figures of the scenario."""
    pairs = max(1, round(PAIRS * scale))
    viewers = max(2, round(VIEWERS * scale))
    alone: list[Turn] = []
    watched: list[Turn] = []
    reports: list[Report] = []
    with place() as (server, _, _):
        run = server.train(dataset="mnist", epochs=1000)
        asked = [{"path": f"/api/runs/{run}/live", "cookie": ""}] * viewers
        for pair in range(pairs):
            alone.append(turn(server, run))
            with audience(server.url, FRAMES_PER_SECOND, "all", asked) as watching:
                watched.append(turn(server, run))
                if pair < pairs - 1:
                    reports.append(watching.leave())
                else:
                    server.request("POST", f"/api/runs/{run}/stop")
                    last = server.request("GET", f"/api/runs/{run}")["epoch"]
                    time.sleep(SETTLE)
                    reports.append(watching.leave())
    kept = statistics.median(
        with_them.steps_per_second / without.steps_per_second
        for without, with_them in zip(alone, watched, strict=True)
    )
    missed = sum(report.missed for report in reports) + (last - reports[-1].last_epoch)
    repeated = sum(report.repeated for report in reports)
    ages = [age for report in reports for age in report.ages]
    grown = (max(t.memory_kib for t in watched) - alone[0].memory_kib) / viewers
    seconds = SECONDS + SETTLE
    frames = sum(report.frames for report in reports[:-1]) / max(1, pairs - 1)
    clients = statistics.median(report.processor_seconds for report in reports) / seconds
    errors = [error for report in reports for error in report.errors]
    return [
        nothing(
            f"epochs that one of {viewers} viewers missed, or was told twice, of {last}",
            missed,
            repeated,
        ),
        below("age of a frame as it comes, 95th percentile", percentile(ages, 95), 250, "ms"),
        at_least("the run's speed, of that without them", kept, 0.85),
        below("memory of the server, for each viewer", grown, 300, "KiB"),
        no_errors(errors),
        Figure("age of a frame, median", f"{statistics.median(ages):.0f} ms"),
        Figure("frames, for each a second", f"{frames / viewers / seconds:.1f}"),
        Figure(
            "processors: server, run, clients (without viewers)",
            f"{statistics.median(t.server_share for t in watched):.2f}, "
            f"{statistics.median(t.workers_share for t in watched):.2f}, {clients:.2f} "
            f"({statistics.median(t.server_share for t in alone):.2f}, "
            f"{statistics.median(t.workers_share for t in alone):.2f}, 0)",
        ),
    ]
