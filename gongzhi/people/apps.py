from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.people"
    label = "people"
