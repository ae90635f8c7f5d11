from django.urls import path

from gongzhi.command import views

app_name = "command"
urlpatterns = [
    path("", views.place, name="place"),
    path("compare/", views.compare, name="compare"),
    path("indicators/", views.indicators, name="indicators"),
]
