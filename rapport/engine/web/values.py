"""Values as HTML, by the kind of their field: short in a list, whole on a record. Python, for lists hold hundreds."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from rapport.engine.records.fields import Field
from rapport.engine.records.sharing import holder_names
from rapport.engine.web import formatting
from rapport.engine.web.markup import html, joined

NOTHING = Markup('<span class="none">—</span>')
IN_A_LIST = 80  # characters of a long text
LINK = '<a class="to" href="{}{}">{}</a>'
FILE = '<a class="to" href="{}" hx-boost="false">{}</a> <span class="dim">{}</span>'
PREVIEWED = '{} <a class="link" href="{}" hx-boost="false" target="_blank" rel="noopener">{}</a>'
OUTWARD = '<a class="to" href="{}{}" rel="noopener noreferrer" target="_blank">{}</a>'

Shower = Callable[[Any], str]


def value_html(field: Field, value: Any, whole: bool = False) -> str:
    """A stored value, presented: relations and users as what `pointer` makes of them."""
    return shower(field, whole)(value)


def shower(field: Field, whole: bool = False) -> Shower:
    """How any value of a field looks. A list makes one for each of its columns and uses it for every row."""
    show, is_empty = SHOWN[field.type.name](field, whole), field.type.is_empty
    if field.type.name == "bool":
        return show
    return lambda value: NOTHING if is_empty(value) else show(value)


def face_html(face: Mapping[str, Any], big: bool = False) -> Markup:
    shape = (" square" if face["square"] else "") + (" big" if big else "")
    return html('<span class="face h{}{}" aria-hidden="true">{}</span>', face["hue"], shape, face["initials"])


def who_html(pointed: Mapping[str, Any], link: bool = True) -> Markup:
    """Somebody or something by face and name, linked where it has a page."""
    url, title = pointed["url"], pointed["title"]
    name = html(LINK, "", url, title) if link and url else title
    return html('<span class="who">{}<span>{}</span></span>', face_html(pointed["face"]), name)


def chip_html(text: Any, colour: str = "", plain: bool = False) -> Markup:
    return html('<span class="chip {}{}">{}</span>', colour, " plain" if plain else "", text)


def _plain(shown: Callable[[Any], str] = str) -> Callable[[Field, bool], Shower]:
    """Text as it is, or as `shown` writes it; markup that is safe already stays."""
    return lambda _field, _whole: lambda value: escape(shown(value))


def _long_text(_field: Field, whole: bool) -> Shower:
    if whole:
        return lambda value: html('<span class="lines">{}</span>', value)
    return lambda value: escape(value if len(value) <= IN_A_LIST else value[:IN_A_LIST].rsplit(" ", 1)[0] + " …")


def _when(_field: Field, _whole: bool) -> Shower:
    return formatting.moments()


def _choice(field: Field, _whole: bool) -> Shower:
    @cache
    def chip(value: str) -> Markup:
        option = field.option(value)
        return chip_html(option.label, option.colour, plain=bool(field.fixed_options)) if option else chip_html(value)

    return chip


def _choices(field: Field, whole: bool) -> Shower:
    one = _choice(field, whole)
    return lambda value: joined(map(one, value), " ")


def _tags(_field: Field, _whole: bool) -> Shower:
    return lambda value: joined((chip_html(one, plain=True) for one in value), " ")


def _email(_field: Field, whole: bool) -> Shower:
    return (lambda value: html(LINK, "mailto:", value, value)) if whole else escape


def _phone(_field: Field, whole: bool) -> Shower:
    if whole:
        return lambda value: html(LINK, "tel:", value, formatting.phone(value))
    return lambda value: escape(formatting.phone(value))


def _link(_field: Field, whole: bool) -> Shower:
    if whole:
        return lambda value: html(OUTWARD, "", value, formatting.bare_link(value))
    return lambda value: escape(formatting.bare_link(value))


def _domain(_field: Field, whole: bool) -> Shower:
    return (lambda value: html(OUTWARD, "https://", value, value)) if whole else escape


def _place(_field: Field, _whole: bool) -> Shower:
    """`Storgata 12, 9008 Tromsø, Norway`."""

    def place(entry: Mapping[str, str]) -> str:
        town = f"{entry.get('postcode', '')} {entry.get('city', '')}".strip()
        parts = (entry.get("street"), town, entry.get("region"), formatting.country(entry.get("country")))
        return escape(", ".join(part for part in parts if part))

    return place


def _entries(key: str, kind: Callable[[Field, bool], Shower]) -> Callable[[Field, bool], Shower]:
    """Several of a kind: the first and how many more in a list, each with its own kind on a record."""

    def entries(field: Field, whole: bool) -> Shower:
        shown = kind(field, whole)

        def one_html(entry: Mapping[str, Any]) -> str:
            return shown(entry[key] if key else entry)

        def short(value: Sequence[Mapping[str, Any]]) -> str:
            more = len(value) - 1
            first = one_html(value[0])
            return html('{} <span class="dim">+{}</span>', first, more) if more else first

        def long(value: Sequence[Mapping[str, Any]]) -> str:
            rows = [html("{}{}", one_html(entry), _kind(entry)) for entry in value]
            if len(rows) == 1:
                return rows[0]
            return html('<span class="entries">{}</span>', joined(html("<span>{}</span>", row) for row in rows))

        return long if whole else short

    return entries


def _kind(entry: Mapping[str, Any]) -> str:
    return html(' <span class="dim">{}</span>', entry["kind"]) if entry.get("kind") else ""


def _members(_field: Field, _whole: bool) -> Shower:
    names = holder_names()
    return lambda value: escape(", ".join(names.get(one, _("somebody")) for one in value))


def _pointed(_field: Field, _whole: bool) -> Shower:
    return who_html


def _file(_field: Field, whole: bool) -> Shower:
    """Its name; on a record also its size, and the way to it. A timeline tells of files that are no longer there."""
    if not whole:
        return lambda value: escape(value["title"])

    def file(value: Mapping[str, Any]) -> Markup:
        shown = html(FILE, value["url"], value["title"], value["size"])
        if not value["preview_url"]:
            return shown
        return html(PREVIEWED, shown, value["preview_url"], _("Preview"))

    return file


SHOWN: dict[str, Callable[[Field, bool], Shower]] = {
    "text": _plain(),
    "long_text": _long_text,
    "number": _plain(formatting.number),
    "money": _plain(formatting.money),
    "date": _plain(formatting.day),
    "datetime": _when,
    "bool": _plain(lambda value: _("Yes") if value else _("No")),
    "choice": _choice,
    "choices": _choices,
    "tags": _tags,
    "members": _members,
    "email": _email,
    "emails": _entries("email", _email),
    "phone": _phone,
    "phones": _entries("phone", _phone),
    "link": _link,
    "links": _entries("url", _link),
    "domains": _entries("domain", _domain),
    "addresses": _entries("", _place),
    "relation": _pointed,
    "user": _pointed,
    "file": _file,
}
