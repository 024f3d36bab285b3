"""The time by which runs, sweeps and lessons grow old."""

import time
from collections.abc import Callable, Iterable


class Age:
    """Seconds since 1970, or less: they pass only while the server runs.

    The system's clock may be set forward by years, or back, and the server may be off for half a
    year. Neither makes anything old at once: this goes on from when somebody last looked at a run.
    """

    def __init__(self, passing: Callable[[], float] = time.monotonic) -> None:
        """``passing`` returns seconds that pass, from whenever."""
        self._passing = passing
        self._began = time.time() - passing()
        self._doubt = 0.0  # seconds by which it may be ahead

    def go_on_from(self, seen: Iterable[float]) -> None:
        """Go on from the last of these; from the system's time if there are none."""
        now = time.time()
        last = max(seen, default=now)
        self._began = last - self._passing()
        self._doubt = max(last - now, 0.0)

    def __call__(self) -> float:
        """Return the time now."""
        return self._began + self._passing()

    def at_least(self) -> float:
        """Return the time, or an earlier one where a clock was fast once, or is slow now."""
        return self() - self._doubt
