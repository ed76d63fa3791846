"""Roles use the fields that their filters ask and those that they hide or lock."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.gate import EVERY_TYPE, Policy, known_roles, policies_of, role_name
from rapport.engine.records.gate.ruled import read_rule, rule_scope
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.showing import role_url
from rapport.engine.records.uses import Use, finders


def roles_that_use(actor: Actor, rtype: RecordType, slug: str, option: str) -> Iterator[Use]:
    """The roles whose filters ask a field, or that hide or lock it. A filter keeps the field from being deleted."""
    for role in known_roles() if actor.is_admin else ():
        policies = policies_of(role)
        own = policies.get(rtype.slug)
        if any(_asks(name, one, rtype, slug, option) for name, one in policies.items() if name != EVERY_TYPE):
            yield Use(_("The role %(name)s") % {"name": role_name(role)}, _("Role"), role_url(role), blocks=not option)
        elif own and not option and slug in own.hidden | own.locked:
            yield Use(_("The role %(name)s") % {"name": role_name(role)}, _("Role"), role_url(role))


def _asks(name: str, policy: Policy, rtype: RecordType, slug: str, option: str) -> bool:
    asked = find_record_type(name)
    for text in policy.where.values() if asked else ():
        assert asked is not None
        try:
            found = list(mentions(read_rule(asked, text), rule_scope(asked)))
        except FilterError:
            continue  # it reaches nothing, and the page of the role says why
        if any(one.is_of(rtype.slug, slug, option) for one in found):
            return True
    return False


finders.append(roles_that_use)
