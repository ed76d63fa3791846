"""Rules use the fields that their conditions ask, and keep those from being deleted."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.judging import condition_words
from rapport.engine.records.rules.reading import Kind, Rule, rules_of
from rapport.engine.records.rules.scope import rule_scope
from rapport.engine.records.showing import rule_url
from rapport.engine.records.uses import Use, finders


def rules_that_use(actor: Actor, rtype: RecordType, slug: str, option: str) -> Iterator[Use]:
    """The rules of other fields that ask this one; with an option those that name it."""
    rules = rules_of(rtype) if actor.is_admin else None
    for rule in rules.every if rules else ():
        is_own = rule.id is None or (rule.field.slug == slug and not option)
        asked = () if is_own else mentions(rule.tree, rule_scope(rtype))
        if any(one.is_of(rtype.slug, slug, option) for one in asked):
            url = rule_url(rtype, rule.field.slug, rule.kind)
            yield Use(rule_words(rule, rtype, actor), _("Rule"), url, blocks=not option)


def rule_words(rule: Rule, rtype: RecordType, actor: Actor) -> str:
    """`Lost reason is required while Stage is Lost`."""
    words = {
        Kind.VISIBLE: _("%(label)s is visible while %(condition)s"),
        Kind.REQUIRED: _("%(label)s is required while %(condition)s"),
        Kind.READONLY: _("%(label)s is read-only while %(condition)s"),
    }[Kind(rule.kind)]
    return capfirst(words % {"label": rule.field.label, "condition": condition_words(rule, rtype, actor)})


finders.append(rules_that_use)
