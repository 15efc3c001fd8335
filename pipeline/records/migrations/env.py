"""Run by alembic: applies the versions on the connection that pipeline/records/schema.py hands over."""

from alembic import context

from pipeline.records.schema import VERSION_TABLE
from pipeline.records.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
