"""What the frame of every page shows: sections by purpose, the pages of the house, and the reader's own."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.notifications import bell_state
from rapport.engine.web.shell import BOTTOM, SETTINGS, SLOTS, add_link, add_section


def add_links() -> None:
    """Sections appear when a record type stands in them."""
    add_section("customers", _("Customers"))
    add_section("together", _("Work together"))
    add_section("sell", _("Sell"))
    add_section("market", _("Market"))
    add_section("serve", _("Serve"))
    add_section("keep", _("Keep"))
    add_link(section="together", label=_("My tasks"), icon="task", url_name="activities:my-tasks", key="t")
    add_link(section=BOTTOM, label=_("Imports"), icon="import", url_name="web:imports")
    add_link(section=BOTTOM, label=_("Duplicates"), icon="merge", url_name="web:all-duplicates")
    add_link(section=BOTTOM, label=_("Data quality"), icon="check", url_name="web:quality")
    add_link(section=BOTTOM, label=_("Journal"), icon="journal", url_name="web:journal", key="j")
    add_link(section=SETTINGS, label=_("Organisation"), icon="gear", url_name="web:organisation", key="s")
    add_link(section=SETTINGS, label=_("Users"), icon="user", url_name="accounts:users", key="u")
    add_link(section=SETTINGS, label=_("Roles"), icon="key", url_name="web:roles")
    add_link(section=SETTINGS, label=_("Teams"), icon="people", url_name="accounts:teams")
    add_link(section=SETTINGS, label=_("Fields"), icon="field", url_name="web:fields")
    add_link(section=SETTINGS, label=_("Mail server"), icon="mail", url_name="web:mail")
    add_link(section=SETTINGS, label=_("Video calls"), icon="video", url_name="collaboration:call-rules")
    add_link(section=SETTINGS, label=_("Outbox"), icon="out", url_name="web:outbox")
    add_link(section=SETTINGS, label=_("Jobs"), icon="job", url_name="web:jobs")
    add_link(section=SETTINGS, label=_("Audit"), icon="shield", url_name="accounts:audits")
    SLOTS["search_url"] = lambda _request: reverse("web:search")
    SLOTS["bell"] = bell
    SLOTS["account_links"] = account_links
    SLOTS["theme"] = theme
    SLOTS["viewing"] = viewing


def bell(request: HttpRequest) -> dict[str, Any]:
    """Where the bell leads and how much is unread."""
    return {"url": reverse("accounts:bell"), **bell_state(request.user)}  # type: ignore[arg-type]  # pages with a frame have a user


def account_links(_request: HttpRequest) -> list[dict[str, Any]]:
    """The reader's own pages, in the menu behind the organisation's name."""
    return [
        {"label": _("My account"), "icon": "user", "url": reverse("accounts:profile")},
        {"label": _("Signing in"), "icon": "lock", "url": reverse("accounts:sign_in")},
        {"label": _("My teams"), "icon": "people", "url": reverse("accounts:my_teams")},
        {"label": _("Notifications"), "icon": "bell", "url": reverse("accounts:notification_settings")},
        {"label": _("API tokens"), "icon": "key", "url": reverse("accounts:tokens")},
    ]


def theme(request: HttpRequest) -> dict[str, Any]:
    """How the reader likes pages to look, and where that is changed."""
    return {"url": reverse("accounts:theme"), "value": request.user.theme}  # type: ignore[union-attr]  # as above


def viewing(request: HttpRequest) -> dict[str, Any] | None:
    """As whom an administrator looks at pages, and where that ends."""
    actor = getattr(request, "actor", None)
    return {"name": actor.name, "url": reverse("accounts:view_as_oneself")} if actor and actor.onlooker else None
