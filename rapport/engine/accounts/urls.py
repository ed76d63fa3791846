"""Addresses of this room. `root_urlpatterns` carry the names that allauth looks for and stand outside the namespace."""

from allauth.account import views as allauth_views
from django.urls import path

from rapport.engine.accounts.doors import for_onlookers
from rapport.engine.accounts.views import access, bell, forgotten, link, profile, tokens, users, viewing

app_name = "accounts"

urlpatterns = [
    path("sign-in/link/<str:secret>", link.link, name="link"),
    path("settings/account/", profile.profile, name="profile"),
    path("settings/theme", profile.theme, name="theme"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<uuid:key>/revoke", tokens.revoke, name="revoke_token"),
    path("settings/users/", users.users, name="users"),
    path("settings/users/invite", users.invite, name="invite"),
    path("settings/users/<uuid:key>/role", users.change_role, name="change_role"),
    path("settings/users/<uuid:key>/link", users.make_link, name="make_link"),
    path("settings/users/<uuid:key>/deactivate", users.deactivate, name="deactivate"),
    path("settings/users/<uuid:key>/reactivate", users.reactivate, name="reactivate"),
    path("settings/users/<uuid:key>/access", access.access, name="access"),
    path("settings/users/<uuid:key>/view-as", viewing.view_as, name="view_as"),
    path("settings/view-as-oneself", viewing.view_as_oneself, name="view_as_oneself"),
    path("bell/", bell.bell, name="bell"),
    path("bell/read", bell.read, name="bell_read"),
]

root_urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", for_onlookers(allauth_views.logout), name="account_logout"),
    path("sign-in/forgotten/", forgotten.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    path(
        "sign-in/forgotten/<str:uidb36>/<path:key>",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("settings/password/", allauth_views.password_change, name="account_change_password"),
    path("settings/password/first/", allauth_views.password_set, name="account_set_password"),
]
