"""Static files are collected when they changed, told by names, sizes and times; not at every start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from rapport.engine.runtime.static import compress

IGNORED = ["CVS", ".*", "*~"]


def collect_static() -> bool:
    """Bring the collected files up to date. False when they were."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder / ".fingerprint"
    current = fingerprint()
    if stamp.exists() and stamp.read_text() == current:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    folder.mkdir(exist_ok=True)
    compress(folder)
    stamp.write_text(current)
    return True


def fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(IGNORED):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
