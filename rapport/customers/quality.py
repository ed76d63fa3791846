"""What good people and companies look like, until administrators say otherwise."""

from django.utils.translation import gettext_lazy as _

from rapport.engine.records.quality.built_in import BuiltIn, Kind, declare_rules

STALE = 18  # months
REACHED = "emails is not empty or phones is not empty"
NAMED = 'name is not empty and name !~ "@"'

declare_rules(
    "people",
    BuiltIn(key="name", field="name", kind=Kind.VALID, label=_("The name is a name"), good=NAMED, weight=4),
    BuiltIn(key="reached", field="emails", kind=Kind.COMPLETE, label=_("Can be reached"), good=REACHED, weight=5),
    BuiltIn(key="email", field="emails", kind=Kind.COMPLETE, label=_("Has an e-mail"), weight=3),
    BuiltIn(key="phone", field="phones", kind=Kind.COMPLETE, label=_("Has a phone"), weight=2),
    BuiltIn(key="company", field="company", kind=Kind.COMPLETE, label=_("Has a company"), weight=2),
    BuiltIn(key="owner", field="owner", kind=Kind.COMPLETE, label=_("Has an owner"), weight=2),
    BuiltIn(
        key="country", field="addresses", kind=Kind.VALID, label=_("The address has a country"),
        applies="addresses is not empty", good="country is not empty", weight=1,
    ),
    BuiltIn(
        key="email-fresh", field="emails", kind=Kind.FRESH, label=_("E-mail confirmed within 18 months"),
        months=STALE, weight=2,
    ),
    BuiltIn(
        key="phone-fresh", field="phones", kind=Kind.FRESH, label=_("Phone confirmed within 18 months"),
        months=STALE, weight=2,
    ),
)  # fmt: skip

declare_rules(
    "companies",
    BuiltIn(key="name", field="name", kind=Kind.VALID, label=_("The name is a name"), good='name !~ "@"', weight=4),
    BuiltIn(key="domain", field="domains", kind=Kind.COMPLETE, label=_("Has a domain"), weight=4),
    BuiltIn(key="industry", field="industry", kind=Kind.COMPLETE, label=_("Has an industry"), weight=2),
    BuiltIn(key="country", field="country", kind=Kind.COMPLETE, label=_("Has a country"), weight=2),
    BuiltIn(key="owner", field="owner", kind=Kind.COMPLETE, label=_("Has an owner"), weight=2),
    BuiltIn(
        key="phone-fresh", field="phones", kind=Kind.FRESH, label=_("Phone confirmed within 18 months"),
        months=STALE, weight=1,
    ),
)  # fmt: skip
