"""Addresses of the API, below /api/v1/."""

from django.urls import path, re_path

from rapport.engine.api.additions import added_routes
from rapport.engine.api.endpoint import endpoint, nowhere
from rapport.engine.api.views.batch import write_batch
from rapport.engine.api.views.batches import show_undo, undo
from rapport.engine.api.views.bulk import show_bulk, start_bulk, steer_bulk
from rapport.engine.api.views.duplicates import list_duplicates, say_not_the_same
from rapport.engine.api.views.field_rules import change_rule, create_rule, list_rules, remove_rule, show_rule
from rapport.engine.api.views.fields import (
    change_field,
    create_field,
    delete_field,
    list_fields,
    restore_field,
    show_field,
)
from rapport.engine.api.views.files import send_upload, show_file
from rapport.engine.api.views.imports import send_file, show_import, steer_import
from rapport.engine.api.views.lists import list_records
from rapport.engine.api.views.merges import list_merges, merge, unmerge
from rapport.engine.api.views.quality import confirm, list_quality_rules, show_quality
from rapport.engine.api.views.records import change, create, delete, restore, show
from rapport.engine.api.views.roles import list_roles, show_role
from rapport.engine.api.views.root import openapi, root
from rapport.engine.api.views.saved import change_view, create_view, delete_view, list_views, restore_view, show_view
from rapport.engine.api.views.search import find
from rapport.engine.api.views.shares import change as change_share
from rapport.engine.api.views.shares import create_share, list_shares
from rapport.engine.api.views.shares import end as end_share
from rapport.engine.api.views.shares import show as show_share

app_name = "api"

urlpatterns = [
    path("", endpoint(get=root), name="root"),
    path("openapi.json", endpoint(get=openapi), name="openapi"),
    path("batches/<str:key>/undo", endpoint(get=show_undo, post=undo), name="undo"),
    path("bulk/<str:key>", endpoint(get=show_bulk), name="bulk-run"),
    path("bulk/<str:key>/<str:word>", endpoint(post=steer_bulk), name="steer-bulk"),
    path("field-rules", endpoint(get=list_rules, post=create_rule), name="field-rules"),
    path("field-rules/<str:key>", endpoint(get=show_rule, patch=change_rule, delete=remove_rule), name="field-rule"),
    path("fields", endpoint(get=list_fields, post=create_field), name="fields"),
    path("fields/<str:key>", endpoint(get=show_field, patch=change_field, delete=delete_field), name="field"),
    path("fields/<str:key>/restore", endpoint(post=restore_field), name="restore-field"),
    path("files", endpoint(takes_files=True, post=send_upload), name="files"),
    path("files/<str:key>", endpoint(get=show_file), name="file"),
    path("imports", endpoint(takes_files=True, post=send_file), name="imports"),
    path("imports/<str:key>", endpoint(get=show_import), name="import"),
    path("imports/<str:key>/<str:word>", endpoint(post=steer_import), name="steer-import"),
    *added_routes(),
    path("quality", endpoint(get=show_quality), name="quality"),
    path("quality/rules", endpoint(get=list_quality_rules), name="quality-rules"),
    path("roles", endpoint(get=list_roles), name="roles"),
    path("roles/<str:key>", endpoint(get=show_role), name="role"),
    path("search", endpoint(get=find), name="search"),
    path("views", endpoint(get=list_views, post=create_view), name="views"),
    path("views/<str:key>", endpoint(get=show_view, patch=change_view, delete=delete_view), name="view"),
    path("views/<str:key>/restore", endpoint(post=restore_view), name="restore-view"),
    path("<str:slug>", endpoint(get=list_records, post=create), name="records"),
    path("<str:slug>/batch", endpoint(post=write_batch), name="batch"),
    path("<str:slug>/bulk", endpoint(post=start_bulk), name="bulk"),
    path("<str:slug>/merge", endpoint(post=merge), name="merge"),
    path("<str:slug>/duplicates", endpoint(get=list_duplicates), name="duplicates"),
    path("<str:slug>/not-the-same", endpoint(post=say_not_the_same), name="not-same"),
    path("<str:slug>/<str:key>", endpoint(get=show, patch=change, delete=delete), name="record"),
    path("<str:slug>/<str:key>/merges", endpoint(get=list_merges), name="merges"),
    path("<str:slug>/<str:key>/merges/<str:merge>/unmerge", endpoint(post=unmerge), name="unmerge"),
    path("<str:slug>/<str:key>/confirm", endpoint(post=confirm), name="confirm"),
    path("<str:slug>/<str:key>/restore", endpoint(post=restore), name="restore"),
    path("<str:slug>/<str:key>/shares", endpoint(get=list_shares, post=create_share), name="shares"),
    path(
        "<str:slug>/<str:key>/shares/<str:share>",
        endpoint(get=show_share, patch=change_share, delete=end_share),
        name="share",
    ),
    re_path("", nowhere),
]
