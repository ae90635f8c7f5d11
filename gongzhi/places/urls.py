"""Addresses of the places' own parts of pages."""

from django.urls import path

from gongzhi.places import views

app_name = "places"
urlpatterns = [path("search", views.suggest, name="search")]
