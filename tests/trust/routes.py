"""Every route of the site, as the URL resolver knows it, and the methods that the API answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PAGE_METHODS = ("GET", "POST")
NOWHERE = "api:nowhere"


@dataclass(frozen=True)
class Route:
    """One address: its name with its room, its pattern, and the names of what it takes."""

    name: str
    pattern: str
    takes: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def path(self, given: dict[str, str]) -> str:
        """The address, with what it takes filled in."""
        path = "/" + self.pattern + ("no/such/place" if self.name == NOWHERE else "")
        for name in self.takes:
            before, _open, rest = path.partition("<")
            inside, _close, after = rest.partition(">")
            path = before + given[inside.partition(":")[2] or name] + after
        return path

    def methods(self, given: dict[str, str]) -> tuple[str, ...]:
        """Pages are asked both ways. The API says itself what it answers, to whoever asks with a method it lacks."""
        if not self.is_api:
            return PAGE_METHODS
        allowed = Client().generic("TRACE", self.path(given)).get("Allow", "")
        known = tuple(one for one in allowed.split(", ") if one and one != "HEAD")
        return known or ("GET",)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], room: str, before: str) -> Iterator[Route]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, f"{one.namespace}:" if one.namespace else room, pattern)
        else:
            takes = tuple(part.partition(">")[0].partition(":")[2] for part in pattern.split("<")[1:])
            yield Route(f"{room}{one.name or 'nowhere'}", pattern, takes)
