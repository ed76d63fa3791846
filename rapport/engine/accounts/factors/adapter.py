"""How allauth's second factors meet this room: our words, our names."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.engine.accounts.models import User
from rapport.engine.records.definitions import definitions


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Our side of allauth's second factors. Secrets lie sealed in our own table: there is nothing to encrypt here."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not work. Try again."),
    }

    def get_totp_issuer(self) -> str:
        return f"Rapport · {definitions().organisation.name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Rapport"}

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=kind).count()
        return _("Passkey %(number)s") % {"number": count + 1}
