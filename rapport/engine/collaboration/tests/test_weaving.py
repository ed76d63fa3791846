"""Texts written together: edits of different lines always merge, alike ones are one, and nothing typed is lost."""

from hypothesis import given
from hypothesis import strategies as st

from rapport.engine.collaboration.weaving import weave

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "tents", "boots"]), max_size=8)
TEXTS = LINES.map("\n".join)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12), st.data())
def test_edits_of_different_lines_always_merge(whose, data):
    base = [f"line {number}" for number in range(len(whose))]
    changed = [data.draw(st.lists(st.sampled_from(["new", "other", ""]), max_size=2)) for _ in whose]
    apart = [one if not number or one == 0 or whose[number - 1] in (0, one) else 0 for number, one in enumerate(whose)]

    def text(*sides):
        rows = [new if side in sides else [old] for old, side, new in zip(base, apart, changed, strict=True)]
        return "\n".join(line for row in rows for line in row)

    for number, side in enumerate(apart):
        if side and not changed[number]:
            changed[number] = [f"instead of {number}"]
    assert weave("\n".join(base), text(1), text(2)) == text(1, 2)


@given(TEXTS, TEXTS)
def test_who_changed_nothing_gets_what_the_other_wrote(base, other):
    assert weave(base, other, base) == other
    assert weave(base, base, other) == other
    assert weave(base, other, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_typed_is_lost(base, theirs, yours):
    woven = weave(base, theirs, yours).split("\n")
    old = set(base.split("\n"))
    for side in (theirs, yours):
        assert set(side.split("\n")) - old <= set(woven)


def test_both_versions_of_one_line_stand_one_after_the_other():
    assert weave("a\nb\nc", "a\ntheirs\nc", "a\nyours\nc") == "a\ntheirs\nyours\nc"


def test_what_both_added_at_one_place_stands_once_where_it_is_alike():
    assert weave("a\nc", "a\nx\nb\nc", "a\ny\nb\nc") == "a\nx\ny\nb\nc"


def test_a_line_that_one_deleted_and_the_other_changed_stays_as_changed():
    assert weave("a\nb\nc", "a\nc", "a\nbetter\nc") == "a\nbetter\nc"
