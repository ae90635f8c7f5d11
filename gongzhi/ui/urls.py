"""How pages look to this reader, and a page that shows every component."""

from django.urls import path

from gongzhi.ui import views

app_name = "ui"
urlpatterns = [
    path("look/", views.look, name="look"),
    path("", views.components, name="components"),
]
