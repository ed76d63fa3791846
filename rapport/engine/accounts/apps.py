"""Who may act: users, sign-in, invitations, tokens and the bell."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rapport.engine.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the API who stands behind a token, undo whose teams are, records with whom they can be shared."""
        from rapport.engine.accounts.receivers import listen
        from rapport.engine.accounts.tokens import authenticate_token
        from rapport.engine.api.authentication import set_authenticator

        import_module("rapport.engine.accounts.holders")
        import_module("rapport.engine.accounts.reactions")
        import_module("rapport.engine.accounts.undoing")
        import_module("rapport.engine.accounts.audit")
        import_module("rapport.engine.accounts.views.audit_reports")
        set_authenticator(authenticate_token)
        listen()
