"""Two people at once: a conversation of the same members is begun once."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from rapport.engine.collaboration.actions import begin_conversation
from rapport.engine.collaboration.models import Conversation
from rapport.engine.events.act import open_act

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_conversation_comes_of_two_beginnings(alice, bob):
    together, begun = Barrier(2), []

    def begin(user, other):
        try:
            together.wait()
            with open_act(user.actor) as act:
                begun.append(begin_conversation(act, [str(other.pk)]).pk)
        finally:
            connection.close()

    threads = [Thread(target=begin, args=pair) for pair in ((alice, bob), (bob, alice))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 2
    assert set(begun) == {Conversation.objects.get().pk}
