"""Addresses of the activities room."""

from django.urls import path

from rapport.activities import task_views, views

app_name = "activities"

urlpatterns = [
    path("<slug:slug>/<uuid:key>/notes", views.write_note, name="write-note"),
    path("notes/<uuid:key>/delete", views.delete_note, name="delete-note"),
    path("tasks/mine", task_views.my_tasks_page, name="my-tasks"),
    path("tasks/<uuid:key>/finish", task_views.finish, name="finish-task"),
    path("tasks/<uuid:key>/reopen", task_views.reopen, name="reopen-task"),
    path("tasks/<uuid:key>/delete", task_views.delete, name="delete-task"),
    path("<slug:slug>/<uuid:key>/tasks", task_views.add_task, name="add-task"),
]
