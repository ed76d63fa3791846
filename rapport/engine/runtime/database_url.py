"""Reads `postgresql://user:password@host:port/name?option=value` into the parts that Django wants."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
ADDRESS_OPTIONS = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}


class AddressFault(ValueError):
    """The address cannot be used; the text says what to mend and never shows a password."""


def parse_database_url(url: str, *, name: str) -> dict[str, Any]:
    """NAME, USER, PASSWORD, HOST, PORT and OPTIONS. `name` is the setting's, for messages; they never show the URL.

    Raises AddressFault with a sentence that says what to mend.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressFault(f"{name} is no address. A '[' or ']' in the password is written %5B or %5D.") from None
    if parts.scheme not in SCHEMES:
        raise AddressFault(f"{name} must begin with postgresql://, as in postgresql://user:password@host:5432/name.")
    try:
        port = parts.port
    except ValueError:
        raise AddressFault(
            f"The port in {name} is no number up to 65535. In a password '/', '@' and ':' are written %2F, %40 and %3A."
        ) from None
    options = _query(parts.query, name=name)
    address = {
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts),
        "PORT": str(port or ""),
    }
    for option, key in ADDRESS_OPTIONS.items():
        # As in libpq, the query wins: it is the only place for a socket folder.
        address[key] = str(options.pop(option, address[key]))
    if not address["NAME"]:
        raise AddressFault(f"{name} names no database. Add it after the host, as in postgresql://user@host/name.")
    return {**address, "OPTIONS": options}


def _host(parts: SplitResult) -> str:
    """The host as written: a percent-encoded socket folder keeps its capitals, which `hostname` would lower."""
    written = parts.netloc.rpartition("@")[2]
    return unquote(written.partition(":")[0]) if "%" in written else parts.hostname or ""


def _query(query: str, *, name: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise AddressFault(f"The options after '?' in {name} must read option=value, joined by '&'.") from None
    options: dict[str, Any] = dict(pairs)
    if "connect_timeout" in options:
        options["connect_timeout"] = int(options["connect_timeout"])
    return options
