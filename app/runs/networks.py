"""Which of a run's networks are kept: some epochs' checkpoints, the best, and the last.

The last is the saved training, from which a new worker can go on.
"""

import asyncio
import contextlib

from app.runs.checkpoint_spacing import most_kept, spacing
from app.runs.ledger import Ledger
from app.runs.record import Best
from app.settings import Settings
from nn_core import checkpoints
from nn_core.checkpoints import CheckpointError


class NotKeptError(Exception):
    """No checkpoint of that epoch is kept."""


class Networks:
    """Writes and reads the files with a run's networks; of a deleted run it writes none."""

    def __init__(self, ledger: Ledger, parameters: int, settings: Settings) -> None:
        self.kept_epochs: set[int] = set()
        self._ledger = ledger
        self._files = ledger.storage.files
        self.most_epochs = most_kept(
            parameters, settings.kept_checkpoints, settings.kept_checkpoint_bytes
        )

    def keep_epoch(self, epoch: int, checkpoint: bytes) -> None:
        """Keep an epoch's checkpoint, and drop those that are now too many."""
        self._keep(epoch, checkpoint, epoch, self._ledger.record.best)

    def keep_best(self, best: Best, checkpoint: bytes) -> None:
        """Keep the checkpoint of the best epoch so far."""

        def keep() -> None:
            self._keep(best.epoch, checkpoint, self._ledger.record.epoch, best)

        self._ledger.write(keep, best=best)

    async def save_training(self, training: bytes) -> None:
        """Keep what it takes to go on. It must never be ahead of the database."""
        await self._ledger.written()
        if self._ledger.is_deleted:
            return
        if not self._ledger.has_many_commands:
            self._files.put(self._ledger.id, "training", training)
            return
        await self._files.write(self._ledger.id, "training", training)
        if self._files.trouble is None and self._ledger.storage.journal.trouble is None:
            self._ledger.fold(int(checkpoints.read_metadata(training)["commands"]))
            await self._ledger.written()

    async def save_end(self, training: bytes) -> None:
        """Keep the last frame and what it takes to go on; return once they are on disk."""
        if frame := self._ledger.room.frame:
            self._files.put(self._ledger.id, "frame", frame.everything)
        await self._ledger.written()
        if not self._ledger.is_deleted:
            await self._files.write(self._ledger.id, "training", training)

    async def training(self) -> bytes | None:
        """Return what it takes to go on, if there is any."""
        return await self._read("training")

    async def at(self, epoch: int) -> bytes:
        """Return an epoch's checkpoint. Raises NotKeptError."""
        file = await self._read(str(epoch)) if epoch in self.kept_epochs else None
        if file is None:
            kept = ", ".join(map(str, sorted(self.kept_epochs))) or "none"
            raise NotKeptError(f"no checkpoint of epoch {epoch} is kept; there are {kept}")
        return file

    async def kept(self, epoch: int | None) -> bytes:
        """Return an epoch's checkpoint, or the last. Raises NotKeptError."""
        return await (self.last() if epoch is None else self.at(epoch))

    async def last(self) -> bytes:
        """Return the checkpoint of the network as it was last kept. Raises NotKeptError."""
        # In one go: many who ask at once would each hold a file until they have their next turn.
        file = await asyncio.to_thread(self._network_of_training)
        if file is None and self.kept_epochs:
            file = await self._read(str(max(self.kept_epochs)))
        if file is None:
            raise NotKeptError("no checkpoint is kept")
        return file

    def _network_of_training(self) -> bytes | None:
        """Return the checkpoint in the saved training, if there is one. Blocks."""
        training = self._files.get(self._ledger.id, "training")
        with contextlib.suppress(CheckpointError):  # it is damaged
            return checkpoints.network_of(training) if training else None
        return None

    def _keep(self, epoch: int, checkpoint: bytes, complete: int, best: Best | None) -> None:
        """Keep a checkpoint; remove those not kept once so many epochs are complete."""
        if self._ledger.is_deleted:
            return
        self._files.put(self._ledger.id, str(epoch), checkpoint)
        self.kept_epochs.add(epoch)
        apart = spacing(complete, self.most_epochs)
        for kept in [kept for kept in self.kept_epochs if kept % apart]:
            if best is None or kept != best.epoch:
                self.kept_epochs.remove(kept)
                self._files.remove(self._ledger.id, str(kept))

    async def _read(self, name: str) -> bytes | None:
        return await asyncio.to_thread(self._files.get, self._ledger.id, name)
