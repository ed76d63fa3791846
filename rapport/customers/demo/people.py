"""Makes the people and companies of the sample, each as a row ready to be written."""

import random
import re
from datetime import date
from typing import Any

from rapport.customers.demo import names
from rapport.customers.demo.names import Place
from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.ids import uuid7
from rapport.engine.records.folding import fold

WITH_COMPANY = 0.7
WITH_PHONE = 0.6
WITH_BIRTHDAY = 0.2


class Maker:
    """Draws from the lists of names by one stream of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.random = chance
        self._count = 0

    def company(self, owner: Any) -> Company:
        place = self._place()
        self._count += 1
        stem = self.random.choice(place.last)
        name = self.random.choice(place.trades).format(stem)
        domain = f"{_slug(stem) or 'firma'}{self._count}.example"
        city, postcode, _zone = self.random.choice(place.cities)
        revenue = self.random.randrange(50, 9_000) * 1_000
        return Company(
            name=name,
            domains=[_entry("domain", domain)],
            industry=self._weighted(names.INDUSTRIES),
            size=int(self.random.paretovariate(0.8) * 2) % 5_000 + 1,
            revenue=revenue,
            revenue_currency="EUR",
            revenue_house=revenue,
            addresses=[self._address(place, city, postcode)],
            phones=[_entry("phone", self._phone(place))],
            links=[_entry("url", f"https://{domain}")],
            owner=owner,
            tags=self._tags(),
        )

    def person(self, owner: Any, companies: list[Company]) -> tuple[Person, Company | None]:
        """A person, and the company where they work if they do."""
        place = self._place()
        self._count += 1
        first, last = self.random.choice(place.first), self.random.choice(place.last)
        company = self.random.choice(companies) if self.random.random() < WITH_COMPANY else None
        domain = company.domains[0]["domain"] if company else "mail.example"
        known_as = (first,) if company else (first, last)
        local = ".".join(part for part in map(_slug, known_as) if part) or "kunde"
        city, postcode, zone = self.random.choice(place.cities)
        row = Person(
            first_name=first,
            last_name=last,
            name=f"{first} {last}",
            emails=[_entry("email", f"{local}{self._count}@{domain}", kind="work" if company else "home")],
            phones=[_entry("phone", self._phone(place), kind="mobile")] if self.random.random() < WITH_PHONE else [],
            addresses=[self._address(place, city, postcode)],
            language=place.language,
            time_zone=zone,
            birthday=self._birthday(),
            stage=self.stage(),
            source=self.random.choice(names.SOURCES),
            owner=owner if self.random.random() < 0.8 else None,
            tags=self._tags(),
        )
        return row, company

    def membership(self, person: Person, company: Company) -> Membership:
        title = self.random.choice(names.TITLES)
        since = date(self.random.randrange(2012, 2024), self.random.randrange(1, 13), 1)
        return Membership(person=person, company=company, title=title, since=since, primary=True)

    def stage(self) -> str:
        return self._weighted(names.STAGES)

    def _place(self) -> Place:
        return self.random.choices(names.PLACES, weights=[place.weight for place in names.PLACES])[0]

    def _weighted(self, pairs: tuple[tuple[str, int], ...]) -> str:
        return self.random.choices([value for value, _weight in pairs], weights=[weight for _value, weight in pairs])[0]

    def _phone(self, place: Place) -> str:
        return re.sub("#", lambda _match: str(self.random.randrange(10)), place.phone)

    def _address(self, place: Place, city: str, postcode: str) -> dict[str, Any]:
        street = f"{self.random.choice(place.streets)} {self.random.randrange(1, 120)}"
        entry = _entry("street", street, kind="")
        return entry | {"postcode": postcode, "city": city, "region": "", "country": place.country}

    def _birthday(self) -> date | None:
        if self.random.random() > WITH_BIRTHDAY:
            return None
        return date(self.random.randrange(1950, 2005), self.random.randrange(1, 13), self.random.randrange(1, 29))

    def _tags(self) -> list[str]:
        return self.random.sample(names.TAGS, self.random.choice((0, 0, 0, 1, 1, 2)))


def _entry(key: str, value: str, *, kind: str = "work") -> dict[str, Any]:
    return {"id": str(uuid7()), key: value, "kind": kind, "primary": True}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
