"""Working together: what is said about records, and conversations."""

from rapport.engine.collaboration.actions import Saying, begin_conversation, say_about
from rapport.engine.collaboration.mentions import Ref
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import delete_records
from rapport.engine.records.registry import record_type
from tests.stories.screens.furnishing import World
from tests.stories.screens.screen import Screen

HOME = "/conversations/"


def furnish_talk(world: World) -> None:
    """A thread about Amara with an answer, one whose beginning is gone, and two conversations."""
    people, comments = record_type("people"), record_type("comments")
    with open_act(world.dana.actor) as act:
        words = f"@{world.alice.name}, see #Bruno before https://northwind.example/fair"
        refs = [Ref("people", world.bruno.pk, "Bruno")]
        world.talk["first"] = say_about(act, people, world.amara, Saying(words, refs))
        gone = say_about(act, people, world.amara, Saying("Never mind"))
    with open_act(world.alice.actor) as act:
        for one in (world.talk["first"], gone):
            say_about(act, people, world.amara, Saying("I shall", thread=str(one.pk)))
        world.talk["pair"] = begin_conversation(act, [str(world.dana.pk)])
        say_about(act, record_type("conversations"), world.talk["pair"], Saying("Coffee?\nOr tea?"))
        world.talk["named"] = begin_conversation(act, [str(world.dana.pk)], name="Spring fair " * 8)
    with open_act(world.dana.actor) as act:
        delete_records(act, comments, [gone])


def on_talk(world: World) -> list[Screen]:
    amara, pair = f"/people/{world.amara.pk}/", f"{HOME}{world.talk['pair'].pk}/"
    write = f"form[action='{amara}comments']"
    return [
        Screen("comments of a record", f"{amara}?kind=comments"),
        Screen("comments alone", f"{amara}talk"),
        Screen("comments of a record without any", f"/people/{world.bruno.pk}/?kind=comments"),
        Screen("a comment is edited", f"/comments/{world.talk['first'].pk}/edit"),
        Screen(
            "a comment mentions who cannot see it", f"{amara}?kind=comments",
            fills={f"{write} textarea": "@Hal, please"}, press=f"{write} .main",
        ),
        Screen("conversations", HOME),
        Screen("conversation", pair),
        Screen("conversation with a name", f"{HOME}{world.talk['named'].pk}/"),
        Screen("new conversation", f"{HOME}new"),
        Screen("members of a conversation", f"{pair}edit/members"),
    ]  # fmt: skip
