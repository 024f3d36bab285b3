import itertools
from queue import SimpleQueue

import pytest

from app.runs import reporter
from app.runs.messages import Command, FrameMade, Message, Report, SendFrames, Start, TrainingSaved
from app.runs.spec import RunSpec
from app.runs.worker import Worker
from nn_core import events


class Collected:
    """An outbox that keeps what a worker has to tell."""

    def __init__(self) -> None:
        self.reports: list[Command | Report] = []

    def send(self, message: Message) -> None:
        """Keep it."""
        self.reports.append(message.body)


def test_after_a_run_has_ended_nothing_is_sent_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = itertools.count(0, 3600)
    monkeypatch.setattr(reporter, "perf_counter", lambda: next(hours))
    monkeypatch.setattr(reporter, "FRAME_SHARE", float("inf"))  # so a frame is always due
    spec = RunSpec(hidden=[4], epochs=1, batch_size=500)
    start = Start(
        spec=spec.model_dump(mode="json"),
        image_kind={},
        hyperparameters=vars(spec.hyperparameters()),
        commands=[],
        folded=0,
        until_step=0,
        paused=False,
        niceness=0,
        best=None,
        kept_checkpoints=10,
        checkpoint_seconds=1,
        max_epochs=1,
        memory_bytes=2**30,
        data_dir=None,
        cache_dir=None,
    )
    commands: SimpleQueue[Message] = SimpleQueue()
    commands.put(Message(SendFrames(1)))
    told = Collected()
    Worker(commands, told, start, b"").run()
    last = told.reports[-1]
    assert isinstance(last, events.Status)
    assert last.status == "finished"
    assert {FrameMade, TrainingSaved} <= set(map(type, told.reports))
