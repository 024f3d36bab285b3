"""What a worker reports to the server, and how often.

Frames and saved trainings never take more than a small share of the training's time.
"""

from collections.abc import Generator
from time import perf_counter, time

from app.runs.checkpoint_spacing import is_kept
from app.runs.messages import (
    BestEpoch,
    EpochCheckpoint,
    FrameMade,
    Message,
    Outbox,
    Report,
    Start,
    StepsMade,
    TrainingSaved,
)
from app.runs.saved_training import checksum
from app.runs.step_costs import StepCost, StepCosts, extremes
from app.runs.step_story import StepStory
from nn_core import checkpoints, events
from nn_core.network import Network

PROGRESS_PER_SECOND = 20
SAVE_SHARE = 0.02  # of the time, at most, is spent on saving the training
FRAME_SHARE = 0.05  # of the time, at most, is spent on frames: a large network sends fewer


class Reporter:
    """Knows how far the training is, and sends what there is to tell of it."""

    def __init__(
        self,
        training: Generator[events.Event, events.Command | None],
        network: Network,
        out: Outbox,
        start: Start,
        commands_taken: int,
        costs: StepCosts,
    ) -> None:
        self.status: events.State = "training"
        self.step = 0
        self.commands_taken = commands_taken
        self.frames_per_second = 0.0
        self.next_progress = 0.0
        self._training = training
        self._network = network
        self._kind = start.image_kind
        self._out = out
        self._costs = costs
        self._unsent: list[StepCost] = []  # the steps since the last report of them
        self._story: StepStory | None = None  # of the last step, if it is to be told
        self._kept_checkpoints = start.kept_checkpoints
        self._save_seconds = start.checkpoint_seconds
        self._next_save = perf_counter() + start.checkpoint_seconds
        self._next_frame = 0.0
        self._frame_seconds = 0.0  # what one takes
        self._best_score: list[float] = start.best or []
        self._unsent_best = b""  # the best epoch's checkpoint, until it is sent

    def report(self, event: events.Event) -> None:
        """Send what the training yielded."""
        self.note(event)
        match event:
            case events.Progress():
                if self._send_steps_if_due():
                    self.send(event)
            case events.Epoch():
                self._send_steps_if_due()
                kept = is_kept(event.epoch, self._kept_checkpoints)
                self.send(event, self.checkpoint() if kept else b"")
            case events.Status():
                self._send_steps()
                self._report_status(event)

    def note(self, event: events.Event) -> None:
        """Remember how far the training is, and its best epoch so far."""
        if isinstance(event, events.Progress | events.Epoch):
            self._story = None
        match event:
            case events.Progress():
                self.step = event.step
                self._unsent.append(self._costs.note(event))
            case events.Status():
                self.status, self.step = event.status, event.step
            case events.Epoch():
                self.step = event.step
                self._unsent.append(self._costs.note(event))
                if event.test_accuracy is not None:
                    assert event.test_cost is not None
                    score = [event.test_accuracy, -event.test_cost]
                    if score > self._best_score:
                        self._best_score = score
                        self._unsent_best = self.checkpoint()

    def tell_of_last_step(self) -> None:
        """Tell the story of the last step in the frames that come until the next step."""
        recalled = self._training.send(events.RecallStep())
        assert isinstance(recalled, events.RecalledStep)
        self._story = StepStory(self._network, recalled)

    def send_what_is_due(self) -> None:
        """Send a frame, or save the training, if it is time for that."""
        if self.status != "training":
            return  # the last of both went with that change of state, and is what is kept
        now = perf_counter()
        if self.frames_per_second and now >= self._next_frame:
            self.send_frame()
        if now >= self._next_save:
            self.save()

    def save(self) -> None:
        """Send all that it takes to go on from here."""
        began = perf_counter()
        self.send(TrainingSaved(), self._saved_training())
        ended = perf_counter()
        self._next_save = ended + max(self._save_seconds, (ended - began) / SAVE_SHARE)

    def send_frame(self) -> None:
        """Send the parameters and the gradient as they are now."""
        story = self._story.metadata if self._story else {}
        began = perf_counter()
        snapshot = self._snapshot()
        frame = checkpoints.save_frame(
            self._network, snapshot.gradient, snapshot.epoch, snapshot.step, time(), story
        )
        self.send(FrameMade(snapshot.epoch, snapshot.step), frame)
        # A running mean: a frame that other processes interrupted was not that expensive.
        took = perf_counter() - began
        self._frame_seconds += (took - self._frame_seconds) / (8 if self._frame_seconds else 1)
        pause = 1 / self.frames_per_second if self.frames_per_second else 0
        if not story:  # a run that is told step by step waits most of the time
            pause = max(pause, self._frame_seconds / FRAME_SHARE)
        self._next_frame = began + pause

    def checkpoint(self) -> bytes:
        """Return the network as it is now."""
        snapshot = self._snapshot()
        place = {"epoch": str(snapshot.epoch), "step": str(snapshot.step)}
        return checkpoints.save(self._network, place | self._kind)

    def send(self, body: Report, payload: bytes = b"", number: int | None = None) -> None:
        """Send the server a report."""
        self._out.send(Message(body, payload, number))

    def _send_steps_if_due(self) -> bool:
        """Send what the last steps cost, if it is time for that; return whether it was."""
        now = perf_counter()
        if now < self.next_progress:
            return False
        self.next_progress = now + 1 / PROGRESS_PER_SECOND
        self._send_steps()
        return True

    def _send_steps(self) -> None:
        """Send what the steps since the last report cost."""
        if self._unsent:
            told = sorted({*extremes(self._unsent), self._unsent[-1]})
            self.send(StepsMade([list(cost.rounded()) for cost in told]))
            self._unsent.clear()

    def _report_status(self, event: events.Status) -> None:
        """Send a change of state: the last frame first, and with it what it takes to go on."""
        if event.status != "training" or event.step == 0:
            self.send_frame()
        if event.step == 0:
            self.send(EpochCheckpoint(0), self.checkpoint())  # the untrained network
        self.send(event, self._saved_training() if event.status != "training" else b"")

    def _saved_training(self) -> bytes:
        """Return all that it takes to go on from here; a new best epoch is sent before it."""
        if self._unsent_best:
            accuracy, minus_cost = self._best_score
            epoch = int(checkpoints.read_metadata(self._unsent_best)["epoch"])
            self.send(BestEpoch(epoch, accuracy, -minus_cost), self._unsent_best)
            self._unsent_best = b""
        saved = self._training.send(events.Save())
        assert isinstance(saved, events.Saved)
        metadata = {"commands": str(self.commands_taken), **self._kind}
        metadata["step_costs"] = self._costs.to_json()
        metadata["checksum"] = checksum(self._network, saved.memory)
        return checkpoints.save_training(self._network, saved.memory, metadata)

    def _snapshot(self) -> events.Snapshot:
        snapshot = self._training.send(events.TakeSnapshot())
        assert isinstance(snapshot, events.Snapshot)
        return snapshot
