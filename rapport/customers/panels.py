"""What stands beside a person or a company: where someone works and worked, who works there, what belongs to it."""

from typing import Any

from django.utils.translation import gettext_lazy as __

from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import Panel, record_type
from rapport.engine.records.showing import face, record_url

MOST = 8


def works_at(actor: Actor, person: Person) -> dict[str, Any] | None:
    """The companies of a person, the primary one first, past ones last."""
    memberships = _memberships(actor).filter(person=person).order_by("-primary", "until", "-since", "-id")
    shown = [_place(one) for one in memberships if not one.company.is_deleted]
    return {"places": shown} if shown else None


def colleagues(actor: Actor, person: Person) -> dict[str, Any] | None:
    """Others in the same company now."""
    primary = _memberships(actor).filter(person=person, primary=True).first()
    if primary is None or not visible(actor, record_type("companies")).filter(pk=primary.company_id).exists():
        return None
    people = _people_of(actor, primary.company).exclude(pk=person.pk)
    found = list(people.order_by("name_fold", "pk")[: MOST + 1])
    return _with_more([_face(one) for one in found[:MOST]], primary.company, len(found)) if found else None


def people_of_company(actor: Actor, company: Company) -> dict[str, Any] | None:
    """Who works at a company now."""
    found = list(_people_of(actor, company).order_by("name_fold", "pk")[: MOST + 1])
    titles = dict(
        _memberships(actor)
        .filter(company=company, person__in=[one.pk for one in found], until=None)
        .values_list("person_id", "title")
    )
    people = [{**_face(one), "title_at": titles.get(one.pk, "")} for one in found[:MOST]]
    return _with_more(people, company, len(found)) if found else None


def subsidiaries(actor: Actor, company: Company) -> dict[str, Any] | None:
    """Companies below this one."""
    rtype = record_type("companies")
    found = visible(actor, rtype).filter(parent=company).order_by("name_fold", "pk")[:MOST]
    companies = [
        {"title": one.name, "url": record_url(rtype, one.pk), "face": face(one.name, one.pk, square=True)}
        for one in found
    ]
    return {"companies": companies} if companies else None


def relations(_actor: Actor, company: Company) -> dict[str, Any] | None:
    """What a company is to us, and since when."""
    found = company.relations.filter(deleted_at=None).order_by("until", "-since")
    return {"relations": list(found)} if found else None


def person_subtitle(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """`Head of purchasing at Fjell & Fjord AS`, and the city."""
    primary = _memberships(actor).filter(person=person, primary=True).first()
    parts: list[dict[str, Any]] = []
    if primary and visible(actor, record_type("companies")).filter(pk=primary.company_id).exists():
        place = _place(primary)
        parts.append({"text": primary.title, "link": place["company"], "url": place["url"]})
    if person.city:
        parts.append({"text": person.city})
    return parts


def company_subtitle(_actor: Actor, company: Company) -> list[dict[str, Any]]:
    """The domain and the city."""
    return [{"text": part} for part in (company.domain, company.city) if part]


def _memberships(actor: Actor) -> Any:
    return visible(actor, record_type("memberships")).select_related("company")


def _people_of(actor: Actor, company: Company) -> Any:
    current = _memberships(actor).filter(company=company, until=None).values("person_id")
    return visible(actor, record_type("people")).filter(pk__in=current)


def _with_more(people: list[dict[str, Any]], company: Company, found: int) -> dict[str, Any]:
    return {"people": people, "more_url": _people_url(company) if found > MOST else None}


def _people_url(company: Company) -> str:
    return f'/people/?where=company = "{company.pk}"'


def _place(membership: Membership) -> dict[str, Any]:
    return {
        "company": membership.company.name,
        "url": record_url(record_type("companies"), membership.company_id),
        "face": face(membership.company.name, membership.company_id, square=True),
        "title": membership.title,
        "since": membership.since,
        "until": membership.until,
        "primary": membership.primary,
    }


def _face(person: Person) -> dict[str, Any]:
    return {
        "title": person.name,
        "url": record_url(record_type("people"), person.pk),
        "face": face(person.name, person.pk),
    }


PANELS: dict[str, list[Panel]] = {
    "people": [
        Panel(__("Works at"), "customers/places.html", works_at, side="left", icon="building"),
        Panel(__("Colleagues"), "customers/people.html", colleagues, side="left", icon="people"),
    ],
    "companies": [
        Panel(__("People"), "customers/people.html", people_of_company, icon="people"),
        Panel(__("Subsidiaries"), "customers/companies.html", subsidiaries, icon="building"),
        Panel(__("What they are to us"), "customers/relations.html", relations, icon="flag"),
    ],
}
