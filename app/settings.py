"""Every setting of the server, from environment variables that start with ``NUDGE_``.

``make settings`` writes their table into the README. What a worker needs to know of them is sent to
it in ``messages.Start``. This file is over 300 lines: every setting is looked for here.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.addresses import Origin, frame_ancestor, path_prefix
from nn_core.datasets import Library, UploadLimits

MOST_DRAWINGS = 1000  # in one request: no setting allows more
MOST_LAYERS = 256  # hidden ones: no setting allows more


class Settings(BaseSettings):
    """The defaults suit one small machine; bounds are checked when the server starts."""

    model_config = SettingsConfigDict(env_prefix="NUDGE_", frozen=True)

    data_dir: Path | None = Field(
        None,
        description="Where data sets may already be, a folder for each with its four IDX files. It "
        "is only read.",
    )
    cache_dir: Path | None = Field(
        None,
        description="Where downloads, unpacked copies and uploaded data sets are kept. Unset: "
        ".cache/nudge in the user's home.",
    )
    mirror: str | None = Field(
        None,
        description="The address of a mirror to download data sets from, with a folder for each. "
        "The pinned checksums are verified as usual.",
    )

    max_hidden_layers: int = Field(
        16, ge=0, le=MOST_LAYERS, description="The most hidden layers that a network may have."
    )
    max_neurons: int = Field(
        2048, ge=1, description="The most neurons that a hidden layer may have."
    )
    max_parameters: int = Field(
        2_000_000, ge=1, description="The most weights and biases that a network may have."
    )
    max_walk_parameters: int = Field(
        500_000,
        ge=1,
        description="The most weights and biases of a network that can be walked through, line by "
        "line. The answer has 24 bytes for each.",
    )

    max_experiment_parameters: int = Field(
        500_000,
        ge=1,
        description="The most weights and biases of a network whose readings are explained and "
        "flipped, and whose neurons are asked what they want to see.",
    )
    max_experiment_work: int = Field(
        20_000_000_000,
        ge=1,
        description="The most multiplications for one landscape, or for what the absence of each "
        "neuron costs; five times as many to read a test set. With more to do, fewer examples "
        "are taken.",
    )

    store_dir: Path | None = Field(
        None,
        description="Where runs are kept: their checkpoints and the SQLite database. Unset: "
        ".local/share/nudge in the user's home. Two servers can't share one.",
    )
    database_url: str | None = Field(
        None,
        description="Another database for the runs, such as "
        "postgresql://user:password@host/nudge. Unset: SQLite in the store.",
    )
    resume_runs: bool = Field(
        default=True,
        description="Whether runs that were training when the server ended go on by themselves "
        "when it is started again. If not, they are interrupted, and can be resumed by hand.",
    )
    checkpoint_seconds: float = Field(
        5, gt=0, description="Seconds between two saves of a training run, from which it can go on."
    )
    kept_checkpoints: int = Field(
        64, ge=1, description="How many checkpoints of earlier epochs are kept of each run."
    )
    kept_checkpoint_bytes: int = Field(
        16 * 2**20, ge=0, description="How many bytes the checkpoints of a run may take together."
    )
    max_unwritten: int = Field(
        100_000,
        ge=1,
        description="How many epochs are kept in memory while the disk is full. With more, runs "
        "pause.",
    )
    worker_restarts: int = Field(
        3, ge=0, description="How often a run's process is started again after it was killed."
    )

    secret: str | None = Field(
        None,
        min_length=16,
        description="The secret that cookies are signed with. Unset: the server makes one and "
        "keeps it in the store.",
    )
    access_token: str | None = Field(
        None,
        min_length=8,
        description="The token that visitors must enter. Unset: the server is open.",
    )
    classroom_token: str | None = Field(
        None,
        min_length=8,
        description="The token that opens /classroom, the teacher's page. Unset: there is none.",
    )
    free_wrong_tokens: int = Field(
        20,
        ge=1,
        description="How many wrong tokens may come from one address. Each further one makes it "
        "wait, twice as long as the one before.",
    )
    free_wrong_codes: int = Field(
        200,
        ge=1,
        description="How many wrong codes of the lesson may come from one address, which a whole "
        "class may share, before it must wait in the same way.",
    )
    max_pupils: int = Field(200, ge=1, description="How many pupils a lesson may have.")
    lesson_hours: float = Field(
        24,
        gt=0,
        description="Hours after which a pupil's nickname, task and guesses are forgotten. They "
        "are in memory only, never on a disk.",
    )
    hosts: str = Field(
        "",
        description="The host names that this server answers to, with commas between, each with "
        "any port. *.example.org is any name there, * is any name. Unset: any name if it listens "
        "on the network; only this machine's own (localhost, 127.0.0.1) if it listens on those.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="The addresses of proxies, separated by commas, whose headers are trusted to "
        "say who calls, whether by TLS, by what name, and under which path: X-Forwarded-For, "
        "-Proto, -Host, -Port and -Prefix.",
    )
    root_path: str = Field(
        "",
        description="The path under which a proxy serves this server, such as /nudge, where the "
        "proxy does not tell it in X-Forwarded-Prefix. It makes no difference whether the proxy "
        "takes the path off before it passes a request on, unless it is named like one of ours "
        "(/api, /runs, /classroom, …): that has to be taken off.",
    )
    public_origin: str = Field(
        "",
        description="How browsers call this server, such as https://nudge.example.org, where a "
        "proxy or a tunnel calls it by another name and does not tell that in X-Forwarded-Host.",
    )
    frame_ancestors: str = Field(
        "",
        description="The sites, separated by commas, whose pages may show ours in a frame, such as "
        "https://moodle.example.org for a learning-management system. It takes TLS: without it, "
        "browsers keep no cookies in such a frame.",
    )

    engine: Literal["process", "ray"] = Field(
        "process",
        description="Where runs are trained: `process`, in processes of this machine, or `ray`, on "
        "a cluster.",
    )
    ray_address: str = Field(
        "",
        pattern=r"^([^:/\s]+:\d+)?$",
        description="The head of the Ray cluster, as host:port. Unset: a cluster of this machine "
        "alone is started with the server, and ended with it.",
    )
    max_live_runs: int = Field(
        32,
        ge=1,
        description="How many runs may train at once, a process each. The rest wait in a queue.",
    )
    max_live_runs_per_visitor: int = Field(
        8, ge=1, description="How many runs of one visitor may train at once."
    )
    max_live_runs_per_address: int = Field(
        24,
        ge=1,
        description="How many runs started from one address, which a whole school may share, may "
        "train at once. The limits of an address do not hold on this machine itself, nor for those "
        "who have entered a token. Those who have entered the lesson's code may together train as "
        "many as the server may.",
    )
    max_queued_runs: int = Field(200, ge=0, description="How many runs may wait in the queue.")
    max_queued_runs_per_visitor: int = Field(
        16, ge=0, description="How many runs of one visitor may wait in the queue."
    )
    max_queued_runs_per_address: int = Field(
        100, ge=0, description="How many runs started from one address may wait in the queue."
    )
    max_runs: int = Field(
        1000,
        ge=1,
        description="How many runs are kept. With one more, the oldest run of whoever has "
        "the most is deleted.",
    )
    max_runs_per_visitor: int = Field(
        100,
        ge=1,
        description="How many runs of one visitor are kept. With one more, the oldest is deleted.",
    )
    max_runs_per_address: int = Field(
        600, ge=1, description="How many runs are kept that were started from one address."
    )
    max_runs_per_lesson: int = Field(
        800,
        ge=1,
        description="How many runs are kept of those who have entered the lesson's code, from "
        "whatever address.",
    )
    max_sweep_runs: int = Field(
        64, ge=1, description="How many runs a sweep may have. They count as any other run."
    )
    max_commands: int = Field(
        1000,
        ge=10,
        description="How many changes and nudges of a run are kept one by one. Of older ones is "
        "kept what came of them.",
    )
    keep_days: float = Field(
        180, gt=0, description="Days after which a run that nobody has looked at is deleted."
    )
    max_epochs: int = Field(1_000_000, ge=1, description="The most epochs that a run may train.")
    max_run_minutes: float = Field(
        1440, gt=0, description="Minutes that a run may train. Then it is stopped."
    )
    max_run_memory_mib: int = Field(
        2048, ge=512, description="MiB of address space that a run's process may use."
    )
    idle_pause_minutes: float = Field(
        60, gt=0, description="Minutes after which a run that nobody watches is paused."
    )
    paused_worker_seconds: float = Field(
        60, gt=0, description="Seconds after which the process of a paused run is ended."
    )

    requests_per_second: float = Field(
        200,
        gt=0,
        description="How many requests of one visitor are answered a second. Five seconds' worth "
        "may come at once.",
    )
    drawings_per_second: float = Field(
        100,
        gt=0,
        description="How many drawings of one visitor are read each second. Ten seconds' worth "
        "may come at once.",
    )
    busy_visitors_per_address: float = Field(
        10,
        ge=1,
        description="How many times a visitor's share of requests and drawings one address may "
        "have. A whole class may share one, but not all of them are busy all the time.",
    )
    max_waiting_per_visitor: int = Field(
        32,
        ge=1,
        description="How many requests of one visitor may wait for their turn, of each kind of "
        "work that takes turns.",
    )
    max_waiting_per_address: int = Field(
        256, ge=1, description="How many requests from one address may wait so."
    )
    max_sockets_per_visitor: int = Field(
        64, ge=1, description="How many sockets one visitor may have open."
    )
    max_sockets_per_address: int = Field(
        512,
        ge=1,
        description="How many sockets one address, which a whole school may share, may have open.",
    )

    hello_epochs: int = Field(
        1000,
        ge=0,
        description="How many epochs a viewer is sent at first. Older ones are had by HTTP.",
    )
    heartbeat_seconds: float = Field(
        8,
        gt=0,
        le=10,
        description="Seconds after which a viewer who was sent nothing is sent a sign of life. A "
        "page that hears nothing for 25 takes the connection for dead, and makes a new one.",
    )
    viewer_stall_seconds: float = Field(
        10, gt=0, description="Seconds after which a viewer that reads nothing is disconnected."
    )
    download_stall_seconds: float = Field(
        30,
        gt=0,
        description="Seconds after which a connection is closed on which nothing of an answer was "
        "taken. One that is taken slowly may take as long as it likes.",
    )
    socket_buffer_bytes: int = Field(
        256 * 2**10, ge=4096, description="How much the kernel may buffer for a slow viewer."
    )
    worker_answer_seconds: float = Field(
        30, gt=0, description="Seconds that a run's process may take to answer."
    )

    max_body_bytes: int = Field(
        2**20, ge=1024, description="The largest body that a request may have."
    )
    max_incoming_mib_per_visitor: float = Field(
        640,
        gt=0,
        description="MiB of data sets and zips of runs that one visitor may be sending at once. "
        "They are on the disk until they are taken in.",
    )
    max_incoming_mib_per_address: float = Field(
        2048, gt=0, description="MiB of these that may be coming from one address at once."
    )
    max_outgoing_mib_per_visitor: float = Field(
        64,
        gt=0,
        description="MiB of large answers, such as checkpoints and exports, that may be on their "
        "way to one visitor at once. A single one may be larger.",
    )
    max_outgoing_mib_per_address: float = Field(
        512, gt=0, description="MiB of these that may be on their way to one address at once."
    )
    max_import_bytes: int = Field(
        512 * 2**20, ge=1024, description="The largest zip of runs that may be imported."
    )
    max_import_unpacked_bytes: int = Field(
        2**30, ge=1024, description="The most that such a zip may unpack to."
    )
    max_dataset_bytes: int = Field(
        64 * 2**20, ge=1024, description="The largest data set that may be uploaded."
    )
    max_dataset_unpacked_bytes: int = Field(
        UploadLimits.unpacked_bytes,
        ge=1024,
        description="The most that an uploaded .npz, zip or gzipped file may unpack to.",
    )
    max_dataset_pixels: int = Field(
        UploadLimits.pixels,
        ge=1,
        description="The most pixels that an image of an uploaded data set may have.",
    )
    max_dataset_examples: int = Field(
        UploadLimits.examples,
        ge=1,
        description="The most images that an uploaded data set may have.",
    )
    max_dataset_seconds: float = Field(
        UploadLimits.seconds,
        gt=0,
        description="Seconds of processor time that an uploaded CSV may take to be read, while "
        "others' uploads wait.",
    )
    max_dataset_classes: int = Field(
        UploadLimits.classes,
        ge=2,
        le=256,
        description="The most classes that an uploaded data set may have.",
    )
    max_own_datasets: int = Field(
        UploadLimits.datasets, ge=0, description="How many uploaded data sets are kept."
    )
    max_own_datasets_per_visitor: int = Field(
        5, ge=0, description="How many data sets one visitor may have uploaded."
    )
    max_own_datasets_per_address: int = Field(
        10, ge=0, description="How many data sets may have been uploaded from one address."
    )
    max_own_datasets_per_lesson: int = Field(
        15,
        ge=0,
        description="How many data sets those may have uploaded who have entered the lesson's "
        "code, from whatever address.",
    )
    max_drawings: int = Field(
        100,
        ge=1,
        le=MOST_DRAWINGS,
        description="How many labelled drawings a run may be taught, or given, at once.",
    )
    max_taught_drawings: int = Field(
        5000,
        ge=1,
        description="How many drawings a run may be taught in all. They are kept with it, so that "
        "it can be trained again, bit for bit.",
    )
    max_taught_mib_per_visitor: float = Field(
        32, gt=0, description="MiB of memory that the drawings of one visitor's runs may take."
    )
    max_taught_mib_per_address: float = Field(
        128,
        gt=0,
        description="MiB of memory that those may take of runs started from one address, or by all "
        "who have entered the lesson's code.",
    )
    max_drawing_pixels: int = Field(
        2**24, ge=1, description="The most pixels, width times height, that a drawing may have."
    )

    @field_validator("root_path")
    @classmethod
    def _root_path(cls, text: str) -> str:
        return path_prefix(text)

    @field_validator("public_origin")
    @classmethod
    def _public_origin(cls, text: str) -> str:
        text = text.strip().removesuffix("/")
        return str(Origin.parse(text)) if text else ""

    @field_validator("frame_ancestors")
    @classmethod
    def _frame_ancestors(cls, text: str) -> str:
        return " ".join(map(frame_ancestor, text.replace(",", " ").split()))

    @property
    def library(self) -> Library:
        """The data sets that this server has or can download."""
        return Library(self.data_dir, self.cache_dir)

    @property
    def upload_limits(self) -> UploadLimits:
        """How large uploaded data sets may be."""
        return UploadLimits(
            self.max_dataset_unpacked_bytes,
            self.max_dataset_pixels,
            self.max_dataset_examples,
            self.max_dataset_classes,
            self.max_own_datasets,
            self.max_dataset_seconds,
        )
