"""Every setting of the server, from environment variables that start with ``NUDGE_``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from nn_core.datasets import Library, Limits


class Settings(BaseSettings):
    """The defaults suit one small machine; bounds are checked when the server starts."""

    model_config = SettingsConfigDict(env_prefix="NUDGE_", frozen=True)

    data_dir: Path | None = Field(
        None, description="Where data sets may already lie, one folder each; read, never written."
    )
    cache_dir: Path | None = Field(
        None,
        description="Where downloads, unpacked copies and data sets of one's own are kept; "
        "unset: .cache/nudge in the user's home.",
    )
    mirror: str | None = Field(
        None,
        description="An address to download data sets from instead of their public homes, with a "
        "folder for each; their pinned checksums hold all the same.",
    )

    max_hidden_layers: int = Field(16, ge=0, description="Hidden layers of a network.")
    max_neurons: int = Field(2048, ge=1, description="Neurons of one hidden layer.")
    max_parameters: int = Field(2_000_000, ge=1, description="Weights and biases of a network.")

    max_live_runs: int = Field(
        32, ge=1, description="Runs that may train or be paused at once: a process each."
    )
    max_runs: int = Field(
        200, ge=1, description="Runs that are remembered; beyond it the oldest ended one goes."
    )
    kept_checkpoints: int = Field(
        64, ge=1, description="Checkpoints of earlier epochs that are kept of each run."
    )
    kept_checkpoint_bytes: int = Field(
        16 * 2**20, ge=0, description="And how many bytes they may take together."
    )

    hello_epochs: int = Field(
        1000, ge=0, description="Epochs that a viewer is told in its hello; older ones by HTTP."
    )
    viewer_stall_seconds: float = Field(
        10, gt=0, description="A viewer that takes nothing for this long is closed."
    )
    socket_buffer_bytes: int = Field(
        256 * 2**10, ge=4096, description="What the kernel may hold back for a slow viewer."
    )
    worker_answer_seconds: float = Field(
        30, gt=0, description="How long a run's process may take to answer."
    )

    max_body_bytes: int = Field(2**20, ge=1024, description="Size of a request's body.")
    max_dataset_bytes: int = Field(
        64 * 2**20, ge=1024, description="Size of a file with data of one's own."
    )
    max_dataset_unpacked_bytes: int = Field(
        Limits.unpacked_bytes, ge=1024, description="What an .npz of them may unpack to."
    )
    max_dataset_pixels: int = Field(
        Limits.pixels, ge=1, description="Pixels of one image of such data."
    )
    max_dataset_classes: int = Field(
        Limits.classes, ge=2, le=256, description="Classes of such data."
    )
    max_own_datasets: int = Field(
        Limits.datasets, ge=0, description="How many data sets of one's own are kept."
    )
    max_drawing_pixels: int = Field(
        2**24, ge=1, description="Width times height of a drawing that is sent to be read."
    )

    @property
    def library(self) -> Library:
        """Return the data sets that this server has or can get."""
        return Library(self.data_dir, self.cache_dir)

    @property
    def own_limits(self) -> Limits:
        """Return how large data of one's own may be."""
        return Limits(
            self.max_dataset_unpacked_bytes,
            self.max_dataset_pixels,
            self.max_dataset_classes,
            self.max_own_datasets,
        )
