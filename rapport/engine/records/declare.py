"""Declaring built-in fields in a line each."""

from functools import cache
from typing import Any

from babel import Locale

from rapport.engine.records.fields import TYPES, Field, Option, Through
from rapport.engine.records.fields.countries import codes
from rapport.engine.records.registry import Words


def field(  # noqa: PLR0913  a declaration: each word is one property of the field, all but three by name
    slug: str,
    label: Words,
    type: str,  # noqa: A002  the word of the vocabulary
    *,
    column: str = "",
    primary: str = "",
    fold: str = "",
    options: str = "",
    target: str = "",
    through: Through | None = None,
    sort: bool = False,
    search: bool = False,
    **more: Any,
) -> Field:
    """A built-in field. `primary` and `fold` name the columns that compare; `options` names a list of choices."""
    fixed = FIXED[type]() if type in FIXED else ()
    return Field(
        slug=slug,
        label=label,  # type: ignore[arg-type]  # lazy words become text where they are shown
        type=TYPES["choice" if type in FIXED else type],
        column=column or slug,
        primary_path=primary,
        fold_path=fold,
        choice_list=options,
        fixed_options=fixed,
        target=target,
        through=through,
        sortable=sort,
        searchable=search,
        **more,
    )


@cache
def countries() -> tuple[Option, ...]:
    return tuple(Option(code, name) for code, name in sorted(codes().items(), key=lambda pair: pair[1]))


@cache
def languages() -> tuple[Option, ...]:
    names = Locale("en").languages
    return tuple(Option(code, name) for code, name in sorted(names.items(), key=lambda pair: pair[1]) if len(code) == 2)


@cache
def time_zones() -> tuple[Option, ...]:
    from zoneinfo import available_timezones

    return tuple(Option(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name)


FIXED = {"country": countries, "language": languages, "time_zone": time_zones}
