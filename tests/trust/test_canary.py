"""A value in a hidden field, or in a record that is out of reach, appears in nothing that its reader can fetch, and no
answer depends on it.
"""

import re
from functools import partial

import pytest
from django.test import Client

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.registry import record_type
from tests.trust.asking import ask, slugs_of
from tests.trust.policy import POLICY
from tests.trust.routes import routes

pytestmark = pytest.mark.django_db

CANARY, EARLIER, GUESS = "+4930555012388", "+4930555012377", "+4930555012399"
KIND = "canarykind"
# What stands in Alice's records, and nowhere else.
WHISPER, MURMUR = "zyxwhisper", "zyxmurmurs"
# In the words of a number that no page says by accident: its digits without the country.
TRACES = ("30555012388", "30555012377", KIND, WHISPER)
NOISE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce-[^ \']+|data-milliseconds="[^"]*"|\d+ ms|\d{13,}')


@pytest.fixture
def marked(world):
    """Charlie's person has phones that his role hides from him; they were changed once."""
    rtype, person = record_type("people"), world.record("charlie", "own", "people")
    with open_act(SYSTEM) as act:
        for number in (EARLIER, CANARY):
            change_record(act, rtype, person, {"phones": [{"phone": number, "kind": KIND}]})
    return person


@pytest.fixture
def whispered(world):
    """Alice's person, company and note say a word; a person of Charlie's works there, so that much leads to them."""
    hers, his = (world.things[name].records for name in ("alice", "charlie"))
    with open_act(SYSTEM) as act:
        for slug in ("people", "companies"):
            change_record(act, record_type(slug), hers[slug, False], {"name": f"{WHISPER} {slug}", "tags": [WHISPER]})
        about = {"about_type": "people", "about_id": str(hers["people", False].pk), "text": WHISPER}
        create_record(act, record_type("notes"), about)
        change_record(act, record_type("people"), his["people", False], {"company": str(hers["companies", False].pk)})
    return hers


def traces_in(answer) -> list[str]:
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = said.decode(errors="replace") + str(dict(answer.headers))
    squeezed = re.sub(r"[\s().%+-]|&nbsp;|\u00a0", "", text)
    return [trace for trace in TRACES if trace in squeezed or trace in text]


def questions(person, number: str) -> list[str]:
    """What somebody would ask who is after the number."""
    filters = [f'phones = "{number}"', f'phones ~ "{number[-6:]}"', "phones is empty", "phones is set", "phone is set"]
    lists = [f"where={text}" for text in filters] + ["order=phones", "order=-phones", "columns=name,phones"]
    lists += ["group=phones", "totals=phones:unique&now=1"]
    lists += ["layout=chart&by=phones", "layout=chart&series=phones", "layout=chart&measure=phones:unique"]
    pages = [f"/people/?{one}" for one in lists] + [f"/people/filter?{one}" for one in lists]
    pages += [f"/people/count?{one}" for one in lists] + [f"/search?q={number}", f"/lookup/people?q={number}"]
    pages += [f"/people/{person.pk}/edit/phones", f"/people/{person.pk}/field/phones"]
    return [page.replace("+", "%2B") for page in pages]


def api_questions(number: str) -> list[str]:
    filters = [f'phones = "{number}"', f'phones ~ "{number[-6:]}"', "phones is empty", "phones is set"]
    asked = [*(f"where={text}" for text in filters), "order=phones", "fields=phones", "fields=name,phones&count=1"]
    return [f"/api/v1/people?{one}".replace("+", "%2B") for one in asked]


def whispers(word: str) -> list[str]:
    """What somebody would ask who is after Alice's records."""
    filters = [f'name = "{word} people"', f'name ~ "{word}"', f"tags = {word}", f'company.name ~ "{word}"']
    filters += [f'company = "{word} companies"', f'count(notes where text ~ "{word}") > 0', f"company.tags = {word}"]
    lists = [*(f"where={one}" for one in filters), "group=tags", "group=company", "columns=name,company,tags"]
    lists += ["layout=chart&by=tags", "layout=chart&by=company", "layout=board", "totals=tags:unique&now=1"]
    pages = [f"/people/{place}?{one}" for one in lists for place in ("", "count", "filter", "export/csv")]
    pages += [f"/{kind}?q={word}" for kind in ("search", "lookup/people", "lookup/companies")]
    pages += [f"/people/filter/complete?text={one}&at={len(one)}" for one in filters]
    return [page.replace("+", "%2B") for page in pages]


