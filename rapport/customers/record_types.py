"""How people, companies and memberships appear everywhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.customers.clashes import company_clashes, person_clashes
from rapport.customers.employment import PrimaryMembership
from rapport.customers.models import Company, Membership, Person
from rapport.customers.naming import split_name, whole_name
from rapport.customers.panels import PANELS, company_subtitle, person_subtitle
from rapport.engine.events.journal import Subject
from rapport.engine.records.declare import field
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields.types import MAX_TEXT
from rapport.engine.records.registry import RecordType, attach, register

COMPANY_TREE_DEPTH = 50
CITY, COUNTRY = ("addresses", "city"), ("addresses", "country")


def complete_person(row: Person | None, values: dict[str, Any]) -> dict[str, Any]:
    """A name given whole is split into its parts; parts given make the whole."""
    given = values.keys() & {"name", "first_name", "last_name"}
    if given == {"name"}:
        first, last = split_name(values["name"])
        return values | {"first_name": first, "last_name": last}
    if given and "name" not in given:
        first = values.get("first_name", row.first_name if row else "")
        last = values.get("last_name", row.last_name if row else "")
        name = whole_name(first, last)
        if len(name) > MAX_TEXT:
            words = _("First and last name are %(length)d characters long together; at most %(limit)d fit here.")
            raise ValidationFailed(dict.fromkeys(sorted(given), words % {"length": len(name), "limit": MAX_TEXT}))
        values = values | {"name": name}
    if row is None and not values.get("name") and not values.get("emails") and not values.get("phones"):
        raise ValidationFailed({"name": _("A person needs a name, an e-mail or a phone number.")})
    return values


def refuse_cycles(row: Company | None, values: dict[str, Any]) -> dict[str, Any]:
    """A company cannot stand above itself."""
    above = values.get("parent")
    for _step in range(COMPANY_TREE_DEPTH):
        if above is None or row is None:
            return values
        if above == row.pk:
            raise ValidationFailed({"parent": _("This would make the company its own parent.")})
        above = Company.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    raise ValidationFailed({"parent": _("The hierarchy of companies is too deep here.")})


def people_subjects(rows: Sequence[Person]) -> Mapping[UUID, list[Subject]]:
    """A person's events show on the page of the company of that moment; who was just created works nowhere yet."""
    known = [row.pk for row in rows if row.version > 1]
    companies = PrimaryMembership().load(known) if known else {}
    return {person: [Subject("customers.company", company, "company")] for person, company in companies.items()}


def membership_subjects(rows: Sequence[Membership]) -> Mapping[UUID, list[Subject]]:
    subjects: dict[UUID, list[Subject]] = defaultdict(list)
    for row in rows:
        subjects[row.pk] += [
            Subject("customers.person", row.person_id, "parent"),
            Subject("customers.company", row.company_id, "company"),
        ]
    return subjects


CompanyType = register(
    RecordType(
        slug="companies",
        model=Company,
        label=__("company"),
        label_plural=__("companies"),
        icon="building",
        section="customers",
        square=True,
        key="o",
        fields=[
            field("name", __("Name"), "text", required=True, fold="name_fold", sort=True, search=True),
            field("domains", __("Domains"), "domains", primary="domain", search=True),
            field("industry", __("Industry"), "choice", sort=True, options="companies.industry"),
            field("size", __("Employees"), "number", sort=True, whole=True),
            field("revenue", __("Yearly revenue"), "money", sort=True),
            field("phones", __("Phone"), "phones", primary="phone", search=True),
            field("addresses", __("Address"), "addresses"),
            field("city", __("City"), "text", readonly=True, part_of=CITY, sort=True),
            field("country", __("Country"), "country", readonly=True, part_of=COUNTRY, sort=True),
            field("links", __("Links"), "links"),
            field("vat_number", __("VAT number"), "text", search=True, alike="code"),
            field("parent", __("Parent company"), "relation", column="parent_id", target="companies"),
            field("owner", __("Owner"), "user", column="owner_id", sort=True),
            field("tags", __("Tags"), "tags"),
        ],
        columns=("name", "industry", "domains", "city", "country", "size", "revenue", "owner", "created_at"),
        phone_columns=("domains", "industry"),
        chips=("industry",),
        shown_elsewhere=("city", "country"),
        place=2,
        subtitle=company_subtitle,
        complete=refuse_cycles,
        clashes=company_clashes,
        clash_fields=("domains",),
    )
)

PersonType = register(
    RecordType(
        slug="people",
        model=Person,
        label=__("person"),
        label_plural=__("people"),
        icon="people",
        section="customers",
        key="p",
        fields=[
            field("name", __("Name"), "text", fold="name_fold", sort=True, search=True, personal="identity"),
            field("first_name", __("First name"), "text", personal="identity", alike="given"),
            field("last_name", __("Last name"), "text", personal="identity", alike="family"),
            field("salutation", __("How to address"), "text", personal="identity"),
            field("emails", __("E-mail"), "emails", primary="email", sort=True, search=True, personal="contact"),
            field("phones", __("Phone"), "phones", primary="phone", search=True, personal="contact"),
            field("company", __("Company"), "relation", target="companies", through=PrimaryMembership()),
            field("stage", __("Stage"), "choice", sort=True, options="people.stage"),
            field("owner", __("Owner"), "user", column="owner_id", sort=True),
            field("source", __("Source"), "text"),
            field("addresses", __("Address"), "addresses", personal="contact"),
            field("city", __("City"), "text", readonly=True, part_of=CITY, sort=True, personal="contact"),
            field("country", __("Country"), "country", readonly=True, part_of=COUNTRY, sort=True, personal="contact"),
            field("language", __("Language"), "language"),
            field("time_zone", __("Time zone"), "time_zone"),
            field("birthday", __("Birthday"), "date", personal="identity", alike="date"),
            field("do_not_contact", __("Do not contact"), "bool"),
            field("tags", __("Tags"), "tags"),
        ],
        columns=("name", "company", "emails", "phones", "stage", "city", "owner", "created_at"),
        phone_columns=("company", "stage"),
        chips=("stage",),
        shown_elsewhere=("city", "country"),
        secondary=("first_name", "last_name", "salutation"),
        place=1,
        subtitle=person_subtitle,
        complete=complete_person,
        clashes=person_clashes,
        clash_fields=("emails",),
        subjects=people_subjects,
    )
)

MembershipType = register(
    RecordType(
        slug="memberships",
        model=Membership,
        label=__("membership"),
        label_plural=__("memberships"),
        icon="people",
        section=None,
        title="title",
        sees_as="people",
        parent_column="person_id",
        same_by=("person_id", "company_id"),
        named_by=__("%(person)s at %(company)s"),
        fields=[
            field("person", __("Person"), "relation", column="person_id", target="people", required=True),
            field("company", __("Company"), "relation", column="company_id", target="companies", required=True),
            field("title", __("Title"), "text"),
            field("role", __("Role"), "text"),
            field("since", __("From"), "date"),
            field("until", __("To"), "date"),
            field("primary", __("Primary"), "bool"),
        ],
        columns=("person", "company", "title", "role", "since", "until", "primary"),
        subjects=membership_subjects,
    )
)

attach(PersonType, panels=PANELS["people"])
attach(CompanyType, panels=PANELS["companies"])
