"""Secrets that are shown once: made here, kept only as a digest."""

import hashlib
import secrets


def new_secret() -> str:
    """Random text of 256 bits that is safe in addresses and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored and looked up. A secret is random, so a fast hash is enough, and its lookup tells no timing."""
    return hashlib.sha256(secret.encode()).hexdigest()
