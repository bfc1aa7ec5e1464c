"""What every SQL table is declared on, and how its constraints are named."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData

STATE = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})


def id_column() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)
