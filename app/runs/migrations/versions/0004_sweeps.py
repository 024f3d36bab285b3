"""Sweeps, and which of them a run belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "sweeps",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80)),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("members", sa.Text, nullable=False),
        sa.Column("rung", sa.Integer, nullable=False),
    )
    op.add_column("runs", sa.Column("sweep", sa.String(64)))
