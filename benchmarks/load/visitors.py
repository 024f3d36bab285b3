"""Scenario 2: thirty visitors, each with a run of their own that they watch and draw on."""

import statistics
import time

from benchmarks.load.audience import audience
from benchmarks.load.drawing import drawers
from benchmarks.load.figures import Figure, at_least, below, no_errors, percentile, place
from benchmarks.load.holdings import processor_seconds
from benchmarks.serving import Server, Visitor

VISITORS = 30
EPOCHS = 5000
SECONDS = 60.0
SETTLE = 5.0
PATIENCE = 180.0  # until all have begun


def all_training(visitors: list[Visitor], runs: list[str]) -> None:
    """Wait until every run has trained an epoch."""
    deadline = time.monotonic() + PATIENCE
    for visitor, run in zip(visitors, runs, strict=True):
        while not visitor.request("GET", f"/api/runs/{run}")["epoch"]:
            if time.monotonic() > deadline:
                raise SystemExit("not all runs have begun")
            time.sleep(0.2)


def states(visitors: list[Visitor], runs: list[str]) -> list[tuple[float, int, str]]:
    """Return the time, the step and the status of each run."""
    found = []
    for visitor, run in zip(visitors, runs, strict=True):
        told = visitor.request("GET", f"/api/runs/{run}")
        found.append((time.perf_counter(), told["step"], told["status"]))
    return found


def measure(scale: float) -> list[Figure]:
    """Return the figures of the scenario."""
    count = max(2, round(VISITORS * scale))
    seconds = max(10.0, SECONDS * scale)
    with place(max_live_runs=count) as (server, _, _):
        visitors = [Visitor(server.url) for _ in range(count)]
        runs = [
            visitor.request("POST", "/api/runs", {"epochs": EPOCHS, "seed": seed})["id"]
            for seed, visitor in enumerate(visitors)
        ]
        all_training(visitors, runs)
        return measured(server, visitors, runs, seconds)


def measured(
    server: Server, visitors: list[Visitor], runs: list[str], seconds: float
) -> list[Figure]:
    """Let them watch and draw for so many seconds; return the figures."""

    def asked(call: str) -> list[dict[str, str]]:
        return [
            {"path": f"/api/runs/{run}/{call}", "cookie": visitor.cookie}
            for visitor, run in zip(visitors, runs, strict=True)
        ]

    with (
        audience(server.url, 10, "weights", asked("live")) as watching,
        drawers(server.url, asked("predict")) as drawing,
    ):
        time.sleep(SETTLE)
        used = processor_seconds(server.process.pid)
        before = states(visitors, runs)
        time.sleep(seconds)
        after = states(visitors, runs)
        used = processor_seconds(server.process.pid) - used
        drew, saw = drawing.leave(), watching.leave()
    speeds = [
        (step - step_before) / (now - then)
        for (then, step_before, _), (now, step, _) in zip(before, after, strict=True)
    ]
    slowest = min(speeds) / statistics.median(speeds)
    wrong = [status for _, _, status in after if status not in ("training", "finished")]
    errors = drew.errors + saw.errors + wrong
    if saw.missed or saw.repeated:
        errors.append(f"{saw.missed} epochs missed, {saw.repeated} told twice")
    return [
        at_least("the slowest run's speed, of the median's", slowest, 0.5),
        below("a prediction, 95th percentile", percentile(drew.latencies, 95), 150, "ms"),
        no_errors(errors),
        Figure("a prediction, median", f"{statistics.median(drew.latencies):.0f} ms"),
        Figure("drawings, for each a second", f"{len(drew.latencies) / len(runs) / seconds:.1f}"),
        Figure("frames, for each a second", f"{saw.frames / len(runs) / (seconds + SETTLE):.1f}"),
        Figure("age of a frame as it comes, 95th percentile", f"{percentile(saw.ages, 95):.0f} ms"),
        Figure("processors: server", f"{used / (after[0][0] - before[0][0]):.2f}"),
    ]
