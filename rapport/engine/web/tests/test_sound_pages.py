"""Every page, read as a browser reads it: nothing inline, nothing unlabelled, no icon that is not there."""

import pytest

from rapport.engine.web.tests.markup import Page

PAGES = [
    "/people/", "/people/?where=stage+%3D+lead", "/people/?where=contry+%3D+NO", "/people/?deleted=1", "/companies/",
    "/people/?layout=board", "/companies/?layout=board&where=name+%3D+x", "RECORDmove/stage",
    "/people/?group=stage&totals=name:count,city:unique&widths=name:200", "/people/?group=tags&now=1&totals=name:count",
    "/people/?layout=chart", "/people/?layout=chart&by=created_at:day&series=stage&chart=lines",
    "/people/new", "/companies/new", "/people/filter?where=stage+%3D+lead+or+(city+%3D+x+and+owner+%3D+me)",
    "/people/import", "/imports/", "/journal/", "/jobs/", "/outbox/", "/search", "/search?q=amara", "/bell/",
    "/settings/organisation/", "/settings/users/", "/settings/fields/people/", "/settings/fields/people/new",
    "/settings/account/", "/settings/tokens/", "/settings/mail/", "/nowhere/", "RECORD", "RECORDedit/emails",
    "RECORDedit/addresses", "RECORDtimeline",
]  # fmt: skip


@pytest.fixture
def amara(dana, make):
    company = make(dana, "companies", name="Fjell & Fjord AS")
    values = {"emails": "amara@x.no", "phones": "+4777601234", "stage": "lead", "tags": "gold", "owner": "me"}
    return make(dana, "people", name='<img src=x onerror="y()">', company=str(company.pk), **values)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(dana, browse, amara, path):
    answer = browse(dana).get(path.replace("RECORD", f"/people/{amara.pk}/"), follow=True)
    page = Page(answer.content.decode())
    assert page.all_faults() == []
    if "timeline" not in path:
        assert len(page.headings) == 1


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/forgotten/"])
def test_a_page_for_those_outside_is_sound(client, db, path):
    page = Page(client.get(path, follow=True).content.decode())
    assert page.all_faults() == []
    assert len(page.headings) == 1
