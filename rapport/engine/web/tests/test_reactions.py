"""The page of reactions: how far behind they are, what they could not digest, and what to do about it."""

import pytest

from rapport.engine.events.models import JournalEntry, ReactionCursor
from rapport.engine.events.reactions import REACTIONS, parked_events, start_reactions
from rapport.engine.events.reactions.parking import park

PAGE = "/jobs/reactions/"


@pytest.fixture
def search(db):
    """The reaction that keeps search up to date, from now on."""
    start_reactions()
    return next(one for name, one in REACTIONS.items() if "search" in name)


@pytest.fixture
def parked(alice, make, search):
    make(alice, "people", name="Amara Okafor")
    entry = JournalEntry.objects.order_by("-id").first()
    park(search, entry, "Traceback\nValueError: no such <word>", attempts=5)
    return parked_events(1)[0]


def test_it_says_what_each_is_for_and_how_far_behind(dana, alice, browse, make, search):
    ReactionCursor.objects.filter(name=search.name).update(era=0, xid=0, entry_id=0)
    make(alice, "people", name="Amara Okafor")
    page = browse(dana).get(PAGE).content.decode()
    (line,) = (one for one in page.split("<section") if search.name in one)
    assert str(search.label) in line
    assert "behind" in line


def test_what_could_not_be_digested_stands_there_with_its_error(dana, browse, parked):
    page = browse(dana).get(PAGE).content.decode()
    assert "1 event could not be digested" in page
    assert "ValueError: no such &lt;word&gt;" in page


def test_it_is_tried_again_when_somebody_says_so(dana, browse, parked):
    assert parked.next_try_at is None
    browse(dana).post(f"{PAGE}try", {"id": parked.pk})
    assert parked_events(1)[0].next_try_at is not None


def test_it_is_left_out_when_somebody_says_so_and_can_be_taken_up_again(dana, browse, parked):
    client = browse(dana)
    client.post(f"{PAGE}leave-out", {"id": [parked.pk, "nonsense", "9" * 40]})
    assert parked_events(1) == []
    assert "Left out" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}try", {"id": parked.pk})
    assert parked_events(1) == [parked]


def test_members_do_not_see_it(alice, browse, parked):
    assert browse(alice).get(PAGE).status_code == 403
    assert browse(alice).post(f"{PAGE}leave-out", {"id": parked.pk}).status_code == 403
    assert parked_events(1) == [parked]
