"""Who may act: users, sign-in, invitations, tokens and the bell."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rapport.engine.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the API who stands behind a token, and hear of second factors."""
        from rapport.engine.accounts.receivers import listen
        from rapport.engine.accounts.tokens import authenticate_token
        from rapport.engine.api.authentication import set_authenticator

        set_authenticator(authenticate_token)
        listen()
