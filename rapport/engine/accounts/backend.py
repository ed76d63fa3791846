"""Who is behind a session: one query brings the user, and whether the definitions in memory are still in force."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from rapport.engine.accounts.models import User
from rapport.engine.records.definitions import seen, stamp_in_force


class Backend(ModelBackend):
    """Django's own, with the stamp of the definitions, and whether a second factor is due, read along with the user.

    Its no to a password is final: the backend of older sessions behind it would only hash the password once more.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **others: Any
    ) -> User:
        user = super().authenticate(request, username=username, password=password, **others)
        if user is None:
            raise PermissionDenied
        return user

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.annotate(stamp=stamp_in_force()).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        seen(user.stamp)
        return user
