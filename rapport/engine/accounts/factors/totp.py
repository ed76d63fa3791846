"""Codes of an authenticator app (RFC 6238: six digits, thirty seconds, SHA-1), each good for one use."""

import hmac
import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M


def new_secret() -> str:
    """160 random bits in base 32, as apps take them."""
    secret: str = generate_totp_secret()
    return secret


def period_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """Which period of thirty seconds a code belongs to; None if to none that is near and later than `after`."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    typed = "".join(code.split())
    found = None
    for period in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        expected = format_hotp_value(hotp_value(secret, period))
        if hmac.compare_digest(typed.encode(), expected.encode()) and period > after:
            found = period
    return found


def in_groups(secret: str) -> str:
    """A secret as a person types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def qr_path(text: str) -> tuple[str, int]:
    """A QR code as the path of an SVG, and how many units its side has."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    rows = (f"M{column} {row}h1v1h-1z" for row, line in enumerate(modules) for column, dark in enumerate(line) if dark)
    return "".join(rows), len(modules)
