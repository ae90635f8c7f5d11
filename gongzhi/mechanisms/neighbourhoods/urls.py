from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages import hub
from gongzhi.mechanisms.neighbourhoods.pages.campaigns import urls as campaigns
from gongzhi.mechanisms.neighbourhoods.pages.emergency import urls as emergency
from gongzhi.mechanisms.neighbourhoods.pages.notices import urls as notices
from gongzhi.mechanisms.neighbourhoods.pages.register import urls as register
from gongzhi.mechanisms.neighbourhoods.pages.requests import urls as requests
from gongzhi.mechanisms.neighbourhoods.pages.residents import urls as residents

app_name = "neighbourhoods"
urlpatterns: list[URLPattern] = [
    path("", hub.hub, name="hub"),
    *requests.urlpatterns,
    *campaigns.urlpatterns,
    *residents.urlpatterns,
    *notices.urlpatterns,
    *emergency.urlpatterns,
    *register.urlpatterns,
]
