"""Every address, room by room. Record types come last: their slugs stand at the root."""

from django.urls import URLPattern, URLResolver, include, path

from rapport.engine.accounts.urls import root_urlpatterns

urlpatterns: list[URLPattern | URLResolver] = [
    *root_urlpatterns,
    path("api/v1/", include("rapport.engine.api.urls")),
    path("files/", include("rapport.engine.files.urls")),
    path("", include("rapport.engine.accounts.urls")),
    path("", include("rapport.engine.collaboration.urls")),
    path("", include("rapport.activities.urls")),
    path("", include("rapport.engine.web.urls")),
]

handler400 = "rapport.engine.web.views.errors.bad_request"
handler403 = "rapport.engine.web.views.errors.forbidden"
handler404 = "rapport.engine.web.views.errors.not_found"
handler429 = "rapport.engine.accounts.views.throttled.too_many_requests"
handler500 = "rapport.engine.web.views.errors.server_error"
