from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.field"
    label = "field"
