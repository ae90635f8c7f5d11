from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.documents"
    label = "documents"
