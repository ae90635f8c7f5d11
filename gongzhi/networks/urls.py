from django.urls import include, path

from gongzhi.networks import hub

app_name = "networks"
urlpatterns = [
    path("", hub.hub, name="hub"),
    path("rounds/", include("gongzhi.networks.investigation.urls")),
    path("resolution/", include("gongzhi.networks.resolution.urls")),
    path("responsibility/", include("gongzhi.networks.responsibility.urls")),
]
