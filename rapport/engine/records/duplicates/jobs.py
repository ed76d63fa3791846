"""Scans in the background: every night, when somebody asks, and after many records came at once."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily, every
from rapport.engine.records.definitions import check_again
from rapport.engine.records.duplicates.automatic import merge_certain
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.duplicates.shapes import shape_of
from rapport.engine.records.models import DuplicateScan
from rapport.engine.records.registry import find_record_type, record_types


@job(label=__("Find duplicates"), retry=2, alone="find-duplicates")
def find_duplicates(progress: Reporter, record_type: str) -> None:
    """Find the duplicates of one record type, and merge what is certain if that is wanted.

    A run that was broken off begins anew.
    """
    check_again()
    rtype = find_record_type(record_type)
    if rtype is None:
        return
    steps = {"read": _("Reading"), "link": _("Comparing"), "write": _("Writing")}
    scan(rtype, lambda step, done: progress.report(done, message=steps[step]))
    merge_certain(rtype)


def ask_for_scan(slug: str) -> None:
    """Have a type searched, unless that waits already."""
    find_duplicates.defer_once(slug, slug)


@daily(at="02:30")
@job(label=__("Find duplicates of everything"))
def find_all_duplicates(progress: Reporter) -> None:
    """Ask for a scan of each type that has something to compare."""
    check_again()
    for done, rtype in enumerate(record_types()):
        if shape_of(rtype).columns:
            ask_for_scan(rtype.slug)
        progress.report(done)


@every("10 minutes")
@job(label=__("Find duplicates where much has changed"))
def find_where_wanted(progress: Reporter) -> None:
    """Ask for a scan of the types in which more changed at once than could be followed one by one."""
    for done, slug in enumerate(DuplicateScan.objects.filter(is_wanted=True).values_list("pk", flat=True)):
        ask_for_scan(slug)
        progress.report(done)