def api_whispers(word: str) -> list[str]:
    filters = [f'name ~ "{word}"', f'company.name ~ "{word}"', f"tags = {word}", f'company = "{word} companies"']
    return [f"/api/v1/people?where={one}&count=1" for one in filters] + [f"/api/v1/search?q={word}"]


def test_records_out_of_reach_are_as_if_they_were_not(world, whispered):
    """Who asks for Alice's word gets what anybody gets who asks for a word that nobody said."""
    assert not answers_that_tell(world, whispers, api_whispers, (WHISPER, MURMUR))
    assert traces_in(world.browser("alice").get("/people/"))


def answers_that_tell(world, pages, calls, words) -> list[str]:
    """What Charlie asks and learns from: the answers differ by whether the right word was asked for."""
    browser, program = world.browser("charlie"), Client(headers=world.programs["charlie"])
    told = []
    for client, of in ((browser, pages), (program, calls)):
        for right, wrong in zip(of(words[0]), of(words[1]), strict=True):
            if _without_guess(client.get(right), words[0]) != _without_guess(client.get(wrong), words[1]):
                told.append(right)
    return told


def test_no_route_says_it(world, marked, whispered):
    told = []
    for route in (one for one in routes() if one.name in POLICY):
        for method in POLICY[route.name]:
            for slug in slugs_of(route):
                if found := traces_in(ask(world, route, method, "charlie", "own", slug)):
                    told.append(f"{method} {route.name} of {slug} tells {found}")
            if route.name in ("account_logout", "account_set_password"):
                break
    assert not told, "\n".join(told)


def test_it_can_be_seen_by_who_may(world, marked):
    assert traces_in(world.browser("alice").get(f"/people/{marked.pk}/"))
    assert traces_in(Client(headers=world.programs["alice"]).get(f"/api/v1/people/{marked.pk}"))


def test_no_filter_order_or_word_finds_it(world, marked):
    """Who asks for the right number gets the answer of who asks for a wrong one."""
    assert not answers_that_tell(world, partial(questions, marked), api_questions, (CANARY, GUESS))


def _without_guess(answer, guess: str) -> str:
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
    for form in (guess, guess.replace("+", "%2B"), guess[1:], guess[-6:]):
        text = text.replace(form, "")
    return f"{answer.status_code} {NOISE.sub('', text)}"


def test_columns_and_orders_that_are_hidden_are_not_there(world, marked):
    browser, program = world.browser("charlie"), Client(headers=world.programs["charlie"])
    assert ">Phone<" not in browser.get("/people/?columns=name,phones").content.decode()
    assert browser.get(f"/people/{marked.pk}/edit/phones").status_code == 404
    assert program.get("/api/v1/people?fields=phones").status_code == 400
    assert program.get("/api/v1/people?order=phones").status_code == 400
    assert "phones" not in program.get(f"/api/v1/people/{marked.pk}").json()


def test_what_is_hidden_cannot_be_written(world, marked):
    browser, program = world.browser("charlie"), Client(headers=world.programs["charlie"])
    sent = {"phones": [{"phone": GUESS}]}
    answer = program.patch(f"/api/v1/people/{marked.pk}", sent, content_type="application/json")
    assert answer.status_code == 400
    assert not traces_in(answer)
    browser.post(f"/people/{marked.pk}/edit/phones", {"phones.0.phone": GUESS})
    batch = {"mode": "upsert", "match_on": "phones", "items": [{"phones": CANARY, "name": "Found"}]}
    assert program.post("/api/v1/people/batch", batch, content_type="application/json").status_code == 400
    marked.refresh_from_db()
    assert marked.phones[0]["phone"] == CANARY


def test_a_clash_does_not_tell_of_somebody_else(world):
    """Charlie types the address of a person of Alice's, whom he cannot see."""
    hers = world.record("alice", "own", "people")
    with open_act(SYSTEM) as act:
        change_record(act, record_type("people"), hers, {"emails": "hers@x.example"})
    sent = {"name": "Somebody", "emails.0.email": "hers@x.example"}
    answer = world.browser("charlie").post("/people/new", sent)
    assert answer.status_code == 302
    assert hers.name not in answer.content.decode()
