from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.places"
    label = "places"
