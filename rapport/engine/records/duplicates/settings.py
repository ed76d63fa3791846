"""What is done by itself with duplicates that are certain: nothing, unless an administrator says so."""

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.models import DuplicateSetting
from rapport.engine.records.registry import RecordType


def merges_certain(rtype: RecordType) -> bool:
    """Whether certain duplicates of a type are merged by themselves."""
    rows = DuplicateSetting._default_manager.filter(record_type=rtype.slug, deleted_at=None)
    return bool(rows.values_list("merges_certain", flat=True).first())


def set_merging(act: Act, rtype: RecordType, *, merges: bool) -> DuplicateSetting:
    """Say whether certain duplicates of a type are merged by themselves. Administrators only."""
    if not act.actor.is_admin:
        raise NotAllowed(_("Only administrators change what is merged by itself."))
    row = DuplicateSetting._default_manager.filter(record_type=rtype.slug, deleted_at=None).first()
    if row is None:
        return act.create(DuplicateSetting(record_type=rtype.slug, merges_certain=merges))
    act.change(row, merges_certain=merges)
    return row
