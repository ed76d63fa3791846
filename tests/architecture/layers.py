"""The order of the rooms, read from .importlinter so that it is written down once."""

from configparser import ConfigParser
from functools import lru_cache

from tests.architecture.repository import ROOT


@lru_cache(maxsize=1)
def contracts() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def layers(contract: str) -> list[list[str]]:
    """The layers of a contract from high to low, siblings together."""
    text = contracts()[f"importlinter:contract:{contract}"]["layers"]
    return [[name.strip(" ()") for name in line.split("|")] for line in text.split("\n") if line.strip()]


def containers(contract: str) -> set[str]:
    return set(contracts()[f"importlinter:contract:{contract}"]["containers"].split())


@lru_cache(maxsize=1)
def heights() -> dict[str, int]:
    """How high each room stands; siblings stand equally high."""
    order = [layer for layer in layers("rooms") if layer != ["engine"]] + layers("engine")
    return {room: len(order) - place for place, layer in enumerate(order) for room in layer}


def may_use(user: str, used: str) -> bool:
    """Whether a room may name another one. What is no room (Django, allauth) may be named by all."""
    if user == used or user not in heights() or used not in heights():
        return True
    return heights()[used] < heights()[user]
