"""Duplicates: how many are found and how many wrongly, on data with known truth; and a scan of the whole home."""

import csv
import os
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(os.environ.get("RAPPORT_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
PERSON = {
    "given": "given_name",
    "family": "surname",
    "city": "suburb",
    "postcode": "postcode",
    "region": "state",
    "date": "date_of_birth",
}
FEBRL = {"1": ("1",), "2": ("2",), "3": ("3",), "4": ("4a", "4b")}
Pairs = set[tuple[str, str]]


class Labelled(NamedTuple):
    """Records of a data set: each an id and values by kind, and the pairs that are one."""

    rows: dict[str, dict[str, str]]
    true: Pairs


def duplicates() -> dict[str, str]:
    """Figures for each data set that is there, then the time of a scan of all people."""
    found: dict[str, str] = {}
    for name, labelled in data_sets():
        found |= figures(name, labelled)
    return found | whole_home()


def data_sets() -> Iterator[tuple[str, Labelled]]:
    """The data sets that are there. Identity numbers are left out; truth is never shown to the linker."""
    if (DATA / "febrl").is_dir():
        for name, parts in FEBRL.items():
            yield f"FEBRL {name}", febrl(parts)
    if (DATA / "fodors-zagats").is_dir():
        yield "Fodor's and Zagat's", restaurants()
    if (DATA / "splink-fake-1000").is_dir():
        yield "Splink's 1,000 invented people", invented()


def febrl(parts: Iterable[str]) -> Labelled:
    """One or more files of FEBRL as one table."""
    rows, groups = {}, defaultdict(list)
    for part in parts:
        for row in read(DATA / f"febrl/dataset{part}.csv"):
            street = " ".join(filter(None, (row["street_number"], row["address_1"], row["address_2"])))
            rows[row["rec_id"]] = {kind: row[name] for kind, name in PERSON.items()} | {"street": street}
            groups[row["rec_id"].split("-")[1]].append(row["rec_id"])
    return Labelled(rows, within(groups.values()))


def invented() -> Labelled:
    """Splink's invented people, several records of each."""
    rows, groups = {}, defaultdict(list)
    for row in read(DATA / "splink-fake-1000/fake_1000_from_splink_demos.csv"):
        names = {"given": "first_name", "family": "surname", "city": "city", "emails": "email", "date": "dob"}
        rows[row["unique_id"]] = {kind: row[name] for kind, name in names.items()}
        groups[row["cluster"]].append(row["unique_id"])
    return Labelled(rows, within(groups.values()))


def restaurants() -> Labelled:
    """Two guides as one table; only pairs of one record of each count."""
    rows = {}
    for guide in ("fodors", "zagats"):
        for row in read(DATA / f"fodors-zagats/{guide}.csv"):
            rows[f"{guide} {row['id']}"] = {
                "name": row["name"],
                "street": row["addr"],
                "city": row["city"],
                "phones": row["phone"],
            }
    told = read(DATA / "fodors-zagats/matches_fodors_zagats.csv")
    return Labelled(rows, {(f"fodors {row['fodors_id']}", f"zagats {row['zagats_id']}") for row in told})


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


def within(groups: Iterable[list[str]]) -> Pairs:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def figures(name: str, labelled: Labelled) -> dict[str, str]:
    """Precision, recall and F1 of the pairs within the clusters that are found."""
    began = time.monotonic()
    found = linked(labelled.rows)
    if name.startswith("Fodor"):
        found = {pair for pair in found if pair[0].split()[0] != pair[1].split()[0]}
    right = len(found & labelled.true)
    precision, recall = right / max(len(found), 1), right / len(labelled.true)
    one = 2 * precision * recall / max(precision + recall, 1e-9)
    words = f"F1 {one:.4f} (precision {precision:.4f}, recall {recall:.4f})"
    print(f"{name}: {words}, {time.monotonic() - began:.1f} s", flush=True)
    return {f"duplicates: {name}, {len(labelled.rows):,} records, {len(labelled.true):,} pairs": words}


def linked(rows: dict[str, dict[str, str]]) -> Pairs:
    """The pairs within the clusters of a table, as the product links any table."""
    from rapport.engine.records.duplicates.linking.link import clusters_of, link
    from rapport.engine.records.duplicates.linking.shape import Column, Shape
    from rapport.engine.records.duplicates.linking.store import opened

    shape = Shape([Column(kind, kind) for kind in next(iter(rows.values()))])
    with opened(shape) as store:
        for _done in store.load((key, shape.normal(row)) for key, row in rows.items()):
            pass
        link(store)
        ids = dict(store.rows("SELECT n, id FROM record"))
        clusters = [sorted(ids[n] for n in cluster.members) for cluster in clusters_of(store)]
    return within(clusters)


def whole_home() -> dict[str, str]:
    """The time of a scan of everybody, from PostgreSQL to clusters written back, and what it took of memory."""
    from django.db import connections

    from rapport.engine.records.duplicates.scanning import scan
    from rapport.engine.records.registry import record_type

    steps: list[str] = []
    began = time.monotonic()

    def tell(step: str, done: int) -> None:
        if step != "read" or done % 200_000 == 0:
            print(f"  {step} {done:,}: {time.monotonic() - began:.0f} s", flush=True)
            steps.append(step)

    with Peak() as peak:
        kept = scan(record_type("people"), tell)
    seconds = time.monotonic() - began
    connections.close_all()
    words = f"{seconds:,.0f} s, {peak.most / 2**30:.2f} GiB at most; {kept.pairs:,} pairs in {kept.clusters:,} clusters"
    return {f"duplicates: a scan of {kept.records:,} people": words}


class Peak:
    """The most memory that this process held, PostgreSQL not counted (its buffers are bounded by settings)."""

    most = 0

    def __enter__(self) -> "Peak":
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_what: Any) -> None:
        self._ended.set()
        self._thread.join()
        self.most = max(self.most, resident())

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self.most = max(self.most, resident())


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
