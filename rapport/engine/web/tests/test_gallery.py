"""Every kind of field, shown and asked for, and the screens around them: a template that is wrong fails here."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import RequestFactory

from rapport.engine.records.declare import field
from rapport.engine.records.fields import Option
from rapport.engine.web import jinja
from rapport.engine.web.deeds import Deed
from rapport.engine.web.tests.markup import Page

KEY = UUID(int=7)
FACE = {"initials": "FF", "hue": 3, "square": True}
COMPANY = {"id": KEY, "title": "Fjell & Fjord <AS>", "url": "/companies/x/", "face": FACE}
STAGES = (Option("lead", "Lead", "info"), Option("lost", "Lost"))
VALUES = {
    "text": "Amara <b>Okafor</b>", "long_text": "One line\nand another", "number": Decimal("1234.50"),
    "money": {"amount": Decimal("12480"), "currency": "EUR"}, "date": date(1984, 3, 14),
    "datetime": datetime(2026, 3, 14, 9, 30, tzinfo=UTC), "bool": True, "choice": "lead", "choices": ["lead", "gone"],
    "email": "amara@fjellfjord.no", "phone": "+4777601234", "link": "https://www.fjellfjord.no/",
    "emails": [{"id": "a", "email": "amara@fjellfjord.no", "kind": "work"}, {"id": "b", "email": "a@home.no"}],
    "phones": [{"id": "a", "phone": "+4777601234", "kind": "mobile"}], "links": [{"id": "a", "url": "https://x.no"}],
    "domains": [{"id": "a", "domain": "fjellfjord.no"}], "relation": COMPANY, "user": COMPANY,
    "addresses": [{"id": "a", "street": "Storgata 12", "postcode": "9008", "city": "Tromsø", "country": "NO"}],
    "tags": ["gold", "<i>"],
    "file": {"id": KEY, "title": "Contract <1>.pdf", "size": "2 KB", "url": "/files/x", "preview_url": "/files/x?p"},
}  # fmt: skip
FIELDS = [field(kind, kind.capitalize(), kind, target="companies", help="Help") for kind in VALUES]
FIELDS = [replace(one, fixed_options=STAGES) if one.type.name in ("choice", "choices") else one for one in FIELDS]
RECORD = {"id": KEY, "title": "Amara Okafor", "version": 3}

CALL, PIN = Deed("Start a call", "video", "/call", posts=True), Deed("Pin", "pin", "/pin")


@pytest.fixture
def templates(settings):
    """The environment of the product, with what it would ask the database for given."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    made = jinja.environment()
    links = [{"label": "People", "icon": "people", "url": "/people/", "key": "p", "n": "20", "on": True}]
    sections = [{"title": "Customers", "links": links}]
    frame = {"organisation": "Northwind", "sections": sections, "bottom": links, "settings": links, "in_settings": True}
    slots = {"bell": {"url": "/bell/", "unread": 2}, "search_url": "/search", "theme": {"url": "/t", "value": "dark"}}
    made.globals |= {"shell": lambda _request: frame | {"phone": links, "slots": slots}}
    made.globals |= {"user_options": lambda _value: [{"id": KEY, "title": "Ines", "on": True}]}
    made.globals |= {"house_currency": lambda: "NOK"}
    return made


@pytest.fixture
def show(templates):
    def shown(template, **context):
        request = RequestFactory().get("/people/")
        given = {"request": request, "csrf_input": "", "rtype": RTYPE, "record": RECORD, "action": "/save"}
        return templates.get_template(template).render(given | {"back_url": "/people/"} | context)

    return shown


class RTYPE:
    slug, label, label_plural, icon = "people", "person", "people", "people"


