"""How an actor's input is read: zone, region and currency, from the actor and the organisation."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Reading


def reading_for(actor: Actor) -> Reading:
    """The reading of values that this actor sends, in the time zone that is active for the request."""
    organisation = definitions().organisation
    zone = timezone.get_current_timezone()
    return Reading(
        actor=actor,
        zone=zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"),
        region=organisation.country,
        currency=organisation.currency,
    )


def zone_now() -> dict[str, Any]:
    """`now` and `zone` of this request, as every evaluation of a filter wants them."""
    zone = timezone.get_current_timezone()
    return {"now": timezone.now(), "zone": zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")}
