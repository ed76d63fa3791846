"""Server settings for a small machine; RAPPORT_POSTGRES_<NAME> overrides any of them."""

import os
from collections.abc import Mapping
from pathlib import Path

PREFIX = "RAPPORT_POSTGRES_"
SMALL_MACHINE = {
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "huge_pages": "off",
    # One machine without replicas: no log for them, and less to write for whole new tables.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    # Each helper process costs memory even when idle.
    "io_method": "sync",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # Values in a log would outlive their erasure in the tables: no statements, no details, no parameters.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
MEGABYTE = 2**20
# What the machine, or the container, lets us have.
LIMIT = Path("/sys/fs/cgroup/memory.max")
# Since when an older server, started to be read once, knows a setting.
SINCE = {"io_method": 18}


def settings(*, socket: Path, major: int, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All settings of one start: no TCP, one socket, small memory, then what the environment says."""
    chosen = {
        name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX) and value
    }
    known = {name: value for name, value in SMALL_MACHINE.items() if SINCE.get(name, 0) <= major}
    known["shared_buffers"] = f"{_buffers(_memory())}MB"
    place = {"listen_addresses": "", "unix_socket_directories": f'"{socket}"', "port": "5432"}
    return {**known, **chosen, **place}


def _buffers(memory: int) -> int:
    """MB that the server keeps pages in by itself: little on a small machine; the system keeps the others anyway."""
    return min(max(memory // MEGABYTE // 32, 64), 256)


def _memory() -> int:
    """Bytes of this machine, or of the container that it runs in."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = LIMIT.read_text().strip() if LIMIT.exists() else ""
    return min(machine, int(limit)) if limit.isdigit() else machine
