"""The actor that trains one run, on whichever node of the cluster has room for it.

It does what ``app.runs.worker`` does in a process of the server's machine; its commands come in as
calls, and its reports are taken by calls. Each call may be repeated: one may get lost.
"""

import io
import os
import threading
import time
import traceback
from queue import SimpleQueue

import ray
from threadpoolctl import threadpool_limits

from app.operating_system import limit_further_memory
from app.runs.engines.on_ray.outbox import KeptOutbox, Taken
from app.runs.messages import Message, read, receive
from app.runs.worker import train

CALLS_AT_ONCE = 4  # put, take, stay, and one of them repeated
FORGOTTEN_SECONDS = 20.0  # without a word from the driver, after which an actor ends itself


class TrainingActor:
    """Trains a run in a thread of its own, while others answer the calls."""

    def __init__(self) -> None:
        self._commands: SimpleQueue[Message] = SimpleQueue()
        self._out = KeptOutbox()
        self._next = 0  # number of the commands that are to be put next
        self._early: dict[int, bytes] = {}  # commands that came before others
        self._one_at_a_time = threading.Lock()
        self._last_word = time.monotonic()
        threading.Thread(target=self._train, daemon=True).start()
        threading.Thread(target=self._end_if_forgotten, daemon=True).start()

    def where(self) -> tuple[int, str]:
        """Return its process id, and the id of its node."""
        return os.getpid(), ray.get_runtime_context().get_node_id()

    def stay(self) -> None:
        """Note that it is still wanted."""
        self._last_word = time.monotonic()

    def put(self, number: int, data: bytes) -> None:
        """Receive commands, in the order of their numbers, each number once."""
        with self._one_at_a_time:
            if number >= self._next:
                self._early[number] = data
            while (due := self._early.pop(self._next, None)) is not None:
                self._next += 1
                file = io.BytesIO(due)
                while (command := read(file)) is not None:
                    receive(command, self._commands, self._out)

    def take(self, after: int) -> Taken:
        """Return what it has to tell; what was told up to ``after`` has arrived."""
        return self._out.take(after)

    def _train(self) -> None:
        try:
            # As in a process of the server's: one thread adds up in the same order each time.
            with threadpool_limits(1, user_api="blas"):
                train(self._commands, self._out, limit_further_memory)
        except BaseException:  # noqa: BLE001 - whatever it is, the actor is of no use any more
            traceback.print_exc()
            os._exit(1)
        self._out.end()

    def _end_if_forgotten(self) -> None:
        """End the actor if nobody wants it: its node, or the driver, is gone or can't be reached.

        What it learns would not be asked for any more: the run goes on elsewhere. Ray itself leaves
        an actor alone that is in the middle of a call.
        """
        raylet = os.getppid()
        while os.getppid() == raylet and time.monotonic() - self._last_word < FORGOTTEN_SECONDS:
            time.sleep(1)
        os._exit(1)
