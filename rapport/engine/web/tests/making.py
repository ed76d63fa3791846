"""Fields made in the browser, for tests of what is then done with them."""

import re

from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import CustomField

FIELDS = "/settings/fields/people/"


def make_field(client, kind="text", label="Own", **more):
    """Make a field of people in the browser. Returns its row."""
    extra = {"options": "Very keen\nCalm"} if kind in ("choice", "choices") else {}
    extra |= {"target": "companies"} if kind == "relation" else {}
    answer = client.post(f"{FIELDS}new", {"type": kind, "label": label, **extra, **more})
    assert answer.status_code == 302, re.findall(r'class="problem"[^<]*', answer.content.decode())
    check_again()
    return CustomField.objects.get(label=label)


def page_of(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def undo_last(client, answer):
    batch = re.findall(r"/batches/([0-9a-f-]{36})/undo", answer.content.decode())[-1]
    client.post(f"/batches/{batch}/undo")
