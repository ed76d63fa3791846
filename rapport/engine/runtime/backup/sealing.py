"""Encrypts a stream under a passphrase: scrypt makes the key, AES-GCM seals each chunk and its place in the order.

The nonce counts the chunks and its last byte marks the final one (Hoang, Reyhanitabar, Rogaway and Vizár, 2015,
"STREAM"), so a chunk that is missing, moved or cut off is noticed.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from rapport.engine.runtime.backup.fault import BackupFault

MAGIC = b"rapport sealed 1\n"
SALT = 16
CHUNK = 256 * 1024
TAG = 16
# 64 MiB of memory for each guess at the passphrase.
COST = 2**16


class SealedWriter:
    """Takes plain bytes, writes sealed ones. Only `close` makes the stream whole."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        target.write(MAGIC + salt)
        self._target = target
        self._cipher = AESGCM(_key(passphrase, salt))
        self._waiting = bytearray()
        self._count = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, last=last), plain, MAGIC))
        self._count += 1


class SealedReader:
    """Hands back the plain bytes. Raises BackupFault for a wrong passphrase and for a damaged or shortened file."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise BackupFault("This file is not an encrypted backup.")
        self._cipher = AESGCM(_key(passphrase, source.read(SALT)))
        self._source = source
        self._ahead = source.read(CHUNK + TAG)
        self._plain = b""
        self._count = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if not self._plain and not self._ended:
            self._plain = self._open_next()
        piece, self._plain = self._plain[:size], self._plain[size:]
        return piece

    def _open_next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._source.read(CHUNK + TAG)
        self._ended = not self._ahead
        try:
            plain = self._cipher.decrypt(_nonce(self._count, last=self._ended), sealed, MAGIC)
        except InvalidTag:
            if self._count == 0:
                raise BackupFault("The passphrase is wrong, or the file is damaged at its beginning.") from None
            raise BackupFault("The file is damaged or its end is missing. Nothing of it can be trusted.") from None
        self._count += 1
        return plain


def is_sealed(source: BinaryIO) -> bool:
    """Looks at the beginning and goes back to it."""
    beginning = source.read(len(MAGIC))
    source.seek(0)
    return beginning == MAGIC


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])
