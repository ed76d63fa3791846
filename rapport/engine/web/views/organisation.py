"""The settings of the organisation: its name, and the defaults by which values are read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import definitions
from rapport.engine.records.organisation import OrganisationForm, change_organisation
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show and change the organisation's settings. Administrators only."""
    actor = admin_of(request)
    current = definitions().organisation
    form = OrganisationForm(request.POST or None, instance=current)
    if request.method == "POST" and form.is_valid():
        with open_act(actor) as act:
            change_organisation(act, current, **form.cleaned_data)
        say(request, _("The settings were saved."), undo=act.batch)
        return redirect("web:organisation")
    return render(request, "web/organisation.html", {"form": form}, status=422 if form.errors else 200)
