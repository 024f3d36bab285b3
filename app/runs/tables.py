"""The tables of the database in which runs are kept."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("name", String(80)),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("seen", Float, nullable=False),  # when somebody last looked at it, in the server's Age
    Column("spec", Text, nullable=False),  # JSON, as it began: ``commands`` say what changed since
    Column("dataset", Text, nullable=False),  # JSON: what was known of it then
    Column("status", String(16), nullable=False),
    Column("reason", Text),
    Column("epoch", Integer, nullable=False),
    Column("step", BigInteger, nullable=False),  # of the last event or command that is kept
    Column("seconds", Float, nullable=False),  # that it has trained
    Column("test_accuracy", Float),  # after the last epoch, 0 to 1
    Column("best", Text),  # JSON: epoch, test accuracy and test cost of the best checkpoint
    Column("events", Integer, nullable=False),  # how many there are
    Column("sweep", String(64)),  # the one that it belongs to
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(80)),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("status", String(16), nullable=False),
    Column("reason", Text),
    Column("asked", Text, nullable=False),  # JSON: what was asked for
    Column("members", Text, nullable=False),  # JSON: its runs, and what became of some
    Column("rung", Integer, nullable=False),  # how many times the worse half was stopped
)

store = Table(
    "store",
    metadata,
    Column("name", String(64), primary_key=True),  # that of the folder which goes with these runs
)

events = Table(
    "events",
    metadata,
    Column("run", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 0, in order
    Column("epoch", Integer),  # null: a change of state
    Column("text", Text, nullable=False),  # JSON, as the viewers are told
    Index("events_by_epoch", "run", "epoch"),
)

commands = Table(
    "commands",
    metadata,
    Column("run", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 0, in order
    Column("step", BigInteger, nullable=False),  # it took effect after this step
    Column("content", Text, nullable=False),  # JSON, as the worker takes it
)
