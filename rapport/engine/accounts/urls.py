"""Addresses of this room. `root_urlpatterns` carry the names that allauth looks for and stand outside the namespace."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.webauthn import views as passkey_views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from rapport.engine.accounts.doors import before_factor
from rapport.engine.accounts.views import (
    access,
    audit,
    bell,
    forgotten,
    link,
    mail_link,
    notification_settings,
    places,
    profile,
    teams,
    tokens,
    users,
    viewing,
)
from rapport.engine.accounts.views.factors import app, others, own, passkeys
from rapport.engine.web.sensitive import sensitive

app_name = "accounts"

urlpatterns = [
    path("sign-in/link/<str:secret>", link.link, name="link"),
    path("settings/account/", profile.profile, name="profile"),
    path("settings/theme", profile.theme, name="theme"),
    path("settings/notifications/", notification_settings.notification_settings, name="notification_settings"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<uuid:key>/revoke", tokens.revoke, name="revoke_token"),
    path("settings/sign-in/", own.sign_in, name="sign_in"),
    path("settings/sign-in/app", app.add_app, name="add_app"),
    path("settings/sign-in/app/remove", own.remove_app, name="remove_app"),
    path("settings/sign-in/codes", own.renew_codes, name="renew_codes"),
    path("settings/sign-in/passkeys/new", passkeys.add_passkey, name="add_passkey"),
    path("settings/sign-in/passkeys/making", passkeys.making, name="making_passkey"),
    path("settings/sign-in/passkeys/using", passkeys.using, name="using_passkey"),
    path("settings/sign-in/passkeys/<int:key>", passkeys.passkey, name="passkey"),
    path("settings/sign-in/passkeys/<int:key>/remove", own.remove_passkey, name="remove_passkey"),
    path("settings/sessions/", places.places, name="places"),
    path("settings/sessions/end-others", places.end_all_others, name="end_other_places"),
    path("settings/sessions/<uuid:key>/end", places.end, name="end_place"),
    path("settings/users/", users.users, name="users"),
    path("settings/users/rules", others.sign_in_rules, name="sign_in_rules"),
    path("settings/users/<uuid:key>/second-factor/remove", others.take_second_factor, name="take_second_factor"),
    path("settings/users/invite", users.invite, name="invite"),
    path("settings/users/<uuid:key>/role", users.change_role, name="change_role"),
    path("settings/users/<uuid:key>/link", users.make_link, name="make_link"),
    path("settings/users/<uuid:key>/deactivate", users.deactivate, name="deactivate"),
    path("settings/users/<uuid:key>/reactivate", users.reactivate, name="reactivate"),
    path("settings/users/<uuid:key>/access", access.access, name="access"),
    path("settings/users/<uuid:key>/view-as", viewing.view_as, name="view_as"),
    path("settings/teams/", teams.tree_page, name="teams"),
    path("teams/", teams.my_teams, name="my_teams"),
    path("teams/<uuid:key>/", teams.team_page, name="team"),
    path("teams/<uuid:key>/<slug:deed>", teams.team_deed, name="team_deed"),
    path("teams/<uuid:key>/members/<uuid:member>/<slug:deed>", teams.member_deed, name="team_member"),
    path("settings/view-as-oneself", viewing.view_as_oneself, name="view_as_oneself"),
    path("settings/audit/", audit.audits, name="audits"),
    path("settings/audit/make", audit.make, name="make_audit"),
    path("settings/audit/<uuid:key>/", audit.audits, name="audit"),
    path("settings/audit/<uuid:key>/report.json", audit.as_file, name="audit_file"),
    path("bell/", bell.bell, name="bell"),
    path("bell/mail/<str:token>", mail_link.mail_link, name="mail_link"),
    path("bell/<slug:deed>", bell.bell_deed, name="bell_deed"),
]

root_urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-in/second/", factor_views.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", login_not_required(passkey_views.login_webauthn), name="mfa_login_webauthn"),
    path("sign-out/", before_factor(allauth_views.logout), name="account_logout"),
    path("sign-in/forgotten/", forgotten.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    path(
        "sign-in/forgotten/<str:uidb36>/<path:key>",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("settings/password/", before_factor(allauth_views.password_change), name="account_change_password"),
    path("settings/password/first/", sensitive(before_factor(allauth_views.password_set)), name="account_set_password"),
]
