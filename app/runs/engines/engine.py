"""What stands between a run and where it is trained.

An engine hands out workers, each for one run. A worker is sent messages (the first is ``Start``),
its own are listened to, and it ends with a reason.
"""

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from app.runs.messages import Command, Message

LOCAL_NODE = "local"  # the server's own machine: its name is nobody else's business

OnMessage = Callable[[Message], Awaitable[None]]


class WorkerEndedError(Exception):
    """The worker is gone, or did not answer in time."""


class End(NamedTuple):
    """How a worker ended."""

    reason: str
    is_its_own: bool = True  # False: the place where it was went away, and it with that
    is_away: bool = False  # there is no place at all until the engine is back


class Wait(NamedTuple):
    """Why there is no worker yet, although it is the run's turn."""

    place: int | None  # among those that wait so, from 1; None: there will be one in a moment
    reason: str
    is_away: bool = False


OnWait = Callable[[Wait], None]


class Worker(ABC):
    """One worker: messages to it, its answers, and everything else that it tells."""

    node: str  # the name of the machine it is on
    pid: int  # on that machine

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._answers: dict[int, asyncio.Future[Message]] = {}

    @property
    @abstractmethod
    def has_ended(self) -> bool:
        """Whether it is known to be gone."""

    @abstractmethod
    def send(self, command: Command, payload: bytes = b"", number: int | None = None) -> None:
        """Send a command; it is lost if the worker is gone, which ``listen`` notices."""

    @abstractmethod
    async def listen(self, on_message: OnMessage) -> End:
        """Pass on the worker's reports until it ends; return how it did."""

    @abstractmethod
    async def end(self) -> None:
        """End the worker."""

    @abstractmethod
    async def kill(self) -> None:
        """End the worker at once, whatever it is doing."""

    async def ask(self, command: Command, seconds: float) -> Message:
        """Send a command and return its answer. Raises WorkerEndedError."""
        number = next(self._numbers)
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self.send(command, number=number)
        try:
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            raise WorkerEndedError(
                f"the run's process did not answer within {seconds:g} seconds"
            ) from None
        finally:
            self._answers.pop(number, None)

    def answer(self, message: Message) -> None:
        """Resolve the ``ask`` that this message answers."""
        answer = self._answers.get(message.number) if message.number is not None else None
        if answer and not answer.done():
            answer.set_result(message)

    def answer_nothing(self) -> None:
        """Fail every ``ask`` that is still waiting."""
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(WorkerEndedError("the run's process has ended"))


class Engine(Protocol):
    """Hands out workers."""

    def open(self) -> None:
        """Get ready, in the background."""

    async def take(self, on_wait: OnWait) -> Worker:
        """Return a worker that waits for its run; tell why there is none, as long as that is so."""

    async def close(self) -> None:
        """End what no run uses, and what was started for all of them."""


TakeWorker = Callable[[OnWait], Awaitable[Worker]]
