"""A user's own account: name, language, time zone, appearance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.accounts import actions
from rapport.engine.accounts.doors import came_from, user_of
from rapport.engine.accounts.forms import ProfileForm
from rapport.engine.accounts.models import Theme
from rapport.engine.events.act import open_act
from rapport.engine.records.gate import role_name


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What users decide about themselves."""
    user = user_of(request)
    now = {name: getattr(user, name) for name in ("name", "language", "time_zone", "theme")}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        with open_act(user.actor) as act:
            actions.change_profile(act, user, **{**now, **form.cleaned_data})
        return redirect("accounts:profile")
    context = {"form": form, "me": user, "role": role_name(user.role)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or like the device, from the menu of any page; back to that page."""
    user = user_of(request)
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values and chosen != user.theme:
        with open_act(user.actor) as act:
            actions.change_profile(
                act, user, name=user.name, language=user.language, time_zone=user.time_zone, theme=chosen
            )
    return redirect(came_from(request) or "accounts:profile")
