"""A database knows the name of the folder that it belongs to, so that no wrong pair is used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table; the server writes the name."""
    op.create_table("store", sa.Column("name", sa.String(64), primary_key=True))
