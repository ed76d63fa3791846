"""Verbs on second factors. What is written goes with its fact and its mail in one transaction."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from rapport.engine.accounts import mails
from rapport.engine.accounts.events import CodesRenewed, FactorAdded, FactorRemoved
from rapport.engine.accounts.factors.codes import new_codes, packed
from rapport.engine.accounts.factors.naming import factor_name
from rapport.engine.accounts.factors.queries import APP, CODES, PASSKEY, has_factor
from rapport.engine.accounts.models import FactorSecret, SignInRules, User
from rapport.engine.accounts.models.rules import THE_ONE
from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.definitions import check_again


def add_app(act: Act, user: User, *, secret: str, period: int) -> list[str]:
    """Set up an authenticator app whose code of this period was typed. Returns recovery codes if there were none."""
    _require_self(act, user)
    act.lock(user)
    if Authenticator.objects.filter(user=user, type=APP).exists():
        raise NotAllowed(_("An authenticator app is set up already. Remove it first."))
    factor = Authenticator.objects.create(user=user, type=APP, data={"period": period})
    FactorSecret.objects.create(factor=factor, secret=secret)
    return _added(act, user, factor)


def add_passkey(act: Act, user: User, *, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a passkey that the browser has just made. Returns recovery codes if there were none yet."""
    _require_self(act, user)
    act.lock(user)
    data = {"name": name, "credential": credential}
    return _added(act, user, Authenticator.objects.create(user=user, type=PASSKEY, data=data))


def rename_passkey(act: Act, user: User, passkey: Authenticator, *, name: str) -> None:
    """Call a passkey something else."""
    _require_self(act, user)
    passkey.data["name"] = name
    passkey.save(update_fields=["data"])


def remove_factor(act: Act, user: User, factor: Authenticator) -> None:
    """Take a factor away. With the last one go the recovery codes, which are no factor by themselves."""
    _require_self(act, user)
    act.lock(user)
    name = factor_name(factor)
    act.happened(FactorRemoved(user.pk, factor.type, name))
    factor.delete()
    if not has_factor(user):
        Authenticator.objects.filter(user=user).delete()
    mails.send_factor_removed(act, user, name=name)


def renew_codes(act: Act, user: User) -> list[str]:
    """New recovery codes; the old ones are worthless from now on."""
    _require_self(act, user)
    act.lock(user)
    if not has_factor(user):
        raise NotAllowed(_("Set up an authenticator app or a passkey first."))
    act.happened(CodesRenewed(user.pk))
    return _make_codes(user)


def take_second_factor(act: Act, user: User) -> bool:
    """Let somebody in with a password alone who has lost what they had. Returns whether they had anything."""
    if not act.actor.is_admin or act.actor.kind == "token":
        raise NotAllowed(_("Only administrators can manage users."))
    act.lock(user)
    held = list(Authenticator.objects.filter(user=user, type__in=(APP, PASSKEY)))
    for factor in held:
        act.happened(FactorRemoved(user.pk, factor.type, factor_name(factor)))
    Authenticator.objects.filter(user=user).delete()
    if held:
        mails.send_factor_taken(act, user)
    return bool(held)


def change_rules(act: Act, *, everybody_needs_factor: bool, asks_about_leaks: bool) -> None:
    """What is asked of everybody who signs in."""
    if not act.actor.is_admin or act.actor.kind == "token":
        raise NotAllowed(_("Only administrators can manage users."))
    values = {"everybody_needs_factor": everybody_needs_factor, "asks_about_leaks": asks_about_leaks}
    kept = SignInRules.objects.filter(pk=THE_ONE).first()
    if kept is None:
        act.create(SignInRules(id=THE_ONE, **values))
    else:
        act.change(kept, **values)
    check_again()


def _added(act: Act, user: User, factor: Authenticator) -> list[str]:
    name = factor_name(factor)
    act.happened(FactorAdded(user.pk, factor.type, name))
    mails.send_factor_added(act, user, name=name)
    return [] if Authenticator.objects.filter(user=user, type=CODES).exists() else _make_codes(user)


def _make_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=CODES).delete()
    factor = Authenticator.objects.create(user=user, type=CODES, data={})
    codes = new_codes()
    FactorSecret.objects.create(factor=factor, secret=packed(codes))
    return codes


def _require_self(act: Act, user: User) -> None:
    if act.actor.kind != "user" or act.actor.id != user.pk:
        raise NotAllowed(_("Everybody manages their own second factor."))
