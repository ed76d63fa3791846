"""Mentions: kept as ids, shown by the names that their reader may see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.engine.collaboration.mentions import MOST_TRIED, Ref, holders_in, kept, records_in
from rapport.engine.collaboration.wording import as_lines, as_typed, plain_text, shown
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(charlie):
    with open_act(charlie.actor) as act:
        return create_record(act, record_type("people"), {"name": "Zoë Quartz", "owner": str(charlie.pk)})


def test_names_and_addresses_are_kept_as_ids(alice, bob):
    text = kept(f"@{bob}, ask @alice@northwind.example. Not @nobody, nor me@alice.example")
    assert holders_in(text) == [bob.pk, alice.pk]
    assert text == f"<@{bob.pk}>, ask <@{alice.pk}>. Not @nobody, nor me@alice.example"
    assert kept(text) == text


def test_the_longest_name_is_meant_and_no_part_of_a_word(alice, bob):
    bob.name, alice.name = "Bob", "Bob Bobsen"
    for one in (alice, bob):
        type(one).objects.filter(pk=one.pk).update(name=one.name)
    assert kept("@bob bobsen and @bobby and @bob") == f"<@{alice.pk}> and @bobby and <@{bob.pk}>"


def test_a_text_of_nothing_but_signs_is_left_soon(alice):
    assert kept("@" * 5_000) == "@" * 5_000
    text = kept(f"@{alice} " * 400)
    assert text.count(f"<@{alice.pk}>") == MOST_TRIED
    assert text.endswith(f"@{alice} ")


def test_records_are_named_to_those_who_see_them(alice, charlie, dana, secret):
    text = kept("Call #Zoë Quartz today", [Ref("people", secret.pk, "Zoë Quartz")])
    assert records_in(text) == [("people", secret.pk)]
    assert "Zoë Quartz</a>" in shown(charlie.actor, [text])[0]
    assert plain_text(charlie.actor, [text]) == ["Call Zoë Quartz today"]
    assert as_typed(charlie.actor, text) == ("Call #Zoë Quartz today", [Ref("people", secret.pk, "Zoë Quartz")])


def test_what_one_may_not_see_has_no_name(charlie, alice):
    with open_act(alice.actor) as act:
        hers = create_record(act, record_type("people"), {"name": "Zoë Quartz", "owner": str(alice.pk)})
    text = f"About <#people/{hers.pk}> and <#nothing/{hers.pk}>"
    assert plain_text(charlie.actor, [text]) == ["About a record and a record"]
    assert "Zoë" not in shown(charlie.actor, [text])[0]
    assert as_typed(charlie.actor, text) == (text, [])


def test_html_that_somebody_typed_is_text():
    assert as_lines("<b>x</b>\nhttps://a.example/?q=1&x=2.") == (
        '&lt;b&gt;x&lt;/b&gt;<br><a href="https://a.example/?q=1&amp;x=2" rel="noopener noreferrer"'
        ' target="_blank">https://a.example/?q=1&amp;x=2</a>.'
    )


@given(st.text(alphabet=st.sampled_from("<>@#ab/\ue000\ue0010 \n&\"'"), max_size=40))
def test_nothing_typed_becomes_markup(text):
    from rapport.engine.events.actor import SYSTEM

    made = shown(SYSTEM, [text])[0]
    assert "<" not in made.replace("<br>", "")


def test_who_is_meant_sees_it(alice, bob):
    text = f"Over to <@{bob.pk}>"
    assert 'class="mention me"' in shown(bob.actor, [text])[0]
    assert 'class="mention"' in shown(alice.actor, [text])[0]
