from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.networks.investigation"
    label = "investigation"
