from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.cases"
    label = "cases"
