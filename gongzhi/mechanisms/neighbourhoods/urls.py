from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages import hub

app_name = "neighbourhoods"
urlpatterns: list[URLPattern] = [
    path("", hub.hub, name="hub"),
]
