"""Alembic's entrance: run the migrations on the connection that ``database.connect`` gives."""

from alembic import context

from app.runs.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
