"""Runs on Ray beside runs in processes of the server: ``make bench-engine`` (Linux).

Two servers, each with the same run of full MNIST. By turns one is trained and the other is paused,
alone and with twenty viewers; examples per second are those of the epochs of a turn, and the ratio
is that of two turns one after the other. Ray's cluster is one of this machine.

Where the machine has other work, the clock tells little: Linux shares the processor among sessions
first, and Ray's processes have their own. So there are also the examples for each second
of the processor that all threads of the run's process took together.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.load.audience import Report, audience
from benchmarks.load.figures import Figure, Place, at_least, below, percentile, place
from benchmarks.load.holdings import children, memory_kib, processor_seconds
from benchmarks.serving import Server

ENGINES = ("process", "ray")
PAIRS = 5
SECONDS = 6.0  # of each turn
VIEWERS = 20
FRAMES_PER_SECOND = 10
STARTS = 9
RUNS = 20
BATCH_SIZE = 32
PACED = {"epochs": None, "steps_per_second": 20, "train_examples": 320}


@contextmanager
def trained(server: Server, run: str) -> Iterator[list[float]]:
    """Let a run train for a turn; fill in the examples per second of its epochs."""
    speeds: list[float] = []
    server.request("POST", f"/api/runs/{run}/resume")
    begun = server.request("GET", f"/api/runs/{run}")["epoch"]
    time.sleep(SECONDS)
    yield speeds
    server.request("POST", f"/api/runs/{run}/pause")
    # The first epoch began in the turn before.
    speeds += [epoch["examples_per_second"] for epoch in server.epochs(run, begun + 1)]


class Turn(NamedTuple):
    """What was measured in a turn that nobody watches."""

    speed: float  # examples per second on the clock, the median of its epochs
    per_processor_second: float  # examples
    server_share: float  # of a processor, of the server and of Ray's driver if it has one


def turn(server: Server, run: str) -> Turn:
    """Measure in a turn that nobody watches."""
    pid = server.process.pid
    drivers = [child for child in children(pid) if is_called(child, b"on_ray.driver")]
    workers = [process for process in processes() if is_called(process, b"ray::TrainingActor")]
    if not drivers:
        workers = [child for child in children(pid) if is_called(child, b"app.runs.worker")]

    def now() -> tuple[int, float, float]:
        step: int = server.request("GET", f"/api/runs/{run}")["step"]
        worked = sum(map(processor_seconds, workers))
        return step, worked, sum(map(processor_seconds, [pid, *drivers]))

    before = now()
    with trained(server, run) as speeds:
        steps, worked, served = (
            later - earlier for later, earlier in zip(now(), before, strict=True)
        )
    return Turn(statistics.median(speeds), BATCH_SIZE * steps / worked, served / SECONDS)


def processes() -> list[int]:
    """Return all processes of this machine."""
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]


def is_called(process: int, name: bytes) -> bool:
    """Return whether a process has this in its command line."""
    try:
        return name in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended
        return False


def watched_speed(server: Server, run: str) -> tuple[float, Report]:
    """Return the median speed of a turn that twenty watch, and what they saw."""
    asked = [{"path": f"/api/runs/{run}/live", "cookie": ""}] * VIEWERS
    with (
        audience(server.url, FRAMES_PER_SECOND, "all", asked) as watching,
        trained(server, run) as speeds,
    ):
        report = watching.leave()
    return statistics.median(speeds), report


def seconds_to_first_epoch(server: Server) -> float:
    """Return how long it takes from asking for a run to the figures of its first epoch."""
    began = time.perf_counter()
    run = server.request("POST", "/api/runs", {"epochs": 1})["id"]
    while not server.epochs(run):
        time.sleep(0.002)
    took = time.perf_counter() - began
    time.sleep(2)  # for a spare to be warm again
    return took


def memory_of_runs(server: Server) -> tuple[float, float, float]:
    """Return the server's memory with no run and with twenty, and that of its child, in MiB."""
    server_pid = server.process.pid
    before = memory_kib(server_pid) / 1024
    for _ in range(RUNS):
        server.train(**PACED)
    time.sleep(2)
    driver = max(memory_kib(child) for child in children(server_pid))
    return before, memory_kib(server_pid) / 1024, driver / 1024


