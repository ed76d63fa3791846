"""The backup that is taken before newer code changes older data."""

import datetime

from rapport.engine.runtime.backup.writing import back_up
from rapport.engine.runtime.home import Home

PREFIX, SUFFIX = "before-upgrade-", ".rapport"
KEPT = 3


def back_up_before_migrating(home: Home) -> str:
    """Take it, remove older ones of its kind, and hand back the sentence that tells the way back."""
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    made = back_up(home, home.backups / f"{PREFIX}{moment}{SUFFIX}")
    for old in sorted(home.backups.glob(f"{PREFIX}*{SUFFIX}"))[:-KEPT]:
        old.unlink()
    return (
        f"This version changes the data. A backup was taken first: {made.path}\n"
        f"The way back: with the earlier version, RAPPORT_HOME=/path/to/new bin/rapport restore {made.path}"
    )
