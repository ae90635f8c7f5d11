from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.mediation"
    label = "mediation"

    def ready(self) -> None:
        from gongzhi.cases import retention
        from gongzhi.declare import registry
        from gongzhi.mechanisms.mediation.mechanism import mediation
        from gongzhi.mechanisms.mediation.network import visits

        registry.add(mediation)
        retention.KEEPERS.append(visits.photos_among)
