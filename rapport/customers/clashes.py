"""Who is there already: people with the same e-mail, companies with the same domain, deleted ones included."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.customers.models import Company, Person
from rapport.engine.records.errors import Clash

MOST = 10


def person_clashes(values: Mapping[str, Any]) -> list[Clash]:
    """People who share an e-mail address with the values of a new person."""
    return _clashes(Person, "emails", "email", values, _("same e-mail %(value)s"))


def company_clashes(values: Mapping[str, Any]) -> list[Clash]:
    """Companies that share a domain with the values of a new company."""
    return _clashes(Company, "domains", "domain", values, _("same domain %(value)s"))


def _clashes(
    model: type[Company] | type[Person], column: str, key: str, values: Mapping[str, Any], reason: str
) -> list[Clash]:
    wanted = [entry[key] for entry in values.get(column) or []]
    if not wanted:
        return []
    same = Q()
    for value in wanted:
        same |= Q(**{f"{column}__contains": [{key: value}]})
    found = model._default_manager.filter(same, merged_into=None).order_by("deleted_at", "created_at")[:MOST]
    clashes = []
    for row in found:
        shared = next(entry[key] for entry in getattr(row, column) if entry[key] in wanted)
        clashes.append(Clash(row, str(row), reason % {"value": shared}, row.deleted_at is not None))
    return clashes
