"""The Jinja environment: templates of every room by name, gettext, formatting, addresses and icons."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.utils import translation
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from rapport.engine.web import choosing, formatting, shell, values
from rapport.engine.web.addresses import address
from rapport.engine.web.fieldlist import fields_html
from rapport.engine.web.markup import icon_html


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend asks for. A name that a view forgot to give is an error, not an empty place."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    options["loader"] = ChoiceLoader([FileSystemLoader(folder) for folder in _folders()])
    made = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  escaping is on, above
    _install_gettext(made)
    made.globals |= {"static": cache(static), "url": address, "shell": shell.shell, "lang": translation.get_language}
    made.globals |= {"get_messages": get_messages, "user_options": choosing.user_options}
    made.globals |= {"holder_options": choosing.holder_options}
    made.globals |= {"house_currency": choosing.house_currency, "value_html": values.value_html}
    made.globals |= {"face_html": values.face_html, "who_html": values.who_html, "chip_html": values.chip_html}
    made.globals |= {"icon_html": icon_html, "fields_html": fields_html}
    made.filters |= formatting.FILTERS
    return made


def _folders() -> list[str]:
    """Templates of our rooms; upper rooms may not shadow lower ones, for each has a folder of its own name."""
    return [f"{app.path}/templates" for app in apps.get_app_configs() if app.name.startswith("rapport.")]


def _install_gettext(made: Environment) -> None:
    install: Callable[..., None] = made.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    install(translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext)
