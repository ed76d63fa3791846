"""Each room introduces itself in about twenty lines: what it is, its nouns, verbs and facts, and who stands on it.

A room without models, actions or events of its own may leave out the words for them.
"""

from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.layers import heights
from tests.architecture.repository import Source, rooms

TOPICS = {"noun": "models", "verb": "actions", "fact": "events"}
SHORTEST, LONGEST = 6, 40


def find(source: Source) -> Iterator[Violation]:
    if source.inside_room != ("README.md",) or source.room not in heights():
        return
    lines = source.text.splitlines()
    if not SHORTEST <= len(lines) <= LONGEST:
        yield Violation(source.path, 1, f"{len(lines)} lines; about twenty introduce a room")
    if not lines or not lines[0].startswith("# "):
        yield Violation(source.path, 1, "begins with the name of the room as its heading")
    if "stands on it" not in source.text.lower():
        yield Violation(source.path, 1, "does not say who stands on it")
    for topic, furniture in TOPICS.items():
        if topic not in source.text.lower() and _has(source.room, furniture):
            yield Violation(source.path, 1, f"says nothing of its {topic}s")


def _has(room: str, furniture: str) -> bool:
    return any((rooms()[room] / name).exists() for name in (furniture, f"{furniture}.py"))


BODY = "Whom we serve.\n\n**Nouns** a\n**Verbs** b\n**Facts** c\n**Who stands on it** d\n"
GOOD = (
    Source("rapport/engine/accounts/README.md", f"# accounts\n\n{BODY}"),
    Source("rapport/engine/runtime/README.md", "# runtime\n\nWhat it runs on.\n\n**Who stands on it** all\n\n"),
)
BAD = (
    Source("rapport/engine/accounts/README.md", "# accounts\n"),
    Source("rapport/engine/accounts/README.md", f"accounts\n\n{BODY}"),
    Source("rapport/engine/accounts/README.md", f"# accounts\n\n{BODY}" + "and so on\n" * 40),
    Source("rapport/engine/accounts/README.md", "# accounts\n\n\n\nNouns and verbs, who stands on it.\n\n\n"),
    Source("rapport/engine/accounts/README.md", "# accounts\n\n\n\nNouns, verbs and facts.\n\n\n"),
)
