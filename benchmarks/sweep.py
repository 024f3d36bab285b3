"""Sweeps: what they take beside their runs' own training, and their page: ``make bench-sweep``.

Thirty runs of digits-5k, two at once: the time from the call to the end, beside the sum of the
runs' own training time over two; what successive halving finds of the same thirty, and in how many
steps. Then the animation frames per second of the page while thirty curves grow on it, beside those
of an empty page, by turns.
"""

import tempfile
import time
from typing import Any

from playwright.sync_api import Browser
from rich.console import Console

from benchmarks.chromium import chromium
from benchmarks.page import EMPTY, share_of_frames
from benchmarks.serving import Server, serving

AT_ONCE = 2
VARY = {"learning_rate": {"from": 0.03, "to": 30, "scale": "log", "count": 10}, "seed": [0, 1, 2]}
EPOCHS = (30, 150)
GROWING = {"epochs": None, "train_examples": 320, "steps_per_second": 50}  # five epochs a second


def trained(server: Server, epochs: int, search: str) -> tuple[float, dict[str, Any]]:
    """Train a sweep to its end; return the seconds that it took, and the sweep."""
    asked = {"base": {"epochs": epochs}, "vary": VARY, "search": search, "at_once": AT_ONCE}
    began = time.perf_counter()
    sweep = server.request("POST", "/api/sweeps", asked)
    while sweep["status"] == "training":
        time.sleep(0.1)
        sweep = server.request("GET", f"/api/sweeps/{sweep['id']}")
    return time.perf_counter() - began, sweep


def own_seconds(server: Server, sweep: dict[str, Any]) -> float:
    """Return for how long the runs of a sweep have trained, by their own clocks."""
    epochs = [server.epochs(run["id"]) for run in sweep["runs"]]
    return sum(epoch["seconds"] for of_run in epochs for epoch in of_run)


def show_sweeps(server: Server, console: Console) -> None:
    """Train the thirty, as a grid and by halving, and print how both went."""
    for epochs in EPOCHS:
        wall, grid = trained(server, epochs, "grid")
        least = own_seconds(server, grid) / AT_ONCE
        console.print(
            f"30 runs of {epochs} epochs, {AT_ONCE} at once: {wall:.1f} s, {wall / least:.2f} of "
            f"the sum of their own training time over {AT_ONCE} ({least:.1f} s)"
        )
        halved_wall, halved = trained(server, epochs, "halving")
        steps = [sum(run["step"] for run in sweep["runs"]) for sweep in (grid, halved)]
        best = [max(run["test_accuracy"] for run in sweep["runs"]) for sweep in (grid, halved)]
        console.print(
            f"by halving: {halved_wall:.1f} s, {steps[1] / steps[0]:.2f} of the steps, best test "
            f"accuracy {best[1]:.1%}; the grid's {best[0]:.1%}"
        )
        for sweep in (grid, halved):
            server.request("DELETE", f"/api/sweeps/{sweep['id']}")


def show_frames(server: Server, browser: Browser, console: Console) -> None:
    """Print the frames per second of the page while thirty curves grow on it."""
    asked = {"base": GROWING, "vary": {"seed": list(range(30))}, "at_once": 30}
    sweep = server.request("POST", "/api/sweeps", asked)
    path = f"/api/sweeps/{sweep['id']}"
    page, empty = (browser.new_page(viewport={"width": 1440, "height": 900}) for _ in range(2))
    empty.set_content(EMPTY)
    page.goto(f"{server.url}/sweeps/{sweep['id']}")
    while not all(run["epoch"] for run in sweep["runs"]):
        time.sleep(0.5)
        sweep = server.request("GET", path)
    share = share_of_frames(page, empty, console)
    grown = server.request("GET", path)["runs"]
    epochs = [
        after["epoch"] - before["epoch"] for after, before in zip(grown, sweep["runs"], strict=True)
    ]
    console.print(
        f"while 30 curves grow (by {min(epochs)} to {max(epochs)} epochs): "
        f"{share:.2f} of an empty page's"
    )
    server.request("DELETE", path)


def main() -> None:
    """Print the figures."""
    console = Console()
    with (
        tempfile.TemporaryDirectory() as store,
        serving(max_live_runs_per_visitor=32, store_dir=store) as server,
    ):
        show_sweeps(server, console)
        with chromium() as browser:
            show_frames(server, browser, console)


if __name__ == "__main__":
    main()
