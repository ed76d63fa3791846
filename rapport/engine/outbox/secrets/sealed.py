"""A sealed value: AES-256-GCM, bound to the table, column and row it stands in, so that it opens nowhere else.

Layout: one byte of version, eight of the key's id, twelve of nonce, the cipher text with its tag.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from rapport.engine.outbox.secrets.keys import ID_BYTES, find_key, newest_key

VERSION = b"\x01"
NONCE_BYTES = 12


class WrongPlace(Exception):
    """The value was moved here from another row or column, or altered."""


class Sealed(bytes):
    """A secret as it lies in the database, with the place it belongs to. It shows nothing of itself until opened."""

    place: str

    def __new__(cls, blob: bytes, place: str = "") -> "Sealed":
        sealed = super().__new__(cls, blob)
        sealed.place = place
        return sealed

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__

    @property
    def key_id(self) -> bytes:
        return self[1 : 1 + ID_BYTES]

    def open(self) -> str:
        """The secret itself. Raises WrongPlace or KeyMissing."""
        if self[:1] != VERSION:
            raise self._misplaced()
        rest = self[1 + ID_BYTES :]
        key = find_key(self.key_id)
        try:
            plain = AESGCM(key.secret).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(self.place))
        except InvalidTag as error:
            raise self._misplaced() from error
        return plain.decode()

    def _misplaced(self) -> WrongPlace:
        words = _("A sealed value was altered or does not belong where it was found: %(place)s.")
        return WrongPlace(words % {"place": self.place})


def seal(text: str, *, place: str) -> Sealed:
    """Seal a text for one place (`table.column:row`) with the newest key."""
    key = newest_key()
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(key.secret).encrypt(nonce, text.encode(), _bound(place))
    return Sealed(VERSION + key.id + nonce + cipher, place)


def _bound(place: str) -> bytes:
    if not place:
        raise WrongPlace(_("A sealed value can be opened on its row only."))
    return VERSION + place.encode()