def speeds(places: dict[str, Place]) -> list[Figure]:
    """Return how fast a run is on each engine, and how old its frames are."""
    runs = {
        name: places[name].server.train(dataset="mnist", epochs=None, batch_size=BATCH_SIZE)
        for name in ENGINES
    }
    for name, run in runs.items():
        places[name].server.request("POST", f"/api/runs/{run}/pause")
    alone: dict[str, list[Turn]] = {name: [] for name in ENGINES}
    watched: dict[str, list[float]] = {name: [] for name in ENGINES}
    reports: dict[str, list[Report]] = {name: [] for name in ENGINES}
    for pair in track(range(PAIRS), "Training by turns", transient=True):
        for name in ENGINES[:: 1 if pair % 2 else -1]:
            alone[name].append(turn(places[name].server, runs[name]))
            kept, report = watched_speed(places[name].server, runs[name])
            watched[name].append(kept)
            reports[name].append(report)
    ages: dict[str, list[int]] = {
        name: [age for report in reports[name] for age in report.ages] for name in ENGINES
    }
    return [
        Figure(
            "examples per second, processes and Ray",
            ", ".join(
                f"{statistics.median(t.speed for t in alone[name]):,.0f}" for name in ENGINES
            ),
        ),
        at_least(
            "Ray's, of the processes'",
            ratio({name: [t.speed for t in alone[name]] for name in ENGINES}),
            0.95,
        ),
        at_least(
            "the same, for each second of the processor",
            ratio({name: [t.per_processor_second for t in alone[name]] for name in ENGINES}),
            0.95,
        ),
        at_least(f"the same, with {VIEWERS} viewers", ratio(watched), 0.95),
        Figure(
            "processor share of the server, with one unwatched run, processes and Ray",
            ", ".join(
                f"{statistics.median(t.server_share for t in alone[name]):.2f}" for name in ENGINES
            ),
        ),
        Figure(
            f"frames a second for each of {VIEWERS} viewers, processes and Ray",
            ", ".join(f"{len(ages[name]) / PAIRS / VIEWERS / SECONDS:.1f}" for name in ENGINES),
        ),
        Figure(
            "age of a frame as it comes, 95th percentile, processes",
            f"{percentile(ages['process'], 95):.0f} ms",
        ),
        below("the same, Ray", percentile(ages["ray"], 95), 250, "ms"),
    ]


def ratio(measured: dict[str, list[float]]) -> float:
    """Return the median ratio of Ray's turns to the processes'."""
    pairs = zip(measured["ray"], measured["process"], strict=True)
    return statistics.median(ray / process for ray, process in pairs)


def main() -> None:
    """Print the table."""
    figures: list[Figure] = []
    with place(engine="process") as processes, place(engine="ray") as ray:
        places = {"process": processes, "ray": ray}
        began = time.perf_counter()
        ray.server.train(epochs=1)
        figures.append(
            Figure(
                "a run's first epoch, the cluster included", f"{time.perf_counter() - began:.1f} s"
            )
        )
        figures += speeds(places)
        time.sleep(2)
        starts = {
            name: [seconds_to_first_epoch(places[name].server) for _ in range(STARTS)]
            for name in ENGINES
        }
        median = {name: 1000 * statistics.median(starts[name]) for name in ENGINES}
        figures += [
            Figure("from click to first epoch, processes", f"{median['process']:.0f} ms"),
            below("the same, Ray, its cluster warm", median["ray"], 500, "ms"),
        ]
    for name in ENGINES:
        with place(engine=name, max_live_runs_per_visitor=RUNS) as fresh:
            fresh.server.train(epochs=1)
            before, after, driver = memory_of_runs(fresh.server)
        figures.append(
            Figure(
                f"the server's memory with 0 and {RUNS} runs, {name}",
                f"{before:.0f}, {after:.0f} MiB",
            )
        )
        if name == "ray":
            figures.append(Figure("its driver's", f"{driver:.0f} MiB"))
    table = Table(title="Ray beside processes")
    for column in ("", "measured", "goal"):
        table.add_column(column)
    for figure in figures:
        table.add_row(figure.what, figure.figure, figure.goal, style="" if figure.met else "red")
    Console().print(table)


if __name__ == "__main__":
    main()
