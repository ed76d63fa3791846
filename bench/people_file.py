"""A file of new people as another system would export it: twelve columns, names of the sample company, nobody twice."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from rapport.customers.demo import names
from rapport.customers.demo.names import Place
from rapport.engine.records.fields.countries import codes
from rapport.engine.records.folding import fold

HEADER = (
    "First name", "Last name", "Email", "Phone", "Company", "Street",
    "Postcode", "City", "Country", "Birthday", "Stage", "Tags",
)  # fmt: skip
STAGES = ("Subscriber", "Lead", "Qualified", "Customer", "At risk", "Lost")
WITH_COMPANY = 1 / 3
PEOPLE_IN_A_COMPANY = 4
WITH_PHONE = 0.8
WITH_BIRTHDAY = 0.4


def write_people(place: Path, count: int) -> None:
    """Write the file; always the same for the same count."""
    with place.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(people(random.Random(count), count))


def people(chance: random.Random, count: int) -> Iterator[list[str]]:
    weights = [one.weight for one in names.PLACES]
    companies = max(int(count * WITH_COMPANY / PEOPLE_IN_A_COMPANY), 1)
    for number, place in enumerate(chance.choices(names.PLACES, weights=weights, k=count)):
        first, last = chance.choice(place.first), chance.choice(place.last)
        city, postcode, _zone = chance.choice(place.cities)
        works = chance.random() < WITH_COMPANY
        yield [
            first,
            last,
            address(first, last, number),
            phone(chance, place) if chance.random() < WITH_PHONE else "",
            company(chance.randrange(companies)) if works else "",
            f"{chance.choice(place.streets)} {chance.randrange(1, 200)}",
            postcode,
            city,
            codes()[place.country],
            birthday(chance) if chance.random() < WITH_BIRTHDAY else "",
            chance.choice(STAGES),
            "; ".join(chance.sample(names.TAGS, chance.choice((0, 0, 1, 2)))),
        ]


def address(first: str, last: str, number: int) -> str:
    parts = ["".join(letter for letter in fold(one) if letter.isascii() and letter.isalnum()) for one in (first, last)]
    return ".".join(filter(None, [*parts, str(number)])) + f"@mail{number % 97}.example"


def phone(chance: random.Random, place: Place) -> str:
    """A number with spaces, as people write it."""
    digits = "".join(str(chance.randrange(10)) if sign == "#" else sign for sign in place.phone)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def company(number: int) -> str:
    place = names.PLACES[number % len(names.PLACES)]
    return f"{place.trades[number % len(place.trades)].format(place.last[number % len(place.last)])} {number}"


def birthday(chance: random.Random) -> str:
    return (date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))).isoformat()
