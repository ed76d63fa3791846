"""Reads a board as people see it: lanes with their heads and cards."""

import re
from dataclasses import dataclass
from html import unescape

PART = {"HX-Request": "true"}
LANE = re.compile(
    r'<section class="lane"[^>]*data-lane="(?P<name>[^"]*)"(?P<more>[^>]*)>(?P<inside>.*?)</section>', re.S
)
HEAD = re.compile(r'<h2 id="[^"]*"><span[^>]*>([^<]*)</span></h2><span class="dim num">([^<]*)</span>')
CARD = re.compile(r'<li class="card tile" id="card-([^"]+)".*?<a class="title"[^>]*>([^<]*)</a>.*?</li>', re.S)


@dataclass
class Lane:
    """`figures` is what the head says beside the name: `30 · €1,200`."""

    label: str
    figures: str
    titles: list[str]
    ids: list[str]
    html: str
    is_hidden: bool

    @property
    def more(self) -> str:
        """The address of the next cards, for a browser without script."""
        return self._link(r'<a class="btn quiet small" href="([^"]+)" hx-boost="false" data-more')

    @property
    def more_part(self) -> str:
        return self._link(r'data-more="([^"]+)"')

    def _link(self, pattern: str) -> str:
        found = re.search(pattern, self.html)
        return unescape(found[1]) if found else ""


def lanes_of(answer) -> dict[str, Lane]:
    """The lanes of a page by their names, in their order."""
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    found = {}
    for lane in LANE.finditer(answer.content.decode()):
        inside = lane["inside"]
        label, figures = HEAD.findall(inside)[0]
        ids, titles = zip(*CARD.findall(inside), strict=True) if CARD.search(inside) else ((), ())
        is_hidden = "hidden" in lane["more"]
        words = unescape(label), unescape(figures)
        found[unescape(lane["name"])] = Lane(*words, list(map(unescape, titles)), list(ids), inside, is_hidden)
    return found


def titles_in(html: str) -> list[str]:
    return [title for _key, title in CARD.findall(html)]
