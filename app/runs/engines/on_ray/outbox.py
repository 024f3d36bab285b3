"""What an actor has told and the server has not acknowledged yet."""

import threading
from typing import NamedTuple

from app.runs import messages
from app.runs.messages import Message
from nn_core import events

# Of these only the newest is of use: an older one that waits makes room for it.
LATEST_ONLY = (messages.FrameMade, messages.TrainingSaved, events.Progress)
# Somebody waits for these, or watches; all others may be gathered for a while. Calls are to be few:
# each takes a millisecond from the training.
AT_ONCE = (messages.Done, messages.Here, messages.Failed, messages.FrameMade, events.Status)
GATHER_SECONDS = 0.25
WAIT_SECONDS = 1.0  # that a call waits for something to be told
MOST_TAKEN = 8 * 2**20  # bytes that one call takes, unless a single message has more
MOST_KEPT = 64 * 2**20  # bytes of what may not be lost; then the training waits for the server


class Taken(NamedTuple):
    """The answer to ``take``: messages, the last one's number, and whether it was the very last."""

    last: int
    data: bytes
    is_all: bool


class Waiting(NamedTuple):
    """A message that waits to be acknowledged."""

    number: int
    kind: type
    data: bytes


class KeptOutbox:
    """An outbox whose messages are taken by calls, which may be lost and repeated.

    A slow server never slows the training: of frames, the newest replaces the one that waits.
    """

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._newest = 0  # number
        self._bytes = 0
        self._is_urgent = False
        self._has_ended = False
        self._changed = threading.Condition()

    def send(self, message: Message) -> None:
        """Keep a message until it is acknowledged."""
        kind, data = type(message.body), message.encode()
        with self._changed:
            if kind in LATEST_ONLY:
                self._drop([old for old in self._waiting if old.kind is kind])
            elif kind is not messages.Here:
                self._changed.wait_for(lambda: self._bytes < MOST_KEPT)
            self._newest += 1
            self._waiting.append(Waiting(self._newest, kind, data))
            self._bytes += len(data)
            # Whoever gathers is woken for what is urgent only: switching threads costs training.
            if kind in AT_ONCE or len(self._waiting) == 1:
                self._is_urgent |= kind in AT_ONCE
                self._changed.notify_all()

    def end(self) -> None:
        """Note that nothing more will be told."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def take(self, after: int) -> Taken:
        """Forget the messages up to this number, and return those that follow, once there are any.

        A call that was lost is repeated with the same number.
        """
        with self._changed:
            self._drop([old for old in self._waiting if old.number <= after])
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._has_ended, WAIT_SECONDS)
            self._changed.wait_for(lambda: self._is_urgent or self._has_ended, GATHER_SECONDS)
            taken: list[Waiting] = []
            size = 0
            for message in self._waiting:
                size += len(message.data)
                if taken and size > MOST_TAKEN:
                    break
                taken.append(message)
            is_all = len(taken) == len(self._waiting)
            self._is_urgent = self._is_urgent and not is_all
            last = taken[-1].number if taken else after
            return Taken(last, b"".join(told.data for told in taken), is_all and self._has_ended)

    def _drop(self, old: list[Waiting]) -> None:
        for message in old:
            self._waiting.remove(message)
            self._bytes -= len(message.data)
