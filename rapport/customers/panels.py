"""What stands beside a person or a company: where someone works and worked, who works there, what belongs to it."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as __

from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import Panel, record_type
from rapport.engine.records.showing import face, record_url

MOST = 8


def works_at(actor: Actor, person: Person) -> dict[str, Any] | None:
    """The companies of a person, the primary one first, past ones last."""
    shown = [_place(one) for one in _memberships(actor, person)]
    return {"places": shown} if shown else None


def colleagues(actor: Actor, person: Person) -> dict[str, Any] | None:
    """Others in the same company now."""
    primary = _primary(actor, person)
    staff = _staff(actor, primary.company_id, but=person.pk) if primary else []
    return _with_more(staff, primary.company_id) if primary and staff else None


def people_of_company(actor: Actor, company: Company) -> dict[str, Any] | None:
    """Who works at a company now."""
    staff = _staff(actor, company.pk)
    return _with_more(staff, company.pk) if staff else None


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
    primary = _primary(actor, person)
    parts: list[dict[str, Any]] = []
    if primary:
        place = _place(primary)
        parts.append({"text": primary.title, "link": place["company"], "url": place["url"]})
    if person.city:
        parts.append({"text": person.city})
    return parts


def company_subtitle(_actor: Actor, company: Company) -> list[dict[str, Any]]:
    """The domain and the city."""
    return [{"text": part} for part in (company.domain, company.city) if part]


def _memberships(actor: Actor, person: Person) -> list[Membership]:
    """Where a person works and worked, as far as the actor may see it; a page asks once, however many parts tell it."""
    if not hasattr(person, "seen_memberships"):
        prefetch_related_objects([person], Prefetch("memberships", _seen(actor), to_attr="seen_memberships"))
    found: list[Membership] = person.seen_memberships  # type: ignore[attr-defined]  # the prefetch has put it there
    return found


def _seen(actor: Actor) -> "QuerySet[Membership]":
    seen = visible(actor, record_type("memberships")).filter(company__in=visible(actor, record_type("companies")))
    ordered = seen.select_related("company").only("title", "since", "until", "primary", "person_id", "company__name")
    return ordered.order_by("-primary", "until", "-since", "-id")


def _primary(actor: Actor, person: Person) -> Membership | None:
    return next((one for one in _memberships(actor, person) if one.primary), None)


def _staff(actor: Actor, company: UUID, *, but: UUID | None = None) -> list[dict[str, Any]]:
    """Who works at a company now, by name: one more than are shown, if there are more."""
    current = visible(actor, record_type("memberships")).filter(company=company, until=None)
    people = current.filter(person__in=visible(actor, record_type("people"))).exclude(person=but)
    found = people.order_by("person__name_fold", "person_id").values_list("person_id", "person__name", "title")
    return [_face(key, name) | {"title_at": title} for key, name, title in found[: MOST + 1]]


def _with_more(people: list[dict[str, Any]], company: UUID) -> dict[str, Any]:
    return {"people": people[:MOST], "more_url": _people_url(company) if len(people) > MOST else None}


def _people_url(company: UUID) -> str:
    return f'/people/?where=company = "{company}"'


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


def _face(key: UUID, name: str) -> dict[str, Any]:
    return {"title": name, "url": record_url(record_type("people"), key), "face": face(name, key)}


PANELS: dict[str, list[Panel]] = {
    "people": [
        Panel(__("Works at"), "customers/places.html", works_at, side="left", icon="building", name="works-at"),
        Panel(__("Colleagues"), "customers/people.html", colleagues, side="left", icon="people", name="colleagues"),
    ],
    "companies": [
        Panel(__("People"), "customers/people.html", people_of_company, icon="people", name="people"),
        Panel(__("Subsidiaries"), "customers/companies.html", subsidiaries, icon="building", name="subsidiaries"),
        Panel(__("What they are to us"), "customers/relations.html", relations, icon="flag", name="relations"),
    ],
}
