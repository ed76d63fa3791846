"""Accounts: who has no second factor, who never or long not signed in, and what should have ended."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.report import Column, Count, Section, Table, Verdict, iso, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.accounts.factors.queries import holders_of_factors
from rapport.engine.accounts.models import OneTimeLink, User

LONG = timedelta(days=90)
INVITED = timedelta(days=7)  # as long as an invitation works


def look(asked: Asked) -> Looked:
    """Users, their sessions and their one-time links."""
    users = list(User.objects.active().order_by("name", "email"))
    never = [one for one in users if one.last_login is None]
    long_ago = [one for one in users if one.last_login and one.last_login < asked.until - LONG]
    having = holders_of_factors()
    without = [one for one in users if one.pk not in having]
    ghosts = sessions_of_the_deactivated()
    links = list(OneTimeLink.objects.filter(OneTimeLink.usable(asked.until)).select_related("user").order_by("pk"))
    counts = [
        Count("active", _("Users who may sign in"), len(users)),
        Count("without_second_factor", _("Without a second factor"), len(without)),
        Count("never_signed_in", _("Never signed in"), len(never)),
        Count("long_ago", _("Not signed in for 90 days"), len(long_ago)),
        Count("sessions_of_deactivated", _("Sessions of deactivated users"), len(ghosts)),
        Count("links", _("One-time links that work"), len(links)),
    ]
    verdict, advice = _verdict(
        len(ghosts), without, sum(one.created_at < asked.until - INVITED for one in never) + len(long_ago)
    )
    tables = [_users(never, long_ago, without), _links(links), _ghosts(ghosts)]
    shown = tuple(one for one in tables if one.total)
    return Looked(Section("accounts", _("Accounts"), verdict, advice, tuple(counts), shown))


def sessions_of_the_deactivated() -> list[User]:
    """The users who may not sign in any more and yet have a session that is not over: one for each session."""
    deactivated = {str(one.pk): one for one in User.objects.all() if not one.is_active}
    found = []
    for data in _sessions() if deactivated else ():
        user = deactivated.get(str(data.get(SESSION_KEY)))
        if user and constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            found.append(user)
    return found


def _sessions() -> Iterator[dict[str, Any]]:
    model = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    for row in model.objects.filter(expire_date__gt=timezone.now()).iterator(500):
        yield row.get_decoded()


def _verdict(ghosts: int, without: list[User], idle: int) -> tuple[Verdict, str]:
    if ghosts:
        return Verdict.ACT, _("A deactivated user has a session that is not over. Deactivate them once more.")
    if any(one.is_admin for one in without):
        return Verdict.ACT, _("An administrator has no second factor. Have them set one up.")
    if without:
        return Verdict.LOOK, ngettext(
            "%(n)d user has no second factor.", "%(n)d users have no second factor.", len(without)
        ) % {"n": len(without)}
    if idle:
        return Verdict.LOOK, ngettext(
            "%(n)d user does not sign in. Deactivate whoever needs no account.",
            "%(n)d users do not sign in. Deactivate whoever needs no account.",
            idle,
        ) % {"n": idle}
    return Verdict.GOOD, _("Everybody with an account uses it.")


def _users(never: list[User], long_ago: list[User], without: list[User]) -> Table:
    notes: dict[UUID, list[str]] = {}
    for users, note in (
        (without, _("no second factor")), (never, _("never signed in")), (long_ago, _("not for 90 days")),
    ):  # fmt: skip
        for one in users:
            notes.setdefault(one.pk, []).append(note)
    known = {one.pk: one for one in (*without, *never, *long_ago)}
    rows = [
        (str(known[key]), known[key].email, iso(known[key].created_at), iso(known[key].last_login), ", ".join(noted))
        for key, noted in notes.items()
    ]
    columns = (
        Column(_("User")), Column(_("E-mail")), Column(_("Account since"), "time"), Column(_("Last sign-in"), "time"),
        Column(_("Note")),
    )  # fmt: skip
    return table(_("Users to look at"), columns, rows)


def _links(links: list[OneTimeLink]) -> Table:
    columns = Column(_("For")), Column(_("Purpose")), Column(_("Made"), "time"), Column(_("Works until"), "time")
    rows = [
        (
            str(one.user or _("the first administrator")),
            purpose_word(one.purpose),
            iso(one.created_at),
            iso(one.expires_at),
        )
        for one in links
    ]
    return table(_("One-time links that work"), columns, rows)


def _ghosts(users: list[User]) -> Table:
    columns = Column(_("User")), Column(_("Deactivated"), "time")
    rows = [(str(one), iso(one.deactivated_at)) for one in users]
    return table(_("Sessions of deactivated users"), columns, rows)


def purpose_word(purpose: str) -> str:
    """What a one-time link is for."""
    known = {
        "sign in": _("sign in"), "invitation": _("invitation"), "first administrator": _("first administrator"),
    }  # fmt: skip
    return known.get(purpose, purpose)
