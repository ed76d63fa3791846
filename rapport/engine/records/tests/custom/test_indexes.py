"""Often searched and unique fields: the indexes behind them are built in the background and really used."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from rapport.customers.models import Person
from rapport.engine.accounts.models import Role, User
from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.events.undo import undo_batch
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.custom.actions import build_again, change_field, create_field, delete_field, restore_field
from rapport.engine.records.custom.queries import find_field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import TYPES
from rapport.engine.records.queries import page, parse_order
from rapport.engine.records.queries.filtered import filtered
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

# Type → values in the order in which a list shows them upwards, and a filter that finds only the first.
SORTED = {
    "text": (["Apple", "ärger", "Zebra"], 'x_own = "apple"'),
    "number": (["-3.5", "2", "11"], "x_own < 0"),
    "money": (["9 EUR", "10.50 EUR", "200 EUR"], "x_own = 9"),
    "date": (["1999-12-31", "2026-01-01", "2026-02-01"], "x_own = 1999-12-31"),
    "datetime": (["1999-12-31T10:00", "2026-01-01T09:00", "2026-01-01T10:00"], "x_own < 2000-01-01T00:00"),
    "choice": (["A", "B", "C"], "x_own = a"),
    "email": (["a@x.no", "b@x.no", "c@x.no"], 'x_own = "A@x.no"'),
    "phone": (["+4777601231", "+4777601232", "+4777601233"], 'x_own = "+4777601231"'),
    "link": (["https://a.no", "https://b.no", "https://c.no"], 'x_own ~ "a.no"'),
}
LISTED = {
    "long_text": ("Two\nlines of Fjell", 'x_own ~ "fjell"'),
    "choices": (["A"], "x_own = a"),
    "tags": (["VIP"], 'x_own = "VIP"'),
    "emails": ("a@x.no", 'x_own = "a@x.no"'),
    "phones": ("+4777601231", 'x_own = "+4777601231"'),
    "links": ("https://a.no", 'x_own = "https://a.no"'),
    "domains": ("a.no", 'x_own = "a.no"'),
}


@pytest.fixture
def dana():
    return User.objects.create_user("dana@northwind.example", name="Dana", role=Role.ADMIN)


@pytest.fixture(autouse=True)
def _no_indexes_left():
    """Tables are wiped after a test, indexes are not."""
    yield
    for name in indexes():
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP INDEX "{name}"')
    connections["owner"].close()


def indexes():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname LIKE 'cf\\_%' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def settle():
    """What the worker does: reactions follow the journal, jobs are run."""
    while run_reactions():
        pass
    run_waiting_jobs()
    check_again()


def made(dana, kind="text", **raw):
    more = {"options": ["A", "B", "C"]} if kind in ("choice", "choices") else {}
    with open_act(dana.actor) as act:
        row = create_field(act, record_type("people"), {"label": "Own", "type": kind, **more, **raw})
    check_again()
    return row


def person(dana, value, name="Somebody"):
    with open_act(dana.actor) as act:
        return create_record(act, record_type("people"), {"name": name, "x_own": value})


def plan_of(rows):
    with connection.cursor() as cursor, transaction.atomic():
        for setting in ("enable_seqscan", "enable_sort", "enable_incremental_sort"):
            cursor.execute(f"SET LOCAL {setting} = off")
        return rows.explain()


def state(row):
    return find_field(row.pk).state


@pytest.mark.parametrize("kind", SORTED)
def test_a_list_is_sorted_and_filtered_by_the_index(dana, kind, django_assert_num_queries):
    rtype = record_type("people")
    values, where = SORTED[kind]
    row = made(dana, kind, indexed=True)
    keys = [person(dana, value).pk for value in values]
    empty = [person(dana, None).pk, person(dana, None).pk]
    assert state(row) == "building"
    with pytest.raises(Invalid):
        parse_order(rtype, "x_own")
    settle()
    assert state(row) == "ready"
    for order, wanted in (("x_own", keys + empty), ("-x_own", keys[::-1] + empty[::-1])):
        assert walked(order) == wanted
        assert walked(order, backwards=True) == wanted
    rows = filtered(dana.actor, rtype, "", **zone_now())
    sorted_by = parse_order(rtype, "x_own")
    first = rows.annotate(sorted_by=sorted_by.expression).filter(sorted_by__isnull=False).order_by("sorted_by", "pk")
    plan = plan_of(first.values("pk", "sorted_by")[:50])
    assert f"cf_{row.pk.hex}_s" in plan
    assert "Sort" not in plan
    found = filtered(dana.actor, rtype, where, **zone_now())
    assert list(found.values_list("pk", flat=True)) == keys[:1]
    assert f"cf_{row.pk.hex}_" in plan_of(found)
    page_of_list(dana, keys, empty)


def page_of_list(dana, keys, empty):
    """The same through the page: a link to sort by it, and rows in that order."""
    client = Client()
    client.force_login(dana)
    text = client.get("/people/?columns=x_own&order=-x_own").content.decode()
    assert "order=x_own" in text
    places = [text.index(str(key)) for key in keys[::-1] + empty[::-1]]
    assert places == sorted(places)


def walked(text, *, backwards=False):
    """All ids of the list, page by page of two; or back again from the end."""
    rtype = record_type("people")
    order, rows = parse_order(rtype, text), Person.objects.filter(deleted_at=None)
    pages = [page(rtype, rows, [], order=order, limit=2)]
    while pages[-1].next:
        pages.append(page(rtype, rows, [], order=order, limit=2, cursor=pages[-1].next))
    if backwards:
        back = pages[-1:]
        while back[0].previous:
            back.insert(0, page(rtype, rows, [], order=order, limit=2, cursor=back[0].previous))
        pages = back
    return [row["id"] for one in pages for row in one.rows]


@pytest.mark.parametrize("kind", LISTED)
def test_lists_and_long_texts_are_found_by_the_index(dana, kind):
    value, where = LISTED[kind]
    row = made(dana, kind, indexed=True)
    wanted = person(dana, value)
    person(dana, None)
    settle()
    assert state(row) == "ready"
    found = filtered(dana.actor, record_type("people"), where, **zone_now())
    assert [one.pk for one in found] == [wanted.pk]
    assert f"cf_{row.pk.hex}_" in plan_of(found)
    with pytest.raises(Invalid):
        parse_order(record_type("people"), "x_own")


def test_users_and_relations_are_found_by_the_index(dana):
    row = made(dana, "user", indexed=True)
    wanted = person(dana, "me")
    settle()
    found = filtered(dana.actor, record_type("people"), "x_own = me", **zone_now())
    assert [one.pk for one in found] == [wanted.pk]
    assert f"cf_{row.pk.hex}_s" in plan_of(found)
    assert not TYPES["relation"].orders


def test_indexes_go_with_the_wish_the_field_and_its_undoing(dana):
    row = made(dana, indexed=True, unique=True)
    settle()
    assert [name[-1] for name in indexes()] == ["s", "t", "u"]
    with open_act(dana.actor) as act:
        change_field(act, row, {"indexed": False})
    settle()
    assert [name[-1] for name in indexes()] == ["u"]
    with open_act(dana.actor) as undoing:
        undo_batch(undoing, act.batch)
    settle()
    assert [name[-1] for name in indexes()] == ["s", "t", "u"]
    with open_act(dana.actor) as act:
        delete_field(act, row)
    settle()
    assert indexes() == []
    with open_act(dana.actor) as act:
        restore_field(act, row)
    settle()
    assert state(row) == "ready"
    assert len(indexes()) == 3


def test_a_build_that_the_data_forbids_says_why_and_leaves_nothing(dana):
    row = made(dana)
    first, _second = person(dana, "twice"), person(dana, "twice")
    with open_act(dana.actor) as act:
        change_field(act, row, {"unique": True})
    settle()
    assert state(row) == "failed"
    assert "“twice”" in find_field(row.pk).error
    assert indexes() == []
    with open_act(dana.actor) as act:
        change_record(act, record_type("people"), first, {"x_own": "once"})
    with open_act(dana.actor) as act:
        build_again(act, row)
    run_waiting_jobs()
    assert state(row) == "ready"


def test_what_a_build_cut_short_left_is_built_anew(dana):
    row = made(dana, indexed=True)
    person(dana, "a", name="Same name"), person(dana, "b", name="Same name")
    with connections["owner"].cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(f'CREATE UNIQUE INDEX CONCURRENTLY "cf_{row.pk.hex}_s" ON person (name)')
    assert len(indexes()) == 1
    settle()
    assert state(row) == "ready"
    assert f"cf_{row.pk.hex}_s" in plan_of(filtered(dana.actor, record_type("people"), "", **zone_now()).annotate(
        sorted_by=parse_order(record_type("people"), "x_own").expression
    ).filter(sorted_by__isnull=False).order_by("sorted_by", "pk").values("pk")[:5])  # fmt: skip


@pytest.mark.parametrize("is_built", [False, True])
def test_two_writers_at_once_cannot_share_a_value(dana, is_built):
    row = made(dana, unique=True)
    if is_built:
        settle()
        assert state(row) == "ready"
    ready = threading.Barrier(4)
    refused = []

    def write():
        ready.wait()
        try:
            person(dana, "same")
        except ValidationFailed as error:
            refused.append(error.errors)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _writer in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(refused) == 3
    assert Person.objects.count() == 1


def test_the_index_itself_refuses_whoever_came_past_the_check(dana):
    made(dana, unique=True)
    settle()
    person(dana, "same")
    with pytest.raises(IntegrityError), open_act(dana.actor) as act:
        act.create(Person(name="Past the check", custom={"x_own": "same"}))


def test_deleted_records_leave_their_value_to_others(dana):
    rtype = record_type("people")
    made(dana, unique=True)
    settle()
    first = person(dana, "x" * 900)
    with open_act(dana.actor) as deleting:
        delete_records(deleting, rtype, [first])
    person(dana, "x" * 900)
    with pytest.raises(ValidationFailed), open_act(dana.actor) as act:
        restore_records(act, rtype, [first])
    with open_act(dana.actor) as act:
        outcome = undo_batch(act, deleting.batch)
    assert [conflict.why for conflict in outcome.conflicts] == ["clash"]


@pytest.mark.parametrize("text", ["Ærø Ström", "straße", "İstanbul", "ıI iİ", "e\u0301", "ﬁn", "", "中" * 500])
def test_what_is_equal_without_regard_to_case_has_one_key(dana, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sort_key(%s) = sort_key(upper(%s)), length(sort_key(%s)) <= 200", [text] * 3)
        assert cursor.fetchone() == (True, True)
