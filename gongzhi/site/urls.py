"""All addresses of the site, each surface under its own prefix."""

from django.urls import URLPattern, URLResolver, include, path

from gongzhi.site import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("accounts/", include("allauth.urls")),
    path("ui/", include("gongzhi.ui.urls")),
    path("places/", include("gongzhi.places.urls")),
    path("desk/", include("gongzhi.desk.urls")),
    path("command/", include("gongzhi.command.urls")),
    path("", include("gongzhi.portal.urls")),
]
handler400 = "gongzhi.ui.errors.bad_request"
handler500 = "gongzhi.ui.errors.server_error"
