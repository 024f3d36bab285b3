"""Every setting of the server, from environment variables that start with ``NUDGE_``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from nn_core.datasets import Library, UploadLimits


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

    store_dir: Path | None = Field(
        None,
        description="Where runs are kept: their checkpoints, and the SQLite database; unset: "
        ".local/share/nudge in the user's home. One server at a time.",
    )
    database_url: str | None = Field(
        None,
        description="Another database for the runs, such as "
        "postgresql://user:password@host/nudge; unset: SQLite in the store.",
    )
    resume_runs: bool = Field(
        default=True,
        description="Whether runs that were training when the server went away go on by "
        "themselves when it is back; if not, they are interrupted, to be resumed by hand.",
    )
    checkpoint_seconds: float = Field(
        5, gt=0, description="How often a training run's checkpoint is written, to go on from."
    )
    kept_checkpoints: int = Field(
        64, ge=1, description="Checkpoints of earlier epochs that are kept of each run."
    )
    kept_checkpoint_bytes: int = Field(
        16 * 2**20, ge=0, description="And how many bytes they may take together."
    )
    max_unwritten: int = Field(
        100_000,
        ge=1,
        description="Epochs that are kept in memory while the disk is full; beyond it runs pause.",
    )
    worker_restarts: int = Field(
        3, ge=0, description="How often a run's process is started anew after it was killed."
    )

    secret: str | None = Field(
        None,
        min_length=16,
        description="What cookies are signed with; unset: one that the server makes for itself "
        "and keeps in the store.",
    )
    access_token: str | None = Field(
        None, min_length=8, description="Without it nobody sees anything; unset: everybody may."
    )
    classroom_token: str | None = Field(
        None,
        min_length=8,
        description="Opens /classroom, the teacher's page; unset: there is none.",
    )
    hosts: str = Field(
        "*",
        description="The names, with commas, by which this server may be called; *.example.org "
        "is any name there, * is any.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="The addresses, with commas, of proxies whose word is taken for who calls "
        "and whether by TLS.",
    )

    max_live_runs: int = Field(
        32, ge=1, description="Runs that train at once, a process each; the rest wait in a queue."
    )
    max_live_runs_per_visitor: int = Field(8, ge=1, description="And of one visitor.")
    max_queued_runs: int = Field(200, ge=0, description="Runs that may wait in the queue.")
    max_queued_runs_per_visitor: int = Field(16, ge=0, description="And of one visitor.")
    max_runs: int = Field(
        1000, ge=1, description="Runs that are kept; beyond it the oldest ended one goes."
    )
    max_runs_per_visitor: int = Field(
        100, ge=1, description="And of one visitor: beyond it the oldest ended one of theirs goes."
    )
    keep_days: float = Field(
        180, gt=0, description="A run that nobody has looked at for so long is removed."
    )
    max_epochs: int = Field(1_000_000, ge=1, description="Epochs of a run.")
    max_run_minutes: float = Field(
        1440, gt=0, description="Minutes that a run may train; then it is stopped."
    )
    max_run_memory_mib: int = Field(
        2048, ge=512, description="Address space of a run's process, in MiB."
    )
    idle_pause_minutes: float = Field(
        60, gt=0, description="A run that nobody has watched for so long is paused."
    )
    paused_worker_seconds: float = Field(
        60, gt=0, description="A run that is paused for so long gives its process back."
    )

    requests_per_second: float = Field(
        200,
        gt=0,
        description="Requests of one visitor that are answered; five seconds' worth may "
        "come at once.",
    )
    drawings_per_second: float = Field(
        100,
        gt=0,
        description="Drawings of one visitor that are read; ten seconds' worth may come at once.",
    )
    max_sockets_per_visitor: int = Field(64, ge=1, description="Runs that one visitor watches.")
    max_sockets_per_address: int = Field(
        512, ge=1, description="Viewers from one address, which a whole school may share."
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
    max_import_bytes: int = Field(
        512 * 2**20, ge=1024, description="Size of a zip with runs to import."
    )
    max_import_unpacked_bytes: int = Field(2**30, ge=1024, description="What it may unpack to.")
    max_dataset_bytes: int = Field(
        64 * 2**20, ge=1024, description="Size of a file with data of one's own."
    )
    max_dataset_unpacked_bytes: int = Field(
        UploadLimits.unpacked_bytes, ge=1024, description="What an .npz of them may unpack to."
    )
    max_dataset_pixels: int = Field(
        UploadLimits.pixels, ge=1, description="Pixels of one image of such data."
    )
    max_dataset_classes: int = Field(
        UploadLimits.classes, ge=2, le=256, description="Classes of such data."
    )
    max_own_datasets: int = Field(
        UploadLimits.datasets, ge=0, description="How many data sets of one's own are kept."
    )
    max_drawing_pixels: int = Field(
        2**24, ge=1, description="Width times height of a drawing that is sent to be read."
    )

    @property
    def library(self) -> Library:
        """Return the data sets that this server has or can get."""
        return Library(self.data_dir, self.cache_dir)

    @property
    def upload_limits(self) -> UploadLimits:
        """Return how large data of one's own may be."""
        return UploadLimits(
            self.max_dataset_unpacked_bytes,
            self.max_dataset_pixels,
            self.max_dataset_classes,
            self.max_own_datasets,
        )
