"""A forgotten password: a link by mail, or, where no mail can be sent, whom to ask."""

from typing import Any

from allauth.account.views import PasswordResetView
from django.http import HttpRequest, HttpResponse

from rapport.engine.accounts.mails import can_mail


class ForgottenPassword(PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """The page that asks whose password it was."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_mail": can_mail()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *args, **kwargs) if can_mail() else self.get(request)
        return answer


forgotten = ForgottenPassword.as_view()
