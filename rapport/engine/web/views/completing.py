"""What could be written next in the text of a filter, while somebody types."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.complete import complete
from rapport.engine.records.filters.scope import FieldRef, Scope, scope_for
from rapport.engine.records.filters.tree import MAX_TEXT
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.queries.labels import users_called
from rapport.engine.records.registry import record_type
from rapport.engine.web.views.finding import actor_of, find_type

MOST = 12


@require_safe
def complete_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Offers at the place of the cursor, the best first; none where the text before it cannot be read."""
    rtype = find_type(request, slug)
    return offers_in(request, scope_for(actor_of(request), rtype))


def offers_in(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Offers for a filter that may ask what the scope holds."""
    actor = actor_of(request)
    text, cursor = place_of(request, MAX_TEXT)
    offers = complete(text, cursor, scope, lambda ref, typed: known(actor, ref, typed))
    return render(request, "web/filter_offers.html", {"offers": offers[:MOST]})


def place_of(request: HttpRequest, most: int) -> tuple[str, int]:
    """The text that is being written, and where the cursor stands in it."""
    text, at = request.GET.get("text", "")[:most], request.GET.get("at", "")
    return text, min(int(at), len(text)) if at.isdecimal() and len(at) < 6 else len(text)


def known(actor: Actor, ref: FieldRef, typed: str) -> Iterator[tuple[str, str]]:
    """Names that no declaration lists: of records that the actor may see, and of users."""
    if ref.type_name == "user":
        for email, name in users_called(typed, MOST):
            yield email, name or email
    elif ref.type_name == "relation" and ref.field.target:
        for title in _titles(actor, ref.field.target, typed):
            yield title, title


def _titles(actor: Actor, slug: str, typed: str) -> list[str]:
    target = record_type(slug)
    title = target.title_field
    if not typed or not mask(actor, target).shows(title.slug):
        return []
    path, asked = (title.fold_path, fold(typed)) if title.fold_path else (title.path, typed)
    rows = visible(actor, target).filter(**{f"{path}__startswith": asked}).order_by(path, "pk")
    return list(dict.fromkeys(rows.values_list(title.path, flat=True)[:MOST]))
