"""How one is told by mail, over the API."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.accounts.forms import NotificationSettingsForm
from rapport.engine.accounts.models import NotificationSettings
from rapport.engine.accounts.notifications.settings import CHOICES, change_settings, settings_of
from rapport.engine.accounts.views.api_own import user_behind
from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.records.errors import ValidationFailed

Json = dict[str, Any]
TIMES = ("daily_at", "quiet_from", "quiet_until")
FLAGS = ("everything", "not_on_weekends")


def show_settings(call: Call) -> HttpResponse:
    """One's own settings, the defaults where nothing was chosen."""
    refuse_unknown(call.request, set())
    return answer(_shown(settings_of(user_behind(call))))


def put_settings(call: Call) -> HttpResponse:
    """Set all of them; what is left out is as by default."""
    refuse_unknown(call.request, set())
    user = user_behind(call)
    values = _read(object_of(call.body))
    with call.act() as act:
        row = change_settings(act, user, **values)
    return answer(_shown(row), batch=act.batch)


def _read(body: Json) -> Json:
    """The choices as our form reads them. Raises ValidationFailed."""
    given = _shown(NotificationSettings()) | body
    if unknown := next((name for name in given if name not in CHOICES), None):
        raise ValidationFailed({unknown: _("There is no such field.")})
    if wrong := next((name for name in FLAGS if not isinstance(given[name], bool)), None):
        raise ValidationFailed({wrong: _("Write true or false.")})
    form = NotificationSettingsForm({name: "" if value is None else value for name, value in given.items()})
    if not form.is_valid():
        raise ValidationFailed({name: " ".join(map(str, errors)) for name, errors in form.errors.items()})
    return form.cleaned_data


def _shown(row: NotificationSettings) -> Json:
    times = {name: getattr(row, name) for name in TIMES}
    return {
        "mails": str(row.mails),
        "everything": row.everything,
        "not_on_weekends": row.not_on_weekends,
        **{name: f"{time:%H:%M}" if time else None for name, time in times.items()},
    }
