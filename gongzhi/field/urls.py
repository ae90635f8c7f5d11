from django.urls import path

from gongzhi.field import views

app_name = "field"
urlpatterns = [
    path("", views.home, name="home"),
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("pack", views.pack, name="pack"),
    path("sync", views.sync, name="sync"),
]
