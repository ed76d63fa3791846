"""Addresses of the collaboration room."""

from django.urls import path

from rapport.engine.collaboration.views import conversations, following, here, offers, talking
from rapport.engine.collaboration.views.paths import CALLS, FILES, PAGES, PINS

app_name = "collaboration"

urlpatterns = [
    path("mentions", offers.offers, name="offers"),
    path("conversations/", conversations.conversations_page, name="conversations"),
    path("conversations/new", conversations.new_conversation, name="new-conversation"),
    path("conversations/<uuid:key>/", conversations.conversation_page, name="conversation"),
    path("conversations/<uuid:key>/leave", conversations.leave, name="leave"),
    path("comments/<uuid:key>/edit", talking.edit_comment, name="edit-comment"),
    path("comments/<uuid:key>/assign", talking.assign, name="assign"),
    path("comments/<uuid:key>/delete", talking.delete_comment, name="delete-comment"),
    path("here", here.here, name="here"),
    path("<slug:slug>/<uuid:key>/follow", following.follow_page, name="follow"),
    path("<slug:slug>/<uuid:key>/talk", talking.talk_page, name="talk"),
    path("<slug:slug>/<uuid:key>/comments", talking.write_comment, name="write-comment"),
    *FILES,
    *PAGES,
    *PINS,
    *CALLS,
]
