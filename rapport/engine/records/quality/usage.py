"""Quality rules use the fields that they ask, and keep those from being deleted."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.quality.reading import quality_rules
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import rule_scope
from rapport.engine.records.showing import quality_rule_url
from rapport.engine.records.uses import Use, finders


def quality_rules_that_use(actor: Actor, rtype: RecordType, slug: str, option: str) -> Iterator[Use]:
    """The quality rules that ask a field; with an option those that name it."""
    for rule in quality_rules(rtype).every if actor.is_admin else ():
        asked = [one for tree in (rule.applies, rule.good) for one in mentions(tree, rule_scope(rtype))]
        is_about = rule.field.slug == slug and not option
        if is_about or any(one.is_of(rtype.slug, slug, option) for one in asked):
            yield Use(rule.label, _("Quality rule"), quality_rule_url(rtype, rule.id), blocks=not option)


finders.append(quality_rules_that_use)