def macro(templates, name, call, **given):
    source = f'{{% from "web/components/{name}.html" import {name} with context %}}{{{{ {call} }}}}'
    return templates.from_string(source).render(request=None, csrf_input="", **given)


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.slug)
@pytest.mark.parametrize("whole", [True, False], ids=["on a record", "in a list"])
def test_a_value_of_every_kind_is_shown(templates, one, whole):
    shown = macro(templates, "value", "value(one, given, whole=whole)", one=one, given=VALUES[one.slug], whole=whole)
    assert shown.strip()
    assert not Page(shown).all_faults()
    assert not [typed for typed in ("<b>Okafor", "<AS>", "<i>", "<1>") if typed in shown]
    nothing = macro(templates, "value", "value(one, given, whole=whole)", one=one, given=one.type.empty, whole=whole)
    assert "—" in nothing or nothing == "No"


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.slug)
def test_a_value_of_every_kind_is_asked_for(templates, one):
    label = f'<label for="f-{one.slug}">{one.label}</label>'
    for value in (VALUES[one.slug], one.type.empty):
        asked = label + macro(templates, "input", "input(one, given, error='Not this.')", one=one, given=value)
        assert not Page(asked).all_faults()
        assert "Not this." in asked
        assert f'name="{one.slug}' in asked


def test_the_page_of_a_record(show):
    rows = [{"field": one, "value": VALUES[one.slug], "edit_url": "/edit"} for one in FIELDS]
    entry = {
        "icon": "edit", "who": "Ines", "when": VALUES["datetime"], "text": "changed", "about": COMPANY, "reason": "x",
        "changes": [{"field": one, "before": one.type.empty, "after": VALUES[one.slug]} for one in FIELDS],
        "body_html": "", "batch": KEY,
    }  # fmt: skip
    kinds = [{"label": "All", "url": "/", "on": True}]
    part = "web/timeline_part.html"
    timeline = {
        "entries": [entry, entry],
        "next_url": "/next",
        "kinds": kinds,
        "template": part,
        "refresh_url": "/again",
        "is_earlier": False,
    }
    page = show(
        "web/record.html", fields=rows, more_fields=[], chips=[rows[7]], face=FACE, timeline=timeline,
        subtitle=[{"text": "Buyer", "link": "Fjell", "url": "/"}], left_panels=[], right_panels=[], composers=[],
        title_edit_url="/edit", delete_url="/delete", share_url="/share", why_url="/why", merge_url="/merge",
        is_shared=True, open_composer="", heads=[],
        deeds=[CALL, PIN],
        restore_url="/restore", deleted=VALUES["datetime"],
        arrange_url="/arrange", preview={"role": "Members", "url": "/layout"},
    )  # fmt: skip
    assert not Page(page).all_faults()
    assert Page(page).headings == ["Amara Okafor Lead"]
    assert 'href="tel:+4777601234"' in page
    assert 'href="mailto:amara@fjellfjord.no"' in page


def test_the_form_of_a_new_record(show):
    ruled = {"is_ruled": True, "is_hidden": False, "is_needed": True, "why": "Because."}
    rows = [{"field": one, "value": VALUES[one.slug], "error": "Wrong.", **ruled} for one in FIELDS]
    clash = {"title": "", "reason": "same", "deleted": True, "url": "/x", "restore_url": "/y", "face": FACE}
    clashes = [clash, clash | {"deleted": False}]
    around = {
        "form_key": "key",
        "has_files": True,
        "errors": {"name": "Give one."},
        "clashes": clashes,
        "rules_url": "/r",
    }
    page = show("web/form.html", fields=rows, **around)
    assert not Page(page).all_faults()
    assert page.count("Wrong.") == len(rows)


@pytest.mark.parametrize("template", ["web/field_form.html", "web/field_form_part.html", "web/conflict.html"])
@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.slug)
def test_one_field_alone(show, template, one):
    value = VALUES[one.slug]
    asked = {"field": one, "value": value, "error": "", "show_url": "/show", "is_part": "part" in template}
    both = {"theirs": one.type.empty, "yours": value, "raw_inputs": [("a", "b")], "version": 4}
    assert not Page(show(template, **asked, **both)).all_faults()


def test_what_went_wrong(show):
    page = show("web/error.html", title="Not found", words="There is nothing here.", status=404, viewing=None)
    assert Page(page).headings == ["Not found"]
    assert not Page(page).all_faults()
