"""What administrators do about second factors: ask everybody for one, and help whoever has lost theirs."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.accounts.doors import administrators_only, user_of
from rapport.engine.accounts.factors import actions
from rapport.engine.accounts.factors.queries import has_factor, rules
from rapport.engine.accounts.queries import user_or_404
from rapport.engine.events.act import open_act
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.toasts import say, warn


class RulesForm(forms.Form):
    """What is asked of everybody who signs in."""

    everybody_needs_factor = forms.BooleanField(
        label=gettext_lazy("Everybody needs a second factor"),
        help_text=gettext_lazy("Whoever has none is led to set one up after signing in. API tokens are not asked."),
        required=False,
    )
    asks_about_leaks = forms.BooleanField(
        label=gettext_lazy("Ask Pwned Passwords about new passwords"),
        help_text=gettext_lazy(
            "Five characters of the password's fingerprint go to api.pwnedpasswords.com, never the password. "
            "If the service does not answer, the list of common passwords that comes with Rapport decides alone."
        ),
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@sensitive
def sign_in_rules(request: HttpRequest) -> HttpResponse:
    """The rules of signing in."""
    user = user_of(request)
    kept = rules()
    now = {name: getattr(kept, name) for name in RulesForm.base_fields}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        with open_act(user.actor) as act:
            actions.change_rules(act, **form.cleaned_data)
        say(request, _("The settings were saved."))
        return redirect("accounts:sign_in_rules")
    return render(request, "accounts/rules.html", {"form": form, "has_own": has_factor(user)})


@require_POST
@administrators_only
@sensitive
def take_second_factor(request: HttpRequest, key: UUID) -> HttpResponse:
    """For somebody who has lost what they signed in with."""
    user = user_or_404(key)
    with open_act(user_of(request).actor) as act:
        taken = actions.take_second_factor(act, user)
    if taken:
        say(request, _("%(user)s signs in with a password alone now.") % {"user": user})
    else:
        warn(request, _("%(user)s has no second factor.") % {"user": user})
    return redirect("accounts:users")
