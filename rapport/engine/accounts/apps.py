"""Who may act: users, sign-in, invitations, tokens and the bell."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rapport.engine.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the API who stands behind a token and what teams there are, undo whose they are, and shares who has."""
        from rapport.engine.accounts.receivers import listen
        from rapport.engine.accounts.tokens import authenticate_token
        from rapport.engine.accounts.views.api_teams import TEAMS
        from rapport.engine.api.additions import add_addresses
        from rapport.engine.api.authentication import set_authenticator

        import_module("rapport.engine.accounts.holders")
        import_module("rapport.engine.accounts.reactions")
        import_module("rapport.engine.accounts.undoing")
        import_module("rapport.engine.accounts.audit")
        import_module("rapport.engine.accounts.views.audit_reports")
        import_module("rapport.engine.accounts.views.api_notifications")
        set_authenticator(authenticate_token)
        listen()
        add_addresses(TEAMS)
