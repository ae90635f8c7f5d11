from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.ui"
    label = "ui"
