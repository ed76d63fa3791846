"""The record page as administrators arrange it for each role. It is layout and no permission: the API gives it all."""

from rapport.engine.records.arranging.actions import arrange, as_it_was
from rapport.engine.records.arranging.placing import SIDES, Placed, placed, role_of, roles

__all__ = ["SIDES", "Placed", "arrange", "as_it_was", "placed", "role_of", "roles"]
