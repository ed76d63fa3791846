"""What the tests of second factors share: addresses, and codes as an app and a page show them."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from rapport.engine.events.models import JournalEntry

OWN = "/settings/sign-in/"
SECOND = "/sign-in/second/"
WRONG = "This code is wrong, or was used before."


def code(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def codes_on(page):
    return re.findall(r"<li><code>([\w-]+)</code>", page.text)


def kinds():
    return list(JournalEntry.objects.filter(kind__startswith="user.").order_by("id").values_list("kind", flat=True))
