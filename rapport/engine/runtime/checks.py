"""`bin/check`: everything that must hold before a commit, except the tests. `bin/check --lock` recompiles the locks."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / ".venv" / "bin"
LOCKS = ("run", "check", "node")
COMPILE = ("pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version", "3.11")
COMPILE_PLAIN = ("--no-header", "--no-annotate")
# Two cores are the smallest machine that this runs on every day.
AT_ONCE = 2


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    check: Check
    passed: bool
    output: str
    seconds: float


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--lock"]:
        return lock()
    if arguments:
        print("bin/check takes no arguments but --lock.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="rapport-check-", dir="/tmp") as home:
        # So that a service user may pass through, when root runs this.
        Path(home).chmod(0o711)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = []
            for result in pool.map(run, checks(home)):
                report(result)
                results.append(result)
    failed = [result.check.name for result in results if not result.passed]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def checks(home: str) -> list[Check]:
    """The longest first, so that the others run beside it."""
    rapport = [str(BIN / "python"), "-P", "-m", "rapport"]
    own = {"RAPPORT_HOME": home}
    public = {**own, "RAPPORT_URL": "https://crm.example.com"}
    found = [
        Check("types", [str(BIN / "mypy")]),
        Check("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
        Check("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        Check("imports", [str(BIN / "lint-imports")]),
        Check("architecture", [str(BIN / "python"), "-m", "pytest", "-q", "tests/architecture"]),
        Check("deployment", [*rapport, "check", "--deploy", "--fail-level", "WARNING"], public),
        Check("migrations", [*rapport, "makemigrations", "--check", "--dry-run"], own),
    ]
    if (ROOT / "rapport/config/management/commands/map.py").exists():
        found.append(Check("map", [*rapport, "map", "--check"], own))
    return found


def run(check: Check) -> Result:
    began = time.monotonic()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("RAPPORT_", "DATABASE_"))}
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**plain, **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(check, done.returncode == 0, done.stdout, time.monotonic() - began)


def report(result: Result) -> None:
    if not result.passed:
        print(result.output.rstrip())
    print(f"{'ok  ' if result.passed else 'FAIL'} {result.check.name} ({result.seconds:.1f} s)", flush=True)


def lock() -> int:
    """Recompile the lock files from their .in files, with uv from the registry."""
    with tempfile.TemporaryDirectory() as tools:
        pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", tools, "uv"], check=True)
        uv = str(Path(tools) / "bin" / "uv")
        for name in LOCKS:
            source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
            subprocess.run([uv, *COMPILE, *COMPILE_PLAIN, source, "-o", target], cwd=ROOT, check=True)
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--silent"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
