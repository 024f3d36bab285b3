"""The wall: all runs and sweeps at once, as the teacher's page shows them.

A wall belongs to one open page of a teacher. It remembers what it has sent and sends what is new:
figures as JSON, and the first layer's weights of each network as small pictures. Only the latest
counts: a slow page gets fewer updates.
"""

import json
import math
import struct
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from app.runs.classroom import Classroom
from app.runs.frame import Frame
from app.runs.record import LIVE
from app.runs.room import Room
from app.runs.run import Run
from app.runs.store import RunStore
from app.strict_json import strict_json

ENDED_SHOWN = 60  # the last ones; a store may have a year of them
NEURONS = 16  # pictures of a run
SIDE = 28  # pixels of a picture; of larger ones every second pixel, or every third, is left
CURVE_POINTS = 60
TOLD = ("id", "name", "created", "status", "reason", "place", "spec", "epoch", "step")


class SweepTile(NamedTuple):
    """A sweep, of which the wall shows one tile, as if it were its best run."""

    id: str
    owner: str
    told: dict[str, Any]  # what is told of a run, and ``sweep``: how many runs it has, and ended
    best: Run | None  # whose network is shown

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.told["status"] not in LIVE


class News(NamedTuple):
    """What is new: an event as JSON, None if there is none, and pictures."""

    text: str | None
    pictures: Iterator[bytes]  # each is made when it is asked for: thirty take ten milliseconds


class Wall:
    """What one page has been sent. While the context is open, the runs make frames for it."""

    def __init__(
        self,
        store: RunStore,
        classroom: Classroom,
        sweeps: Callable[[], list[SweepTile]] = list,
    ) -> None:
        self._store = store
        self._sweeps = sweeps
        self._classroom = classroom
        self._rooms: dict[str, Room] = {}  # of the runs on the wall
        self._told: dict[str, dict[str, Any]] = {}
        self._frames: dict[str, Frame] = {}
        self._rest: dict[str, Any] = {}  # what was told beside the runs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for tile in list(self._told):
            self._take_down(tile)

    async def news(self) -> News:
        """Return what has changed since the last time: at first, everything."""
        cleared, tiles = self._classroom.cleared, self._sweeps()
        of_sweeps = {tile.id for tile in tiles}
        tiles = [tile for tile in tiles if not (tile.id in cleared and tile.has_ended)]
        every = [
            run
            for run in self._store.all()
            if not run.is_pretrained
            and run.record.sweep not in of_sweeps
            and not (run.id in cleared and run.status not in LIVE)
        ]
        for run in every:
            self._classroom.number(run.owner)  # numbered in the order of their first runs
        ended = [run for run in every if run.status not in LIVE]
        runs = [run for run in every if run.status in LIVE] + ended[-ENDED_SHOWN:]
        shown = {run.id for run in runs} | {tile.id for tile in tiles}
        gone = [one for one in self._told if one not in shown]
        for tile_id in gone:
            self._take_down(tile_id)
        for run in runs:
            if run.id not in self._told:
                await run.load()
        changes = [change for run in runs if (change := self._change_of(run))]
        changes += [change for tile in tiles if (change := self._change_of_sweep(tile))]
        classroom, spotlight = self._classroom, self._store.spotlight
        rest = {
            "shown": spotlight.run,
            "look": spotlight.look,
            "left_out": len(every) - len(runs),
            "code": classroom.code,
            "held": classroom.hold.reason,
            "sent": vars(classroom.sent) if classroom.sent else None,
            "guesses": classroom.guesses(),
            "pupils": [
                {"pupil": classroom.number(who), "nickname": pupil.nickname, "task": pupil.task}
                for who, pupil in classroom.pupils().items()
            ],
        }
        text = None
        if changes or gone or rest != self._rest:
            self._rest = rest
            text = strict_json({"type": "wall", "runs": changes, "gone": gone, **rest})
        pictured = [(run.id, run) for run in runs]
        pictured += [(tile.id, tile.best) for tile in tiles if tile.best]
        new = (self._new_picture(tile, run) for tile, run in pictured)
        return News(text, (picture for picture in new if picture))

    def _change_of(self, run: Run) -> dict[str, Any] | None:
        """Return what is new of a run, with its id; None if nothing is."""
        described = run.describe()
        before = self._told.get(run.id)
        figures = last_epoch(run) or before or {}  # the room may have forgotten them
        now = {name: described[name] for name in TOLD} | self._whose(run.owner)
        now |= {name: figures.get(name) for name in ("cost", "accuracy", "test_accuracy")}
        self._told[run.id] = now
        if before is None:
            self._rooms[run.id] = run.room
            run.room.join_wall()
            return {**now, "curve": curve(run)}
        change = {name: value for name, value in now.items() if before[name] != value}
        return {"id": run.id, **change} if change else None

    def _change_of_sweep(self, tile: SweepTile) -> dict[str, Any] | None:
        """Return what is new of a sweep, with its id; None if nothing is."""
        before = self._told.get(tile.id, {})
        now = self._told[tile.id] = tile.told | self._whose(tile.owner)
        change = {name: value for name, value in now.items() if before.get(name, ...) != value}
        return {"id": tile.id, **change} if change else None

    def _whose(self, owner: str) -> dict[str, Any]:
        return {"who": self._classroom.label(owner), "pupil": self._classroom.number(owner)}

    def _new_picture(self, tile: str, run: Run) -> bytes | None:
        """Return what a run's newest frame shows, if that was not told yet."""
        frame = run.room.frame
        if frame is None or frame is self._frames.get(tile):
            return None
        self._frames[tile] = frame
        return picture_of(tile, frame.everything, run.record.dataset.input_shape)

    def _take_down(self, tile: str) -> None:
        if room := self._rooms.pop(tile, None):
            room.leave_wall()
        self._told.pop(tile)
        self._frames.pop(tile, None)


