"""How Alembic runs our migrations: on the connection it is given, inside the transaction that is open there."""

from alembic import context

from scoreboard.state.schema import STATE

context.configure(connection=context.config.attributes["connection"], target_metadata=STATE)
with context.begin_transaction():
    context.run_migrations()
