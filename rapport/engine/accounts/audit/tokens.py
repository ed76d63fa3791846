"""Tokens: which nobody uses, which are old, which write, and that none outlives its user."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.report import Column, Count, Section, Table, Verdict, iso, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.accounts.models import ApiToken, Scope

UNUSED, OLD = timedelta(days=90), timedelta(days=365)


def look(asked: Asked) -> Looked:
    """Every token that still works."""
    live = ApiToken.objects.filter(digest__isnull=False, deleted_at=None).select_related("use", "user")
    tokens = list(live.order_by("created_at", "pk"))
    never = [one for one in tokens if one.last_used_at is None]
    unused = [one for one in tokens if one.last_used_at and one.last_used_at < asked.until - UNUSED]
    old = [one for one in tokens if one.created_at < asked.until - OLD]
    orphaned = [one for one in tokens if not one.user.is_active]
    counts = (
        Count("tokens", _("Tokens that work"), len(tokens)),
        Count("writing", _("Tokens that may write"), sum(one.scope == Scope.WRITE for one in tokens)),
        Count("never_used", _("Never used"), len(never)),
        Count("unused", _("Not used for 90 days"), len(unused)),
        Count("old", _("Older than a year"), len(old)),
        Count("orphaned", _("Of deactivated users"), len(orphaned)),
    )
    forgotten = {one.pk for one in (*never, *unused)}
    verdict, advice = _verdict(len(orphaned), len(forgotten), len(old))
    tables = (_tokens(tokens, asked.until),) if tokens else ()
    return Looked(Section("tokens", _("Tokens"), verdict, advice, counts, tables))


def _verdict(orphaned: int, forgotten: int, old: int) -> tuple[Verdict, str]:
    if orphaned:
        return Verdict.ACT, ngettext(
            "%(n)d token of a deactivated user works. Revoke it now.",
            "%(n)d tokens of deactivated users work. Revoke them now.",
            orphaned,
        ) % {"n": orphaned}
    if forgotten:
        return Verdict.LOOK, ngettext(
            "%(n)d token is not used. Ask its user to revoke it.",
            "%(n)d tokens are not used. Ask their users to revoke them.",
            forgotten,
        ) % {"n": forgotten}
    if old:
        return Verdict.LOOK, ngettext(
            "%(n)d token is older than a year. Have it replaced.",
            "%(n)d tokens are older than a year. Have them replaced.",
            old,
        ) % {"n": old}
    return Verdict.GOOD, _("Every token is in use and younger than a year.")


def _tokens(tokens: list[ApiToken], now: datetime) -> Table:
    columns = (
        Column(_("Token")), Column(_("User")), Column(_("It may")), Column(_("Made"), "time"),
        Column(_("Last used"), "time"), Column(_("Note")),
    )  # fmt: skip
    noted = [(one, _note(one, now)) for one in tokens]
    # Those that need a look come first.
    rows = [
        (one.name, str(one.user), str(one.get_scope_display()), iso(one.created_at), iso(one.last_used_at), note)
        for one, note in sorted(noted, key=lambda pair: not pair[1])
    ]
    return table(_("Tokens that work"), columns, rows)


def _note(token: ApiToken, now: datetime) -> str:
    notes = []
    if not token.user.is_active:
        notes.append(_("its user is deactivated"))
    if token.last_used_at is None:
        notes.append(_("never used"))
    elif token.last_used_at < now - UNUSED:
        notes.append(_("not used for 90 days"))
    if token.created_at < now - OLD:
        notes.append(_("older than a year"))
    return ", ".join(notes)
