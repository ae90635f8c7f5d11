from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.safety"
    label = "safety"

    def ready(self) -> None:
        from gongzhi.cases import retention
        from gongzhi.declare import registry
        from gongzhi.mechanisms.safety.mechanism import safety
        from gongzhi.mechanisms.safety.pages.field.kit import KIT
        from gongzhi.mechanisms.safety.pages.plans.due import remind
        from gongzhi.mechanisms.safety.registers import exhibits
        from gongzhi.ui import offline, reminders

        registry.add(safety)
        offline.add(KIT)
        reminders.add(remind)
        retention.KEEPERS.append(exhibits.among)
