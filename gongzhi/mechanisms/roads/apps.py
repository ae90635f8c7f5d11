from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.roads"
    label = "roads"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.roads.mechanism import roads

        registry.add(roads)
