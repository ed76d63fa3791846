"""Jobs that leave their traces in files, for the tests of the worker."""

import time
from pathlib import Path
from uuid import UUID

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter


def note(path: str, line: object) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


def notes(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


@job(label="Write a line")
def write_line(progress: Reporter, path: str, line: UUID) -> None:
    note(path, f"{type(line).__name__} {line}")


@job(label="Count in slices")
def count(progress: Reporter, path: str, slices: int) -> None:
    """Goes on after the last line that stands in the file, as real work goes on after its last committed slice."""
    for number in range(len(notes(Path(path))), slices):
        note(path, number)
        progress.report(number + 1, total=slices, message="Counting")
        time.sleep(0.05)


@job(label="Sleep deeply")
def sleep(progress: Reporter, path: str) -> None:
    note(path, "asleep")
    time.sleep(60)
    note(path, "awake")


@job(label="Need a file")
def need(progress: Reporter, path: str) -> None:
    if not Path(path).exists():
        raise ValueError(f"{path} is missing.")


@job(label="Need a file, patiently", retry=2)
def need_patiently(progress: Reporter, path: str) -> None:
    need.function(progress, path)


@job(label="One by one", alone="sample")
def one_by_one(progress: Reporter, path: str) -> None:
    note(path, "in")
    time.sleep(0.2)
    note(path, "out")
