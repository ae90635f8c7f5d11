from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.petitions"
    label = "petitions"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.petitions.mechanism import petitions

        registry.add(petitions)
