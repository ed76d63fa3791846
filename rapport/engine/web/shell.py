"""The frame of every page: what the side bar shows, filled by the rooms, and what the signed-in user sees of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import may
from rapport.engine.records.registry import Words, record_types
from rapport.engine.runtime.preparing import prepared
from rapport.engine.web.addresses import address
from rapport.engine.web.counts import side_bar_count

TOP, BOTTOM, SETTINGS = "", "bottom", "settings"


@dataclass(frozen=True)
class Link:
    """One line of the side bar."""

    section: str
    label: Words
    icon: str
    url_name: str
    args: tuple[Any, ...] = ()
    key: str = ""

    @property
    def url(self) -> str:
        return address(self.url_name, *self.args)


@dataclass
class Section:
    """Links under one heading."""

    title: Words
    links: list[dict[str, Any]] = field(default_factory=list)


SECTIONS: dict[str, Words] = {}
LINKS: list[Link] = []
# Parts of the frame that upper rooms fill: the bell's count, the reader's theme. Name → (request) → value.
SLOTS: dict[str, Callable[[HttpRequest], Any]] = {}


def add_section(name: str, title: Words) -> None:
    """Add a heading to the side bar; it shows when something stands under it."""
    SECTIONS[name] = title


def add_link(
    *,
    section: str,
    label: Words,
    icon: str,
    url_name: str,
    args: tuple[Any, ...] = (),
    key: str = "",
) -> None:
    """Add a line to the side bar. `key` goes there after G. Settings are for administrators."""
    LINKS.append(Link(section, label, icon, url_name, args, key))


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows to whoever asks."""
    with prepared():
        slots = {name: slot(request) for name, slot in SLOTS.items()}
    sections = {name: Section(title) for name, title in [(TOP, ""), *SECTIONS.items(), (BOTTOM, ""), (SETTINGS, "")]}
    for section, link in _links(request):
        sections[section].links.append(link | {"on": request.path.startswith(link["url"])})
    bottom, settings = sections.pop(BOTTOM).links, sections.pop(SETTINGS).links
    shown = [section for section in sections.values() if section.links]
    return {
        "organisation": definitions().organisation.name,
        "sections": shown,
        "bottom": bottom,
        "settings": settings,
        "in_settings": any(link["on"] for link in settings),
        "phone": [link for section in shown for link in section.links],
        "slots": slots,
    }


def _links(request: HttpRequest) -> list[tuple[str, dict[str, Any]]]:
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware of the rooms above
    links: list[tuple[str, dict[str, Any]]] = []
    for rtype in sorted(record_types(), key=lambda one: one.place):
        if rtype.section is not None and may(actor, rtype, "read"):
            url = address("web:list", rtype.slug)
            name = str(rtype.label_plural)
            label = name[:1].upper() + name[1:]
            count = side_bar_count(actor, rtype)
            links.append(
                (rtype.section, {"label": label, "icon": rtype.icon, "url": url, "key": rtype.key, "n": count})
            )
    for link in LINKS:
        if actor.is_admin or link.section != SETTINGS:
            shown = {"label": link.label, "icon": link.icon, "url": link.url, "key": link.key, "n": ""}
            links.append((link.section, shown))
    return links
