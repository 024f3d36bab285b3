"""Room to keep runs in: which of them go where there are too many.

A visitor who keeps too many loses their own oldest. Where the server keeps too many, whoever holds
the most loses one: a cookie costs nothing, so a crowd of new ones must take nobody's only run.
"""

from collections import Counter
from collections.abc import Sequence

from app.runs.record import LIVE
from app.runs.run import Run
from app.runs.slots import TooManyRunsError
from app.settings import Settings


def too_many(
    runs: Sequence[Run], coming: Counter[str], owner: str, count: int, settings: Settings
) -> list[Run]:
    """Return which of these runs, the oldest first, to delete before ``owner`` gets ``count`` more.

    ``coming`` are those that each visitor is about to have. Raises TooManyRunsError if there is no
    room and nothing that may go.
    """
    gone: list[Run] = []
    held = Counter(run.owner for run in runs) + coming
    ended = [run for run in runs if run.status not in LIVE]

    def let_go(whose: str, words: str) -> None:
        """Let the oldest ended run of a visitor go."""
        oldest = next((run for run in ended if run.owner == whose), None)
        if oldest is None:
            raise TooManyRunsError(
                f"{words} are kept already, and all are under way: stop or delete one"
            )
        ended.remove(oldest)
        gone.append(oldest)
        held[whose] -= 1

    while held[owner] + count > settings.max_runs_per_visitor:
        let_go(owner, f"{held[owner]} runs of yours")
    while held.total() + count > settings.max_runs:
        words = f"{held.total()} runs on this server"
        can_lose = {run.owner for run in ended} - {owner}
        most = max(can_lose, key=lambda whose: held[whose], default=owner)
        # Somebody else's only run goes for nobody, and none of theirs for one who has more.
        let_go(most if held[most] > max(1, held[owner]) else owner, words)
    return gone
