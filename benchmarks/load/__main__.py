"""The server under load: ``make bench-load``, or some of it: ``python -m benchmarks.load 1 3``.

Four scenarios, each with a server of its own and its clients in processes of their own, on
loopback. Each is bounded and ends by itself. ``--scale 0.1`` is a quick try: fewer, and shorter.
"""

import argparse

from rich.console import Console
from rich.table import Table

from benchmarks.load import churn, rude, viewers, visitors

SCENARIOS = {
    1: ("Two hundred viewers of one run", viewers.measure),
    2: ("Thirty visitors, each training and drawing", visitors.measure),
    3: ("Sockets dropped rudely, never read, full of garbage", rude.measure),
    4: ("An hour's worth of runs in five minutes", churn.measure),
}


def scenario(text: str) -> int:
    """Return the number of a scenario. Raises ValueError."""
    if int(text) not in SCENARIOS:
        raise ValueError
    return int(text)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    # No ``choices``: with these, Python 3.11 refuses that none is named.
    parser.add_argument("scenarios", nargs="*", type=scenario, metavar="1-4")
    parser.add_argument("--scale", type=float, default=1, help="0.1 is a quick try")
    chosen = parser.parse_args()
    console = Console()
    table = Table(title="The server under load")
    for column in ("", "figure", "goal", "met"):
        table.add_column(column)
    for number in chosen.scenarios or SCENARIOS:
        title, measure = SCENARIOS[number]
        table.add_section()
        table.add_row(f"[bold]{number}. {title}")
        with console.status(title):
            figures = measure(chosen.scale)
        for figure in figures:
            met = ("yes" if figure.met else "[bold red]no") if figure.goal else ""
            table.add_row(figure.what, figure.figure, figure.goal, met)
    console.print(table)


if __name__ == "__main__":
    main()
