"""Every screen that there is, as addresses of one small world; imports have theirs in `import_screens.py`."""

from tests.stories.screens.door import outside
from tests.stories.screens.furnishing import World
from tests.stories.screens.furnishing import furnish as furnish_records
from tests.stories.screens.records import on_records
from tests.stories.screens.screen import Screen
from tests.stories.screens.settings import in_settings
from tests.stories.screens.together import furnish_talk, on_talk

__all__ = ["Screen", "World", "furnish", "screens"]


def furnish(world: World) -> None:
    """Fill a world with something for every screen."""
    furnish_records(world)
    furnish_talk(world)


def screens(world: World) -> list[Screen]:
    """The screens over a furnished world."""
    return [*outside(world), *on_records(world), *on_talk(world), *in_settings(world)]