def last_epoch(run: Run) -> dict[str, Any]:
    """Return the figures of a run's last epoch, if its room has them."""
    return next((json.loads(line.text) for line in reversed(run.room.recent) if line.epoch), {})


def curve(run: Run) -> list[list[float | None]]:
    """Return epoch, cost and test accuracy of some of the last epochs, evenly spread."""
    lines = [line for line in run.room.recent if line.epoch]
    count = min(len(lines), CURVE_POINTS)
    places = np.linspace(0, len(lines) - 1, count).round().astype(int)
    epochs = [json.loads(lines[place].text) for place in places]
    return [[figures[name] for name in ("epoch", "cost", "test_accuracy")] for figures in epochs]


def picture_of(run_id: str, frame: bytes, input_shape: tuple[int, int]) -> bytes:
    """Return the weights of the first layer's first neurons as small pictures.

    Three bytes say how many there are, and their rows and columns; then come the pixels, a signed
    byte each, −127 to 127; then the run's id. A pixel is at its strongest at three times the root
    mean square of all of them, as on the page.
    """
    weights = first_weights(frame)[:NEURONS].astype(np.float32)
    down, across = (math.ceil(side / SIDE) for side in input_shape)
    pictures = np.nan_to_num(weights.reshape(-1, *input_shape)[:, ::down, ::across])
    strongest = 3 * float(np.linalg.norm(pictures)) / math.sqrt(pictures.size) or 1.0
    pixels = (pictures * (127 / strongest)).round().clip(-127, 127).astype(np.int8)
    return struct.pack("BBB", *pixels.shape) + pixels.tobytes() + run_id.encode()


def first_weights(frame: bytes) -> NDArray[np.float16]:
    """Return the first weight matrix in a frame: a view of the file, which may be large."""
    start = 8 + int.from_bytes(frame[:8], "little")
    tensor = json.loads(frame[8:start])["weights.0"]
    first, end = tensor["data_offsets"]
    values = np.frombuffer(frame, np.float16, (end - first) // 2, start + first)
    return values.reshape(tensor["shape"])
