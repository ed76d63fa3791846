"""Which fields a program says are still right."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.call import Call
from rapport.engine.api.problems import Problem
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.quality.confirming import confirmable
from rapport.engine.records.registry import RecordType


def fields_to_confirm(call: Call, rtype: RecordType, sent: Any, pointer: str) -> list[Field]:
    """The fields named in a list of slugs. Raises Problem that points to the place, and NotAllowed."""
    if not isinstance(sent, list) or not sent or not all(isinstance(slug, str) for slug in sent):
        detail = _("A list of fields is expected here.")
        raise Problem("malformed", detail, errors=[{"pointer": pointer, "detail": detail}])
    found = []
    for place, slug in enumerate(dict.fromkeys(sent)):
        try:
            found.append(confirmable(call.actor, rtype, slug))
        except ValidationFailed as error:
            places = [{"pointer": f"{pointer}/{place}", "detail": text} for text in error.errors.values()]
            raise Problem("invalid", _("Nothing was written."), errors=places) from error
    return found
