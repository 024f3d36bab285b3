"""Scenario 4: an hour's worth of runs, started, stopped and deleted in five minutes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load.figures import Figure, nothing, place
from benchmarks.load.holdings import Holdings, children, holdings
from benchmarks.serving import Visitor

RUNS = 600
SECONDS = 300.0
AT_ONCE = 4
WARM_UP = 8  # runs before the counting begins: what is there once is there then
PATIENCE = 30.0  # until the server has let go of the last of them


def live(visitor: Visitor, number: int) -> None:
    """Start a run, stop it and delete it."""
    run = visitor.request("POST", "/api/runs", {"epochs": None, "seed": number})["id"]
    while not visitor.request("GET", f"/api/runs/{run}")["epoch"]:
        time.sleep(0.05)
    for command in (("stop",), ("pause",), ("pause", "stop"), ())[number % 4]:
        visitor.request("POST", f"/api/runs/{run}/{command}")
    visitor.request("DELETE", f"/api/runs/{run}")


def left(after: Holdings, before: Holdings) -> dict[str, int]:
    """Return how much more of everything there is; files and rows by what they are."""
    return {
        "descriptors": max(0, after.descriptors - before.descriptors),
        "processes": max(0, after.processes - before.processes),
        "files": len(after.files - before.files),
        "rows": sum(
            max(0, count - before.rows.get(table, 0)) for table, count in after.rows.items()
        ),
    }


def measure(scale: float) -> list[Figure]:
    """Return the figures of the scenario."""
    count = max(4, round(RUNS * scale))
    local = threading.local()
    with place() as (server, store, cache):

        def one(number: int) -> None:
            if not hasattr(local, "visitor"):
                local.visitor = Visitor(server.url)
            live(local.visitor, number)

        def now() -> Holdings:
            return holdings(server.process.pid, store, cache)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(one, range(WARM_UP)))
            while len(children(server.process.pid)) > 1:  # the last workers have not ended yet
                time.sleep(0.05)
            before = now()
            begun = time.monotonic()

            def in_time(number: int) -> bool:
                if time.monotonic() - begun > SECONDS * scale:
                    return False
                one(number)
                return True

            lived = sum(threads.map(in_time, range(count)))
        taken = time.monotonic() - begun
        deadline = time.monotonic() + PATIENCE
        while any(left(after := now(), before).values()) and time.monotonic() < deadline:
            time.sleep(0.5)
    grown = (after.memory_kib - before.memory_kib) / 1024
    return [
        Figure(
            "runs that lived",
            f"{lived} in {taken:.0f} s",
            f"{count} in {SECONDS * scale:.0f} s",
            lived == count,
        ),
        *(nothing(f"{name} left", number) for name, number in left(after, before).items()),
        Figure("memory that the server grew by", f"{grown:.1f} MiB"),
    ]
