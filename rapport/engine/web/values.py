"""Values as HTML, by the kind of their field: short in a list, whole on a record. Python, for lists hold hundreds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapport.engine.records.fields import Field
from rapport.engine.web import formatting

NOTHING = mark_safe('<span class="none">—</span>')
IN_A_LIST = 80  # characters of a long text
LINK = '<a class="to" href="{}{}">{}</a>'
OUTWARD = '<a class="to" href="{}{}" rel="noopener noreferrer" target="_blank">{}</a>'


def value_html(field: Field, value: Any, whole: bool = False) -> SafeString:
    """A stored value, presented: relations and users as what `pointer` makes of them."""
    kind = field.type.name
    if kind != "bool" and field.type.is_empty(value):
        return NOTHING
    return SHOWN[kind](field, value, whole)


def face_html(face: Mapping[str, Any], big: bool = False) -> SafeString:
    shape = (" square" if face["square"] else "") + (" big" if big else "")
    return format_html('<span class="face h{}{}" aria-hidden="true">{}</span>', face["hue"], shape, face["initials"])


def who_html(pointed: Mapping[str, Any], link: bool = True) -> SafeString:
    """Somebody or something by face and name, linked where it has a page."""
    name = format_html(LINK, "", pointed["url"], pointed["title"]) if link and pointed["url"] else pointed["title"]
    return format_html('<span class="who">{}<span>{}</span></span>', face_html(pointed["face"]), name)


def chip_html(text: Any, colour: str = "", plain: bool = False) -> SafeString:
    return format_html('<span class="chip {}{}">{}</span>', colour, " plain" if plain else "", text)


def _text(_field: Field, value: Any, _whole: bool) -> SafeString:
    return conditional_escape(value)


def _long_text(_field: Field, value: str, whole: bool) -> SafeString:
    if whole:
        return format_html('<span class="lines">{}</span>', value)
    return conditional_escape(value if len(value) <= IN_A_LIST else value[:IN_A_LIST].rsplit(" ", 1)[0] + " …")


def _choice(field: Field, value: str, _whole: bool = False) -> SafeString:
    option = field.option(value)
    if option is None:
        return chip_html(value)
    return chip_html(option.label, option.colour, plain=bool(field.fixed_options))


def _choices(field: Field, value: Sequence[str], _whole: bool) -> SafeString:
    return format_html_join(" ", "{}", ((_choice(field, one),) for one in value))


def _tags(_field: Field, value: Sequence[str], _whole: bool) -> SafeString:
    return format_html_join(" ", "{}", ((chip_html(one, plain=True),) for one in value))


def _email(_field: Field, value: str, whole: bool) -> SafeString:
    return format_html(LINK, "mailto:", value, value) if whole else conditional_escape(value)


def _phone(_field: Field, value: str, whole: bool) -> SafeString:
    shown = formatting.phone(value)
    return format_html(LINK, "tel:", value, shown) if whole else conditional_escape(shown)


def _link(_field: Field, value: str, whole: bool) -> SafeString:
    shown = formatting.bare_link(value)
    return format_html(OUTWARD, "", value, shown) if whole else conditional_escape(shown)


def _domain(_field: Field, value: str, whole: bool) -> SafeString:
    return format_html(OUTWARD, "https://", value, value) if whole else conditional_escape(value)


def _place(_field: Field, entry: Mapping[str, str], _whole: bool) -> SafeString:
    """`Storgata 12, 9008 Tromsø, Norway`."""
    town = f"{entry.get('postcode', '')} {entry.get('city', '')}".strip()
    parts = (entry.get("street"), town, entry.get("region"), formatting.country(entry.get("country")))
    return conditional_escape(", ".join(part for part in parts if part))


def _entries(key: str, shown: Callable[[Field, Any, bool], SafeString]) -> Callable[[Field, Any, bool], SafeString]:
    """Several of a kind: the first and how many more in a list, each with its own kind on a record."""

    def one_html(field: Field, entry: Mapping[str, Any], whole: bool) -> SafeString:
        return shown(field, entry[key] if key else entry, whole)

    def entries_html(field: Field, value: Sequence[Mapping[str, Any]], whole: bool) -> SafeString:
        first = one_html(field, value[0], whole)
        if not whole:
            more = len(value) - 1
            return format_html('{} <span class="dim">+{}</span>', first, more) if more else first
        rows = [(one_html(field, entry, whole), _kind(entry)) for entry in value]
        if len(rows) == 1:
            return format_html("{}{}", *rows[0])
        return format_html('<span class="entries">{}</span>', format_html_join("", "<span>{}{}</span>", rows))

    return entries_html


def _kind(entry: Mapping[str, Any]) -> SafeString | str:
    return format_html(' <span class="dim">{}</span>', entry["kind"]) if entry.get("kind") else ""


SHOWN: dict[str, Callable[[Field, Any, bool], SafeString]] = {
    "text": _text,
    "long_text": _long_text,
    "number": lambda _field, value, _whole: conditional_escape(formatting.number(value)),
    "money": lambda _field, value, _whole: conditional_escape(formatting.money(value)),
    "date": lambda _field, value, _whole: conditional_escape(formatting.day(value)),
    "datetime": lambda _field, value, _whole: conditional_escape(formatting.when(value)),
    "bool": lambda _field, value, _whole: conditional_escape(_("Yes") if value else _("No")),
    "choice": _choice,
    "choices": _choices,
    "tags": _tags,
    "email": _email,
    "emails": _entries("email", _email),
    "phone": _phone,
    "phones": _entries("phone", _phone),
    "link": _link,
    "links": _entries("url", _link),
    "domains": _entries("domain", _domain),
    "addresses": _entries("", _place),
    "relation": lambda _field, value, _whole: who_html(value),
    "user": lambda _field, value, _whole: who_html(value),
    "file": _text,
}
