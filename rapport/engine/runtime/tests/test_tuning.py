"""What the embedded server is started with: more of a large machine, little of a small one or a small container."""

import os
from pathlib import Path

import pytest

from rapport.engine.runtime.postgres import tuning

GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("machine", "container", "buffers"),
    [
        (1 * GIGABYTE, "max", "64MB"),
        (4 * GIGABYTE, "max", "128MB"),
        (64 * GIGABYTE, "max", "256MB"),
        (64 * GIGABYTE, str(1 * GIGABYTE), "64MB"),
    ],
)
def test_buffers_follow_the_memory(monkeypatch, tmp_path, machine, container, buffers):
    limit = tmp_path / "memory.max"
    limit.write_text(f"{container}\n")
    monkeypatch.setattr(tuning, "LIMIT", limit)
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": machine // 4096, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert tuning.settings(socket=Path("/run"), major=18, environ={})["shared_buffers"] == buffers


def test_what_is_chosen_wins():
    environ = {"RAPPORT_POSTGRES_SHARED_BUFFERS": "1GB"}
    assert tuning.settings(socket=Path("/run"), major=18, environ=environ)["shared_buffers"] == "1GB"
