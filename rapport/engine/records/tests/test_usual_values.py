"""What is read or made by a short way is what the long way gives: phone numbers, addresses, new rows, look-ups."""

import phonenumbers
import pytest
from django.apps import apps
from django.db.models import fields as models
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.engine.events.blank import blank
from rapport.engine.events.models import Journaled
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.entries import email_address, phone_number
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.registry import record_type

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
BETWEEN = st.sampled_from(["", "", " ", "-", ".", ")", " (", "  "])
WORDS = st.text("abcxyz019_+.-", min_size=1, max_size=9)
ENDINGS = st.sampled_from(
    ["no", "com", "example", "museum", "local", "invalid", "onion", "arpa", "localhost", "c", "123"]
)


@st.composite
def numbers(draw):
    """Numbers with their country, as people write them; many begin as numbers do that are dialled within it."""
    code = draw(st.one_of(st.sampled_from(CODES), st.integers(1, 999)))
    first = draw(st.sampled_from(["", "0", "1", "8", "9", "00"]))
    digits = f"{code}{first}{draw(st.text('0123456789', min_size=5, max_size=11))}"
    return "+" + "".join(digit + draw(BETWEEN) for digit in digits)


@settings(max_examples=300, deadline=None)
@given(numbers(), st.sampled_from(["", "NO", "US", "IT"]))
def test_a_phone_number_is_read_as_the_whole_check_reads_it(text, region):
    assert read(phone_number, text, region) == by_phonenumbers(text, region)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.lists(st.text("abcz019-", min_size=1, max_size=6), min_size=1, max_size=3), ENDINGS)
def test_an_address_is_read_as_the_whole_check_reads_it(local, labels, ending):
    text = f"{local}@{'.'.join([*labels, ending])}"
    assert read(email_address, text) == by_email_validator(text)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [one for one in apps.get_models() if issubclass(one, Journaled)])
def test_a_blank_row_is_as_the_model_makes_it(model):
    made, other, usual = blank(model), blank(model), model()
    defaults = {field.attname: field.default for field in model._meta.concrete_fields if callable(field.default)}
    own = {name for name, default in defaults.items() if default not in (list, dict, models.NOT_PROVIDED)}
    assert plain(made, own) == plain(usual, own)
    assert all(getattr(made, name) != getattr(other, name) for name in own)
    assert (made._state.adding, made._state.db) == (True, None)
    shared = [name for name, value in vars(made).items() if isinstance(value, list | dict)]
    assert all(getattr(made, name) is not getattr(other, name) for name in shared)


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "key"), [("domains", "domain"), ("links", "url")])
def test_who_shares_an_entry_is_found_with_and_without_an_index(alice, make, slug, key):
    one, two, three = ("https://one.no", "https://two.no", "https://three.no")
    values = [value if slug == "links" else value.removeprefix("https://") for value in (one, two, three)]
    first = make(alice, "companies", name="First", **{slug: [values[1], values[0]]})
    second = make(alice, "companies", name="Second", **{slug: [values[0]]})
    rtype = record_type("companies")
    found = sharing(rtype, rtype.field(slug), key, values)
    assert found == {values[0]: [second.pk, first.pk], values[1]: [first.pk]}


def plain(row, own):
    return {name: value for name, value in vars(row).items() if name not in {"_state", *own}}


def read(reader, *given_):
    try:
        return reader(*given_)
    except Invalid:
        return None


def by_phonenumbers(text, region):
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    is_possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_possible else None


def by_email_validator(text):
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None
