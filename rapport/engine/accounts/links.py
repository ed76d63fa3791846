"""One-time links: making them, finding them, and using one up."""

import os
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from rapport.engine.accounts.events import LinkMade
from rapport.engine.accounts.models import OneTimeLink, Purpose, User
from rapport.engine.accounts.secret import digest, new_secret
from rapport.engine.events.act import Act
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.site import running_site

PRINTED_LINK_LASTS = timedelta(hours=1)
FIRST_START_LINK_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)


def make_link(
    act: Act, user: User | None, *, purpose: Purpose = Purpose.SIGN_IN, lasts: timedelta = PRINTED_LINK_LASTS
) -> str:
    """The whole address of a new link. Without a user it is for the first administrator, and only the newest works."""
    secret = new_secret()
    if user is None:
        OneTimeLink.objects.filter(user=None, used_at=None).delete()
    else:
        act.happened(LinkMade(user.pk, purpose))
    OneTimeLink.objects.create(user=user, purpose=purpose, digest=digest(secret), expires_at=act.now + lasts)
    return address_of(reverse("accounts:link", args=[secret]))


def find_link(secret: str) -> OneTimeLink | None:
    """The link behind a secret if it can still be used. Looking does not use it up."""
    links = OneTimeLink.objects.filter(OneTimeLink.usable(timezone.now()), digest=digest(secret))
    link = links.select_related("user").first()
    if link and link.purpose == Purpose.FIRST_ADMINISTRATOR and User.objects.exists():
        return None
    return link


def use_link(secret: str) -> OneTimeLink | None:
    """Use a link up; None if it cannot be used. Of two who try at once, one gets it."""
    with transaction.atomic():
        link = find_link(secret)
        if link is None or not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
            return None
        return link


def void_links(user: User) -> None:
    """Make every link of a user worthless."""
    OneTimeLink.objects.filter(user=user, used_at=None).delete()


def forget_old_links(*, before: datetime) -> None:
    OneTimeLink.objects.filter(expires_at__lt=before).delete()


def address_of(path: str) -> str:
    """The whole address of a page of this site. It never comes from a request, whose host a stranger may choose."""
    site = os.environ.get("RAPPORT_URL") or running_site(Home.from_env()).url
    return site.rstrip("/") + path
