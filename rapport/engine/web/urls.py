"""Addresses of pages. Those of record types come last, because their slugs stand at the root."""

from django.urls import path

from rapport.engine.web.views import (
    creating,
    deleting,
    editing,
    filtering,
    healthz,
    home,
    jobs,
    journal,
    listing,
    lookup,
    organisation,
    record,
)

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", healthz.healthz, name="healthz"),
    path("settings/organisation/", organisation.organisation, name="organisation"),
    path("jobs/", jobs.jobs_page, name="jobs"),
    path("jobs/<int:job>/retry", jobs.retry_job, name="retry-job"),
    path("jobs/<int:job>/cancel", jobs.cancel_job, name="cancel-job"),
    path("journal/", journal.journal_page, name="journal"),
    path("batches/<uuid:batch>/undo", deleting.undo, name="undo"),
    path("lookup/<slug:slug>", lookup.lookup, name="lookup"),
    path("<slug:slug>/", listing.list_page, name="list"),
    path("<slug:slug>/filter", filtering.filter_page, name="filter"),
    path("<slug:slug>/count", listing.count_page, name="count"),
    path("<slug:slug>/new", creating.create_page, name="create"),
    path("<slug:slug>/delete", deleting.delete_many, name="delete-many"),
    path("<slug:slug>/<uuid:key>/", record.record_page, name="record"),
    path("<slug:slug>/<uuid:key>/timeline", record.timeline_page, name="timeline"),
    path("<slug:slug>/<uuid:key>/edit/<str:field_slug>", editing.edit_field, name="edit"),
    path("<slug:slug>/<uuid:key>/field/<str:field_slug>", editing.show_field, name="field"),
    path("<slug:slug>/<uuid:key>/delete", deleting.delete, name="delete"),
    path("<slug:slug>/<uuid:key>/restore", deleting.restore, name="restore"),
]
