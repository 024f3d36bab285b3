"""A watchdog in tests: how much work a server's event loop does without looking up.

It measures the processor time of each callback, not the time that passes: other processes on a busy
machine make no difference. What only waits there, for a disk or a lock, is not seen.
"""

import asyncio
import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Watchdog:
    """The longest callback of all servers in threads of this process, in seconds of processor."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.callbacks = 0
        self.what = ""

    def note(self, seconds: float, handle: asyncio.Handle) -> None:
        """Note how long a callback took."""
        self.callbacks += 1
        if seconds > self.longest:
            self.longest, self.what = seconds, repr(handle)


@contextmanager
def watched_loops() -> Iterator[Watchdog]:
    """Watch all callbacks of the threads that serve."""
    watchdog = Watchdog()
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        if threading.current_thread().name != "server":
            run(handle)
            return
        began = time.thread_time()
        run(handle)
        watchdog.note(time.thread_time() - began, handle)

    # As in a server that has its process to itself: the collector does not look through what the
    # tests have made, which would take it a quarter of a second.
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        yield watchdog
    gc.unfreeze()
