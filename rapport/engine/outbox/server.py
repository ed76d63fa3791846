"""Which mail server to use: the one the environment names, else the one set in the browser, else none yet."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from rapport.engine.outbox.models import MailServer, Security

VARIABLE = "RAPPORT_SMTP_URL"
SCHEMES = {
    "smtp": (Security.NONE, 25),
    "smtp+starttls": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
}


@dataclass(frozen=True)
class Smtp:
    """How to reach the server, and who the mail is from."""

    host: str
    port: int
    security: str
    from_address: str
    from_name: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    is_from_environment: bool = False

    @classmethod
    def from_url(cls, url: str) -> "Smtp":
        """Read `smtp+starttls://user:password@mail.example.com:587?from=crm@example.com&name=Example`.

        Raises ValueError with what is wrong.
        """
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        if parts.scheme not in SCHEMES:
            raise ValueError(f"{VARIABLE}: begin with {', '.join(f'{name}://' for name in SCHEMES)}.")
        if not parts.hostname or "from" not in asked:
            raise ValueError(f"{VARIABLE}: name a host and a sender, as smtps://mail.example.com?from=crm@example.com.")
        security, port = SCHEMES[parts.scheme]
        return cls(
            host=parts.hostname,
            port=parts.port or port,
            security=security,
            from_address=asked["from"][0],
            from_name=asked.get("name", [""])[0],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_from_environment=True,
        )


def mail_server(environ: Mapping[str, str] = os.environ) -> Smtp | None:
    """The server in force; None while there is none."""
    if url := environ.get(VARIABLE):
        return Smtp.from_url(url)
    row = MailServer.objects.filter(deleted_at=None).first()
    if row is None:
        return None
    return Smtp(
        host=row.host,
        port=row.port,
        security=row.security,
        from_address=row.from_address,
        from_name=row.from_name,
        username=row.username,
        password=row.password.open() if row.password else "",
    )
