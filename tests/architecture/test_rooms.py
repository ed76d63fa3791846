"""The lists of rooms are complete: import contracts, READMEs and app labels agree with the folders that exist."""

from tests.architecture.layers import containers, heights, layers
from tests.architecture.lists import machinery
from tests.architecture.repository import ROOT, rooms


def test_every_room_has_its_place_in_the_order():
    assert set(heights()) == set(rooms())


def test_furniture_is_ordered_in_every_room():
    above = {name for name, folder in rooms().items() if folder.parent == ROOT / "rapport"} - {"config"}
    assert containers("furniture") == {f"rapport.{name}" for name in above}
    engine = {name for name, folder in rooms().items() if folder.parent == ROOT / "rapport" / "engine"}
    assert containers("engine-furniture") == {f"rapport.engine.{name}" for name in engine}


def test_models_lie_at_the_bottom_of_every_room():
    assert layers("furniture")[-1] == layers("engine-furniture")[-1] == ["models"]


def test_every_room_introduces_itself():
    silent = [name for name, folder in rooms().items() if not (folder / "README.md").is_file()]
    assert not silent


def test_every_machinery_table_has_an_owner_and_an_end():
    assert all(entry.owner in rooms() for entry in machinery())
    assert all(entry.retention for entry in machinery())
    assert len({entry.label for entry in machinery()}) == len(machinery())
