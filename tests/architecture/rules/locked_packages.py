"""Every package is locked to one version and its hashes, so that a build gets what was checked or nothing."""

import json
import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

PINNED = re.compile(r"[\w.-]+(?:\[[\w,-]+\])?==[\w.!+]+(?:\s*;[^\\]*)?\s")


def find(source: Source) -> Iterator[Violation]:
    if source.parts[0] == "requirements" and source.suffix == ".txt":
        yield from _requirements(source)
    elif source.name == "package-lock.json":
        yield from _package_lock(source)


def _requirements(source: Source) -> Iterator[Violation]:
    joined = re.sub(r"\\\n\s*", " ", source.text)
    for entry in joined.splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        line = source.line_of(source.text.index(entry.split()[0]))
        if not PINNED.match(f"{entry} "):
            yield Violation(source.path, line, f"is not locked to one version: {entry[:60]}")
        elif "--hash=sha256:" not in entry:
            yield Violation(source.path, line, f"has no hash: {entry[:60]}")


def _package_lock(source: Source) -> Iterator[Violation]:
    for name, package in json.loads(source.text).get("packages", {}).items():
        line = source.line_of(max(source.text.find(f'"{name}"'), 0))
        if "resolved" in package:
            yield Violation(source.path, line, f"{name} says where it was downloaded")
        if name and not package.get("integrity") and not package.get("link"):
            yield Violation(source.path, line, f"{name} has no hash")


GOOD = (
    Source(
        "requirements/run.txt", "# made by bin/check\nrich==1.2 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    ),
    Source("requirements/run.in", "rich>=1\n"),
    Source("package-lock.json", '{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}'),
)
BAD = (
    Source("requirements/run.txt", "rich==1.2\n"),
    Source("requirements/run.txt", "rich>=1.2 \\\n    --hash=sha256:aa\n"),
    Source("requirements/run.txt", "rich @ git+https://example.org/rich --hash=sha256:aa\n"),
    Source(
        "package-lock.json", '{"packages": {"node_modules/a": {"integrity": "x", "resolved": "https://a.example"}}}'
    ),
    Source("package-lock.json", '{"packages": {"node_modules/a": {}}}'),
)
