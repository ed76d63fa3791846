"""Where a column can go: a field, a part of it, an entry of a kind, an id. Written as `addresses.city:work`."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import LISTS, Field
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType

KINDS = {"emails": ("work", "home", "other"), "phones": ("mobile", "work", "home", "other")}
PARTS = ("street", "postcode", "city", "region", "country", "kind")
NEVER = frozenset({"file", "members"})
ID, EXTERNAL_ID, CHANGED, NEW = "id", "external_id", "changed", "new"


@dataclass(frozen=True)
class Place:
    """One target of a column. `field` is None for what is no field: ids and the time of the last change."""

    to: str
    label: str
    field: Field | None = None
    part: str = ""
    kind: str = ""

    @property
    def takes_many(self) -> bool:
        """Whether several columns may go here."""
        return self.field is not None and self.field.type.name in LISTS


def places(actor: Actor, rtype: RecordType) -> list[Place]:
    """All places that this actor may fill, in the order of the fields."""
    allowed = mask(actor, rtype)
    found = [
        place
        for field in rtype.all_fields()
        if not field.readonly and field.type.name not in NEVER and allowed.lets_change(field.slug)
        for place in _of_field(field)
    ]
    return [
        *found,
        Place(EXTERNAL_ID, _("Id in another system")),
        Place(ID, _("Rapport ID")),
        Place(CHANGED, _("Last change (tells which is newer)")),
    ]


def _of_field(field: Field) -> Iterator[Place]:
    name, label = field.type.name, str(field.label)
    if name == "addresses":
        for kind in ("", "work", "home", "other"):
            of_kind = f", {_word(kind)}" if kind else ""
            end = f":{kind}" if kind else ""
            for part in PARTS[: None if not kind else -1]:
                shown = f"{label}: {_word(part)}{of_kind}"
                yield Place(f"{field.slug}.{part}{end}", shown, field, part, kind)
        yield Place(f"{field.slug}.more", _("%(label)s: further ones") % {"label": label}, field, "more")
        return
    yield Place(field.slug, label, field)
    for kind in KINDS.get(name, ()):
        yield Place(f"{field.slug}:{kind}", f"{label}, {_word(kind)}", field, "", kind)
    if name == "money":
        yield Place(f"{field.slug}.currency", _("%(label)s: currency") % {"label": label}, field, "currency")


def _word(word: str) -> str:
    return {
        "work": _("work"), "home": _("home"), "other": _("other"), "mobile": _("mobile"), "street": _("street"),
        "postcode": _("postcode"), "city": _("city"), "region": _("region"), "country": _("country"),
        "kind": _("kind"),
    }[word]  # fmt: skip
