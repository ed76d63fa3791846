"""Whatever the form of a role shows is read back, as a browser sends it, as the same policies."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.engine.records.gate import EVERY_REACH, EVERY_TYPE, EVERY_VERB, Policy
from rapport.engine.records.gate.policies import as_json
from rapport.engine.records.roles.reading import can_hide, read_policies, types_of_roles
from rapport.engine.web.role_forms import as_sent, rows_of, typed_in, typed_of

pytestmark = pytest.mark.django_db

FILTERS = ("owner = my team", "owner = me", "created_at >= 2026-01-01")


@st.composite
def policy(draw, rtype):
    """What a role can grant on a type, or on all others."""
    reaches = [one for one in EVERY_REACH if rtype is not None or one != "filter"]
    is_child = rtype is not None and rtype.sees_as
    reach = {verb: "none" if is_child else draw(st.sampled_from(reaches)) for verb in EVERY_VERB}
    where = {verb: draw(st.sampled_from(FILTERS)) for verb, how_far in reach.items() if how_far == "filter"}
    asked = {word for text in where.values() for word in text.split() if word in ("owner", "created_at")}
    known = [one.slug for one in rtype.all_fields() if can_hide(rtype, one.slug)] if rtype else []
    slugs = [slug for slug in known if slug not in asked]
    hidden = frozenset(draw(st.sets(st.sampled_from(slugs), min_size=int(bool(is_child)), max_size=4))) if slugs else ()
    locks = [one.slug for one in rtype.all_fields() if not one.readonly] if rtype else []
    locked = frozenset(draw(st.sets(st.sampled_from(locks), max_size=4))) if locks else frozenset()
    return Policy(reach, frozenset(hidden), locked - frozenset(hidden), where)


@st.composite
def policies(draw):
    found = {EVERY_TYPE: draw(policy(None))}
    for rtype in types_of_roles():
        if draw(st.booleans()):
            found[rtype.slug] = draw(policy(rtype))
    return found


def sent_by(rows):
    """What a browser sends for the rows: what is hidden on the page as well."""
    sent = {}
    for row in rows:
        if row.is_like:
            sent[f"{row.slug}.like"] = "on"
        for cell in row.cells:
            assert cell.reach in dict(cell.options)
            sent[f"{row.slug}.{cell.verb}"] = cell.reach
            if not row.is_rest:
                sent[f"{row.slug}.{cell.verb}.where"] = cell.where
        sent |= {f"{row.slug}.field.{one.slug}": one.state for one in row.fields}
    return sent


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_shown_reads_back(data):
    kept = as_json(read_policies(as_json(data.draw(policies()))))
    sent = sent_by(rows_of(typed_of(kept), {}))
    typed = typed_in(sent, typed_of({}))
    assert as_json(read_policies(as_sent(typed, {}))) == kept
    assert sent_by(rows_of(typed, {})) == sent


def test_a_type_without_a_policy_of_its_own_shows_that_of_all_others():
    rows = {row.slug: row for row in rows_of(typed_of({"*": {"reach": dict.fromkeys(EVERY_VERB, "team")}}), {})}
    assert rows["people"].is_like
    assert {cell.reach for cell in rows["people"].cells} == {"team"}
    assert not rows["*"].is_like
    assert "filter" not in dict(rows["*"].cells[0].options)
    assert rows["memberships"].cells == []
    assert rows["memberships"].fields
    assert "notes" not in rows


def test_what_the_form_does_not_speak_of_stays():
    own = {"reach": dict.fromkeys(EVERY_VERB, "none"), "where": {}, "hidden": ["text"], "locked": []}
    sent = as_sent(typed_of({}), {"notes": own, "gone": own})
    assert sent["notes"] == own
    assert "gone" not in sent
