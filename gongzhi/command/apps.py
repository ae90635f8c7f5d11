from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.command"
    label = "command"
