"""One file that holds everything: database, files and the keys to sealed values. Written and read as a stream."""

from rapport.engine.runtime.backup.fault import BackupFault
from rapport.engine.runtime.backup.hooks import after_restore
from rapport.engine.runtime.backup.reading import restore
from rapport.engine.runtime.backup.upgrade import back_up_before_migrating
from rapport.engine.runtime.backup.writing import Summary, back_up

__all__ = ["BackupFault", "Summary", "after_restore", "back_up", "back_up_before_migrating", "restore"]
