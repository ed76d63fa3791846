"""What is measured: each case makes one request after another, every one about something else."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import orjson

from bench.sample import CSRF, Sample

LEVELS = (1, 4, 8, 32)
COLUMNS = "name,company,emails,phones,stage,city,owner"
FIRST_NAMES = ("hugo", "grace", "lena", "nils", "maria", "kavya", "elif", "siri")
STAGES = ("subscriber", "lead", "qualified", "customer")
BATCH = 1_000

Make = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Case:
    """A kind of request. `budget` and `peer` are CPU milliseconds: the target, and the best of the peers."""

    name: str
    make: Make
    budget: float | None = None
    peer: float | None = None
    expected: Sequence[int] = (200,)
    requests: int = 600
    levels: Sequence[int] = field(default=LEVELS)


def cases(sample: Sample) -> list[Case]:
    return [*_reading(sample), *_pages(sample), *_searching(sample), *_writing(sample)]


def _reading(sample: Sample) -> list[Case]:
    api = partial(_get, sample, door="api", path="/people")
    return [
        Case("api list", lambda _c: api(order="-created_at", fields=COLUMNS), budget=5, peer=15),
        Case("api list, all fields", lambda _c: api(order="-created_at"), budget=5, peer=15),
        Case("api filtered", lambda c: api(where=_where(sample, c), fields=COLUMNS), budget=5, peer=39),
        Case("api sorted", lambda c: api(order=c.choice(SORTED), fields=COLUMNS), budget=5, peer=15),
        Case("api deep", lambda c: api(**_deep(sample, c), fields=COLUMNS), budget=5, peer=15),
        Case("api list with count", lambda _c: api(order="-created_at", fields=COLUMNS, count="1"), budget=5),
        Case("api exact count", lambda _c: api(limit="1", fields="name", count="exact"), requests=40, levels=(1, 4)),
        Case("api record", lambda c: _get(sample, "api", f"/people/{_key(sample, c)}"), budget=6, peer=21),
    ]


SORTED = ("name", "-name", "emails", "city", "-country", "stage", "created_at")


def _pages(sample: Sample) -> list[Case]:
    page = partial(_get, sample, door="page", path="/people/")
    return [
        Case("page list", lambda _c: page(), budget=8, peer=15),
        Case("page filtered", lambda c: page(where=_where(sample, c)), budget=8, peer=39),
        Case("page sorted", lambda c: page(order=c.choice(SORTED)), budget=8, peer=15),
        Case("page deep", lambda c: page(**_deep(sample, c)), budget=8, peer=15),
        Case("page board", lambda _c: page(layout="board"), budget=18),
        Case("page board of a city", lambda c: page(layout="board", where=_city(sample, c)), budget=18),
        Case("page under groups", lambda _c: page(group="stage"), budget=18, requests=200),
        Case("page chart", lambda _c: page(layout="chart"), budget=18, requests=200),
        Case("page chart of a city", lambda c: page(layout="chart", where=_city(sample, c)), budget=18),
        Case("page record", lambda c: _get(sample, "page", f"/people/{_key(sample, c)}/"), budget=6, peer=21),
    ]


def _searching(sample: Sample) -> list[Case]:
    ask = partial(_get, sample, door="part", path="/search")
    return [
        Case("search common", lambda c: ask(q=c.choice(FIRST_NAMES)), budget=6, peer=20),
        Case("search prefix", lambda c: ask(q=c.choice(FIRST_NAMES)[:2]), budget=6, peer=20),
        Case("search two words", lambda c: ask(q=c.choice(sample.people)[1]), budget=6, peer=20),
        Case("search rare", lambda c: ask(q=c.choice(sample.people)[2]), budget=6, peer=20),
        Case("search typo", lambda c: ask(q=_slip(c.choice(sample.people)[1], c)), budget=6, peer=20, requests=200),
        Case("search page", lambda c: _get(sample, "page", "/search", q=c.choice(FIRST_NAMES)), budget=6, peer=20),
    ]


def _writing(sample: Sample) -> list[Case]:
    return [
        Case("api create", partial(_create, sample), budget=9, peer=45, expected=(201,)),
        Case("api change", partial(_change, sample), budget=7, peer=14),
        Case("api batch upsert of 1,000", partial(_batch, sample), requests=8, levels=(1, 4)),
        Case("page create", partial(_create_by_form, sample), budget=9, peer=45, expected=(302,)),
        Case("page change", partial(_change_by_form, sample), budget=7, peer=14),
    ]


def _where(sample: Sample, chance: random.Random) -> str:
    city, part = chance.choice(sample.places)
    return f'city = "{city}" and name ~ "{part}"'


def _city(sample: Sample, chance: random.Random) -> str:
    return f'city = "{chance.choice(sample.places)[0]}"'


def _deep(sample: Sample, chance: random.Random) -> dict[str, str]:
    order = chance.choice(list(sample.cursors))
    return {"order": order, "cursor": chance.choice(sample.cursors[order])}


def _key(sample: Sample, chance: random.Random) -> str:
    return str(chance.choice(sample.people)[0])


def _slip(name: str, chance: random.Random) -> str:
    """A name with two letters of its longest word changed round, as fingers do."""
    words = name.split()
    index = max(range(len(words)), key=lambda one: len(words[one]))
    word = words[index]
    at = chance.randrange(1, max(len(word) - 1, 2))
    words[index] = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    return " ".join(words)


def _create(sample: Sample, chance: random.Random) -> bytes:
    return _send(sample, "POST", "/people", _person(chance))


def _change(sample: Sample, chance: random.Random) -> bytes:
    return _send(
        sample, "PATCH", f"/people/{_key(sample, chance)}", {"source": _word(chance), "stage": chance.choice(STAGES)}
    )


def _batch(sample: Sample, chance: random.Random) -> bytes:
    """Half of them are there already."""
    known = [
        {"emails": [email], "source": _word(chance)} for _id, _name, email in chance.sample(sample.people, BATCH // 2)
    ]
    items = [*known, *(_person(chance) for _index in range(BATCH - len(known)))]
    return _send(sample, "POST", "/people/batch", {"mode": "upsert", "match_on": "email", "items": items})


def _create_by_form(sample: Sample, chance: random.Random) -> bytes:
    person = _person(chance)
    form = {"name": person["name"], "emails.0.email": person["emails"][0], "emails.0.kind": "work", "stage": "lead"}
    return _post(sample, "/people/new", form)


def _change_by_form(sample: Sample, chance: random.Random) -> bytes:
    path = f"/people/{_key(sample, chance)}/edit/source"
    return _post(sample, path, {"source": _word(chance)}, part=True)


def _person(chance: random.Random) -> dict[str, Any]:
    first, last = chance.choice(FIRST_NAMES).title(), _word(chance).title()
    return {
        "name": f"{first} {last}",
        "emails": [f"{first.lower()}.{uuid4().hex[:16]}@bench.example"],
        "phones": [f"+47900{chance.randrange(10_000, 99_999)}"],
        "stage": chance.choice(STAGES),
        "addresses": [{"street": "Storgata 1", "postcode": "0150", "city": "Oslo", "country": "NO"}],
    }


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnrst") + chance.choice("aeiou") for _index in range(4))


def _get(sample: Sample, door: str, path: str, **query: str) -> bytes:
    address = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
    return _request(sample, "GET", address, door=door)


def _send(sample: Sample, method: str, path: str, data: object) -> bytes:
    return _request(sample, method, path, door="api", body=orjson.dumps(data), kind="application/json")


def _post(sample: Sample, path: str, form: dict[str, object], *, part: bool = False) -> bytes:
    body = urlencode({"csrfmiddlewaretoken": CSRF, **form}).encode()
    kind = "application/x-www-form-urlencoded"
    return _request(sample, "POST", path, door="part" if part else "page", body=body, kind=kind)


def _request(sample: Sample, method: str, path: str, *, door: str, body: bytes = b"", kind: str = "") -> bytes:
    lines = [f"{method} {'/api/v1' if door == 'api' else ''}{path} HTTP/1.1", "Host: 127.0.0.1"]
    if door == "api":
        lines.append(f"Authorization: Bearer {sample.token}")
    else:
        lines.append(f"Cookie: session={sample.session}; csrf={CSRF}")
    if door == "part":
        lines.append("HX-Request: true")
    if body:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
