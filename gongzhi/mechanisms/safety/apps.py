from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.safety"
    label = "safety"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.safety.mechanism import safety

        registry.add(safety)
