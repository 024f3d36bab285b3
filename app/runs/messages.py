"""Messages between the server and a run's worker process, over the worker's stdin and stdout.

The server sends commands, the worker sends reports. What the training itself takes and yields
(``nn_core.events``) is passed on as it is; the others are defined here. Some come with bytes, the
``payload``: a checkpoint or a frame. A number that is not finite arrives as None.

On the wire: the lengths of the JSON and of the payload, as 32-bit integers, then both of them.
"""

import json
import struct
import threading
from queue import SimpleQueue
from typing import Any, BinaryIO, NamedTuple, Protocol

from app.runs.steering import Learn
from app.strict_json import strict_json
from nn_core import events

LENGTHS = struct.Struct("!II")


# Commands


class Start(NamedTuple):
    """The first command: what to train. Payload: the saved training to go on from, if any."""

    spec: dict[str, Any]  # the run's, as it began
    image_kind: dict[str, str]  # of its data set, as metadata of a checkpoint
    hyperparameters: dict[str, Any]
    commands: list[tuple[int, dict[str, Any]]]  # those taken since: step, and steering as JSON
    folded: int  # how many there were before these: their changes are in the spec
    until_step: int  # how far the run was: up to here, repeat it without reports
    paused: bool
    niceness: int
    best: list[float] | None  # test accuracy and −test cost of the best epoch so far
    kept_checkpoints: int
    checkpoint_seconds: float
    max_epochs: int
    memory_bytes: int
    data_dir: str | None
    cache_dir: str | None
    pause_after: int | None = None  # an epoch


class SendFrames(NamedTuple):
    """Send so many frames a second from now on."""

    frames_per_second: float


class SendCheckpoint(NamedTuple):
    """Answer with the network as it is now: the payload."""


class SaveTraining(NamedTuple):
    """Send a ``TrainingSaved`` now."""


class AreYouThere(NamedTuple):
    """Answer at once, whatever the training is doing."""


class LowerPriority(NamedTuple):
    """Leave more of the processor to others."""

    niceness: int


Command = (
    Start
    | events.Pause
    | events.Resume
    | events.Step
    | events.Stop
    | events.Change
    | events.Nudge  # answered with the network as it was just before
    | Learn  # answered with what was read in the drawings before and after, as JSON
    | SendFrames
    | SendCheckpoint
    | SaveTraining
    | AreYouThere
    | LowerPriority
)


# Reports


class Done(NamedTuple):
    """The answer to a command: it holds, after this step."""

    step: int
    steering: dict[str, Any] | None = None  # the command as JSON, if it changes what is learned


class Here(NamedTuple):
    """The answer to ``AreYouThere``."""


class StepsMade(NamedTuple):
    """What the steps since the last such report cost: the least, the largest and the last."""

    costs: list[list[Any]]  # each the fields of a StepCost


class FrameMade(NamedTuple):
    """Payload: a frame."""

    epoch: int
    step: int


class EpochCheckpoint(NamedTuple):
    """Payload: the untrained network, epoch 0, or that of an epoch that was repeated."""

    epoch: int


class BestEpoch(NamedTuple):
    """This epoch reads the test set best so far. Payload: its checkpoint."""

    epoch: int
    accuracy: float
    cost: float


class TrainingSaved(NamedTuple):
    """Payload: all that it takes to go on from here."""


class Failed(NamedTuple):
    """The worker can't train this run."""

    reason: str


Report = (
    events.Progress
    | events.Epoch  # payload: its checkpoint, if that is one to keep
    | events.Status  # payload: the saved training, unless it trains now
    | Done
    | Here
    | StepsMade
    | FrameMade
    | EpochCheckpoint
    | BestEpoch
    | TrainingSaved
    | Failed
)

KINDS: dict[str, type[Command | Report]] = {
    kind.__name__: kind for kind in (*Command.__args__, *Report.__args__)
}


class Message(NamedTuple):
    """A command or a report, and the bytes that come with it."""

    body: Command | Report
    payload: bytes = b""
    number: int | None = None  # the same for a command and its answer

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        kind = type(self.body).__name__
        content = strict_json([kind, self.number, list(self.body)]).encode()
        return b"".join((LENGTHS.pack(len(content), len(self.payload)), content, self.payload))


def decode(content: bytes, payload: bytes) -> Message:
    """Return the message that is these JSON and payload."""
    kind, number, fields = json.loads(content)
    return Message(KINDS[kind](*fields), payload, number)


def read(file: BinaryIO) -> Message | None:
    """Read the next message of a blocking file; None at its end."""
    lengths = file.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    content_length, payload_length = LENGTHS.unpack(lengths)
    content = file.read(content_length)
    payload = file.read(payload_length)
    if len(content) < content_length or len(payload) < payload_length:
        return None
    return decode(content, payload)


class Outbox(Protocol):
    """Where a worker puts what it has to tell."""

    def send(self, message: Message) -> None:
        """Put a message; several threads may."""


class FileOutbox:
    """A file on which several threads write messages, each whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._one_at_a_time = threading.Lock()

    def send(self, message: Message) -> None:
        """Write a message at once."""
        with self._one_at_a_time:
            self._file.write(message.encode())
            self._file.flush()


def receive(command: Message, commands: "SimpleQueue[Message]", out: Outbox) -> None:
    """Queue a command that has come in; whether the worker is there, it says at once."""
    if isinstance(command.body, AreYouThere):
        out.send(Message(Here(), number=command.number))
    else:
        commands.put(command)
