from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.safety"
    label = "safety"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.safety.mechanism import safety
        from gongzhi.mechanisms.safety.pages.plans.due import remind
        from gongzhi.ui import reminders

        registry.add(safety)
        reminders.add(remind)
