from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.portal"
    label = "portal"
