"""What second factors are called."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _


def factor_name(factor: Authenticator) -> str:
    """A factor in words: “Passkey ‘Blue key’”."""
    if factor.type == Authenticator.Type.WEBAUTHN:
        return _("Passkey “%(name)s”") % {"name": factor.data["name"]}
    return _("Authenticator app") if factor.type == Authenticator.Type.TOTP else _("Recovery code")
