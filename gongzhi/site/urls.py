"""All addresses of the site, each surface under its own prefix."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from gongzhi.declare import registry
from gongzhi.site import health


def _of_mechanisms() -> list[URLResolver]:
    """Pages that a mechanism has of its own, each under its name."""
    found = [(m.name, apps.get_app_config(m.name).name + ".urls") for m in registry.every()]
    return [path(f"{name}/", include(urls)) for name, urls in found if find_spec(urls)]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("accounts/", include("allauth.urls")),
    path("ui/", include("gongzhi.ui.urls")),
    path("places/", include("gongzhi.places.urls")),
    path("desk/", include("gongzhi.desk.urls")),
    path("field/", include("gongzhi.field.urls")),
    path("command/", include("gongzhi.command.urls")),
    path("networks/", include("gongzhi.networks.urls")),
    *_of_mechanisms(),
    path("", include("gongzhi.portal.urls")),
]
handler400 = "gongzhi.ui.errors.bad_request"
handler500 = "gongzhi.ui.errors.server_error"
