"""Pages as safe HTML."""

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from rapport.engine.events.actor import Actor

TAGS = {
    "p", "br", "b", "strong", "i", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
# HTML that somebody types stays text, and pictures from elsewhere would tell others who reads a page.
READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def rendered(actor: Actor, text: str) -> str:
    """A page's text as safe HTML: headings (below the page's own), lists, emphasis, tables, links."""
    tokens = READER.parse(with_mentions(actor, text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html = READER.renderer.render(tokens, READER.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES)
    return mark_safe(clean)  # noqa: S308  nh3 has just cleaned it


def with_mentions(_actor: Actor, text: str) -> str:
    """The text with what it mentions in words: the one place where that is put in."""
    return text
