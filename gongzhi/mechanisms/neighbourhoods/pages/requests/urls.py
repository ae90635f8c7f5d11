"""Addresses of what stands beside a request."""

from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.requests import beside

urlpatterns: list[URLPattern] = [
    path("cases/<slug:county>/<uuid:id_>/beside/", beside.beside, name="beside"),
]
