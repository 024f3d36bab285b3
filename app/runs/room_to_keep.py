"""Room to keep runs in: which of them go where there are too many.

A visitor who keeps too many loses their own oldest. Where the server keeps too many, whoever holds
the most loses one: a cookie costs nothing, so a crowd of new ones must take nobody's only run. For
somebody else, a paused run goes, too, that nobody watches: or a crowd could fill the server with
them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from app.runs.archive import ArchivedRun
from app.runs.classroom import LESSON
from app.runs.record import LIVE
from app.runs.run import Run
from app.runs.slots import TooManyRunsError
from app.runs.steering import bytes_of
from app.settings import Settings

DAY = 86400.0  # seconds
Holder = tuple[str, str]  # a visitor, and their address: empty if it is not known or has no limit


def too_many(
    runs: Sequence[Run],
    living_sweeps: AbstractSet[str],
    coming: Counter[Holder],
    holder: Holder,
    count: int,
    settings: Settings,
    now: float,
) -> list[Run]:
    """Return which of these runs, the oldest first, to delete before somebody gets ``count`` more.

    For their owner, runs of living sweeps stay. ``coming`` are those that each is about to have;
    ``now`` is in seconds since 1970. Raises TooManyRunsError if there is no room and nothing that
    may go.
    """
    owner, address = holder
    gone: list[Run] = []
    held = Counter(run.owner for run in runs)
    held_at = Counter(run.address for run in runs)
    for (whose, where), number in coming.items():
        held[whose] += number
        held_at[where] += number
    ended = _that_may_go(runs, living_sweeps, owner)

    def let_go(whose: str, words: str, at: str = "") -> None:
        """Let somebody's oldest ended run go, if there is an address one that came from there."""
        theirs = (run for run in ended if run.owner == whose)
        oldest = next((run for run in theirs if not at or run.address == at), None)
        if oldest is None:
            raise TooManyRunsError(
                f"{words} are kept already, and all are under way: stop or delete one"
            )
        ended.remove(oldest)
        gone.append(oldest)
        held[oldest.owner] -= 1
        held_at[oldest.address] -= 1

    def largest(whose: set[str]) -> str:
        """Return who of these holds the most; the owner if nobody holds more than they do."""
        most = max(whose, key=lambda one: held[one], default=owner)
        # Somebody else's only run goes for nobody, and none of theirs for one who has more.
        return most if held[most] > max(1, held[owner]) else owner

    while held[owner] + count > settings.max_runs_per_visitor:
        let_go(owner, f"{held[owner]} runs of yours")
    in_lesson = address == LESSON
    most_there = settings.max_runs_per_lesson if in_lesson else settings.max_runs_per_address
    while address and held_at[address] + count > most_there:
        most = largest({run.owner for run in ended if run.address == address} - {owner})
        words = f"{held_at[address]} runs {'of the lesson' if in_lesson else 'from your address'}"
        let_go(most, words, address)
    while held.total() + count > settings.max_runs:
        most = largest({run.owner for run in ended} - {owner})
        if most == owner and not any(run.owner == owner for run in ended):
            most = _least_missed(ended, held_at, address, now) or owner
        let_go(most, f"{held.total()} runs on this server")
    return gone


def require_room_for_drawings(
    runs: Sequence[Run], holder: Holder, more: int, settings: Settings
) -> None:
    """Raise TooManyRunsError if somebody's drawings would take more memory than is theirs.

    They are kept there with the runs that learned them; ``more`` are the bytes of new ones.
    """
    owner, address = holder
    there = "of the lesson" if address == LESSON else "from your address"
    at_address = [run for run in runs if run.address == address] if address else []
    for theirs, most, whose in (
        ([run for run in runs if run.owner == owner], settings.max_taught_mib_per_visitor, "yours"),
        (at_address, settings.max_taught_mib_per_address, there),
    ):
        if sum(run.ledger.drawn_bytes for run in theirs) + more > most * 2**20:
            raise TooManyRunsError(
                f"the drawings that runs {whose} were taught would take more than {most:g} MiB "
                "here: delete such a run"
            )


def with_room_for_drawings(
    archived: Iterable[ArchivedRun],
    runs: Callable[[], Sequence[Run]],
    holder: Holder,
    settings: Settings,
) -> Iterator[ArchivedRun]:
    """Yield the runs of an archive, as long as there is room for the drawings of all so far.

    Raises TooManyRunsError.
    """
    drawn = 0
    for run in archived:
        drawn += sum(bytes_of(command["content"].get("images", ())) for command in run.commands)
        require_room_for_drawings(runs(), holder, drawn, settings)
        yield run


def _that_may_go(runs: Sequence[Run], living_sweeps: AbstractSet[str], owner: str) -> list[Run]:
    """Return which runs may go for this owner: those that have ended first.

    Of somebody else's also those that rest and, last, those of a sweep that do not train: or a
    crowd could fill the server with them.
    """
    free = [run for run in runs if run.record.sweep not in living_sweeps]
    swept = [run for run in runs if run.record.sweep in living_sweeps]
    return [
        *(run for run in free if run.status not in LIVE),
        *(run for run in free if run.owner != owner and run.rests),
        *(run for run in swept if run.owner != owner and not run.is_under_way),
    ]


def _least_missed(ended: list[Run], held_at: Counter[str], address: str, now: float) -> str | None:
    """Return whose run to let go where nobody has more than one, if there is such a run.

    That is one of a crowd at a single address, or else one that nobody has looked at for a day.
    """
    crowds = {run.address for run in ended if run.address} - {address}
    largest = max(crowds, key=lambda where: held_at[where], default="")
    if largest and held_at[largest] > max(1, held_at[address]):
        return next(run.owner for run in ended if run.address == largest)
    oldest = min(ended, key=lambda run: run.record.seen, default=None)
    return oldest.owner if oldest and now - oldest.record.seen > DAY else None
