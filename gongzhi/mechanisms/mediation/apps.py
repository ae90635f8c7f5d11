from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.mediation"
    label = "mediation"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.mediation.mechanism import mediation

        registry.add(mediation)
