"""Pages as safe HTML."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from rapport.engine.collaboration.wording import shown
from rapport.engine.events.actor import Actor

TAGS = {
    "p", "br", "b", "strong", "i", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
# HTML that somebody types stays text, and pictures from elsewhere would tell others who reads a page.
READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def rendered(actor: Actor, text: str) -> Markup:
    """A page's text as safe HTML: headings (below the page's own), lists, emphasis, tables, links, mentions."""
    return shown(actor, [text], as_html)[0]


def as_html(text: str) -> str:
    """A text with its marks as safe HTML."""
    tokens = READER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html = READER.renderer.render(tokens, READER.options, {})
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES)
