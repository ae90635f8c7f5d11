from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.notices"
    label = "notices"
