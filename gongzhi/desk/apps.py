from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.desk"
    label = "desk"
