"""A user's own API tokens."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.accounts import actions
from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.forms import TokenForm
from rapport.engine.accounts.queries import tokens_of
from rapport.engine.events.act import open_act
from rapport.engine.web.sensitive import sensitive


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and making one. The secret stands on the page that answers, and nowhere else ever again."""
    user = user_of(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    context = {"tokens": tokens_of(user), "form": form}
    if request.method != "POST":
        return render(request, "accounts/tokens.html", context)
    if not form.is_valid():
        return render(request, "accounts/tokens.html", context, status=422)
    with open_act(user.actor) as act:
        token, secret = actions.create_token(act, user, **form.cleaned_data)
    return render(request, "accounts/token_made.html", {"token": token, "secret": secret})


@require_POST
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    user = user_of(request)
    token = tokens_of(user).filter(pk=key).first()
    if token is None:
        raise Http404
    with open_act(user.actor) as act:
        actions.revoke_token(act, token)
    return redirect("accounts:tokens")
