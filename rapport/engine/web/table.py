"""The rows of a list as HTML, in one piece: a page has hundreds of cells, and a template asks anew at each of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType
from rapport.engine.records.showing import face, record_url
from rapport.engine.web.addresses import ANY
from rapport.engine.web.markup import html, icon_html, joined
from rapport.engine.web.values import face_html, shower

RIGHT_ALIGNED = frozenset({"number", "money"})


@dataclass(frozen=True)
class Table:
    """Which columns, which of them are edited in place, and where a phone shows them beside the title.

    `mark` tells the rows of this table from others on the page in which the same records stand.
    `beside` is the address at which any record stands open beside the list, `here` the id of the one that does.
    """

    rtype: RecordType
    fields: Sequence[Field]
    edited: Collection[str]
    phone: Mapping[str, str]
    mark: str = ""
    beside: str = ""
    here: str = ""


def body_html(table: Table, rows: Sequence[Mapping[str, Any]]) -> Markup:
    """A `tr` for each row, as `present` gives them. What a cell edits is an address relative to that of its row."""
    cells = [_cell(table, field) for field in table.fields]
    words = Words(_("Select"), _("Without a name"), _("Open beside the list"))
    return joined(_row(table, row, cells, words) for row in rows)


@dataclass(frozen=True)
class Words:
    """What every row says, looked up once."""

    pick: str
    nameless: str
    beside: str


Cell = Callable[[Mapping[str, Any], Markup], Markup]
ROW = (
    '<tr data-url="{}" id="row-{}{}"{}><td class="pickcell"><input type="checkbox" class="pick" form="selection"'
    ' name="id" value="{}" aria-label="{} {}"></td>{}</tr>\n'
)
WHO = '<span class="who">{}<span><a href="{}">{}</a></span></span>'
BESIDE = '<a class="beside" href="{}" data-peek="{}" aria-label="{}">{}</a>'
HERE = html(' class="here"')
CELL = '<td class="{}"{}>{}</td>'


def _row(table: Table, row: Mapping[str, Any], cells: Sequence[Cell], words: Words) -> Markup:
    rtype, key = table.rtype, row["id"]
    url, title = record_url(rtype, key), str(row.get(rtype.title) or words.nameless)
    who = html(WHO, face_html(face(title, key, square=rtype.square)), url, title)
    if table.beside:
        href = table.beside.replace(str(ANY), str(key))
        who += html(BESIDE, href, key, words.beside, icon_html("beside"))
    here = HERE if str(key) == table.here else ""
    return html(ROW, url, table.mark, key, here, key, words.pick, title, joined([cell(row, who) for cell in cells]))


def _cell(table: Table, field: Field) -> Cell:
    """What makes one column's cell of a row, the title's from its face and link."""
    slug = field.slug
    edit = html(' data-edit="edit/{}"', slug) if slug in table.edited else ""
    if slug == table.rtype.title:
        return lambda _row, who: html(CELL, "title", edit, who)
    aligned = "num" if field.type.name in RIGHT_ALIGNED else ""
    names, shown = f"{aligned} {table.phone.get(slug, '')}".strip(), shower(field)
    return lambda row, _who: html(CELL, names, edit, shown(row[slug]))
