"""A run's test accuracy stands in its row, so that a list of runs needs no events."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

runs = sa.table("runs", sa.column("id"), sa.column("epoch"), sa.column("test_accuracy"))
events = sa.table("events", sa.column("run"), sa.column("epoch"), sa.column("text"))


def upgrade() -> None:
    """Add the column, and fill it from each run's last epoch."""
    op.add_column("runs", sa.Column("test_accuracy", sa.Float))
    connection = op.get_bind()
    last_epochs = sa.select(events.c.run, events.c.text).join(
        runs, sa.and_(events.c.run == runs.c.id, events.c.epoch == runs.c.epoch)
    )
    for run, text in connection.execute(last_epochs).all():
        accuracy = json.loads(text)["test_accuracy"]
        connection.execute(runs.update().where(runs.c.id == run).values(test_accuracy=accuracy))
