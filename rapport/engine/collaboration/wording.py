"""Kept texts in words: mentions by the names that their reader may see, as HTML, as plain text, and to be edited."""

import re
from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from rapport.engine.collaboration.mentions import TOKEN, Ref, holders_in, records_in
from rapport.engine.events.actor import Actor
from rapport.engine.records.queries.labels import labels
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.sharing import holder_names
from rapport.engine.records.showing import record_url
from rapport.engine.web.markup import html

# In place of a mention while a text is made HTML: two letters that nobody types, around its number.
PLACE = re.compile("\ue000([0-9]+)\ue001")
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'»]")
OUTWARD = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'

Making = Callable[[str], str]


def as_lines(text: str) -> Markup:
    """Plain text as HTML: its lines stay, addresses are links."""
    parts, last = [], 0
    for found in ADDRESS.finditer(text):
        parts += [escape(text[last : found.start()]), html(OUTWARD, found[0], found[0])]
        last = found.end()
    whole = Markup("").join([*parts, escape(text[last:])])
    return whole.replace("\n", Markup("<br>"))


def shown(actor: Actor, texts: Sequence[str], making: Making = as_lines) -> list[Markup]:
    """Texts as HTML, the names in all of them looked up at once. `making` makes safe HTML of a text."""
    names = _Names(actor, texts)
    return [_shown(names, text, making) for text in texts]


def plain_text(actor: Actor, texts: Sequence[str]) -> list[str]:
    """Texts as they are read aloud: `@Tom Reyes, look at Fjordlink AS`."""
    names = _Names(actor, texts)
    return [TOKEN.sub(names.plain, text) for text in texts]


def as_typed(actor: Actor, text: str) -> tuple[str, list[Ref]]:
    """A text as it is edited, with the records that its `#` names stand for. A hidden one stays as it is kept."""
    names = _Names(actor, [text])
    refs: list[Ref] = []

    def word(found: re.Match[str]) -> str:
        if found["holder"]:
            name = names.holders.get(UUID(found["holder"]))
            return f"@{name}" if name else found[0]
        key = UUID(found["key"])
        if key not in names.records:
            return found[0]
        refs.append(Ref(found["slug"], key, names.records[key]))
        return f"#{names.records[key]}"

    return TOKEN.sub(word, text), refs


def _shown(names: "_Names", text: str, making: Making) -> Markup:
    found: list[Markup] = []

    def put_aside(match: re.Match[str]) -> str:
        found.append(names.mention(match))
        return f"\ue000{len(found) - 1}\ue001"

    bare = text.replace("\ue000", "").replace("\ue001", "")
    made = making(TOKEN.sub(put_aside, bare))
    return Markup(PLACE.sub(lambda place: found[int(place[1])], made))  # noqa: S704  `making` and `mention` escape


class _Names:
    """What the mentions in some texts are called, as far as a reader may see it."""

    def __init__(self, actor: Actor, texts: Sequence[str]) -> None:
        self.me = {actor.user_id, *actor.teams}
        wanted = {one for text in texts for one in records_in(text) if find_record_type(one[0])}
        self.holders = holder_names() if any(holders_in(text) for text in texts) else {}
        self.records = {key: label.title for key, label in labels(actor, wanted).items()} if wanted else {}

    def mention(self, found: re.Match[str]) -> Markup:
        """One mention as HTML. Who reads their own name, or that of their team, sees it marked."""
        if found["holder"]:
            key = UUID(found["holder"])
            mark = " me" if key in self.me else ""
            return html('<b class="mention{}">@{}</b>', mark, self.holders.get(key, _("somebody")))
        key, rtype = UUID(found["key"]), find_record_type(found["slug"])
        if rtype is None or key not in self.records:
            return html('<span class="dim">{}</span>', _("a record that you cannot see"))
        title = self.records[key] or str(rtype.label)
        if rtype.section is None:
            return html('<b class="mention">{}</b>', title)
        return html('<a class="mention" href="{}">{}</a>', record_url(rtype, key), title)

    def plain(self, found: re.Match[str]) -> str:
        """One mention in plain text."""
        if found["holder"]:
            return "@" + self.holders.get(UUID(found["holder"]), _("somebody"))
        return self.records.get(UUID(found["key"])) or _("a record")
