"""The two roles and the database: `owner` shapes the tables, `app` works with their rows."""

from rapport.engine.runtime.home import APP_ROLE, DATABASE, OWNER_ROLE, Home
from rapport.engine.runtime.postgres.cluster import Cluster

EXTENSIONS = ("pg_trgm", "btree_gin")
# What was granted last; raised with LATER, so that a home made before gets it at its next start.
MADE = "2"


def make_database(cluster: Cluster, home: Home) -> None:
    """Roles, database, extensions and default privileges. Does nothing when they were made before."""
    stamp = cluster.data / "rapport.made"
    made = stamp.read_text() if stamp.exists() else None
    if made == MADE:
        return
    if made is None:
        for role in (OWNER_ROLE, APP_ROLE):
            cluster.psql(_role_sql(role, home.secret(role)))
        if DATABASE not in cluster.psql("SELECT datname FROM pg_database").splitlines():
            cluster.psql(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0")
        cluster.psql(PRIVILEGES, database=DATABASE)
    cluster.psql(LATER)
    stamp.touch(mode=0o600)
    stamp.write_text(MADE)
    cluster.account.give(stamp)


def _role_sql(role: str, password: str) -> str:
    """The password is made by `secrets.token_urlsafe`, so it holds no quote."""
    return f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;
        END $$;
        ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password}';
    """


PRIVILEGES = f"""
    REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
    GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP_ROLE};
    GRANT USAGE ON SCHEMA public TO {APP_ROLE};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
        GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
""" + "".join(f"    CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)

# The page of lags names what holds the journal back, be it a migration or a dump: sessions of other roles. The server
# serves nothing but Rapport, and its passwords stand in no statement that runs beside the application.
LATER = f"GRANT pg_read_all_stats TO {APP_ROLE};"
