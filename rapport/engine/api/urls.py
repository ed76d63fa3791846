"""Addresses of the API, below /api/v1/."""

from django.urls import path, re_path

from rapport.engine.api.endpoint import endpoint, nowhere
from rapport.engine.api.views.batch import write_batch
from rapport.engine.api.views.batches import undo
from rapport.engine.api.views.lists import list_records
from rapport.engine.api.views.records import change, create, delete, restore, show
from rapport.engine.api.views.root import openapi, root

app_name = "api"

urlpatterns = [
    path("", endpoint(get=root), name="root"),
    path("openapi.json", endpoint(get=openapi), name="openapi"),
    path("batches/<str:key>/undo", endpoint(post=undo), name="undo"),
    path("<str:slug>", endpoint(get=list_records, post=create), name="records"),
    path("<str:slug>/batch", endpoint(post=write_batch), name="batch"),
    path("<str:slug>/<str:key>", endpoint(get=show, patch=change, delete=delete), name="record"),
    path("<str:slug>/<str:key>/restore", endpoint(post=restore), name="restore"),
    re_path("", nowhere),
]
