"""Whom we serve: people, companies and memberships."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "rapport.customers"
    label = "customers"

    def ready(self) -> None:
        """Declare the record types, what good ones look like, and how memberships are told."""
        import rapport.customers.quality  # noqa: F401  it declares
        from rapport.customers.record_types import MembershipType
        from rapport.customers.telling import tell_memberships
        from rapport.engine.web.views.telling import TELLERS

        for kind in ("created", "changed", "deleted", "restored"):
            TELLERS[f"{kind}:{MembershipType.journal_type}"] = tell_memberships
