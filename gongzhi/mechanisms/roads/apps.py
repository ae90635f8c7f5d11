from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.roads"
    label = "roads"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.roads.mechanism import roads
        from gongzhi.mechanisms.roads.pages.field import KIT, remind
        from gongzhi.ui import offline, reminders

        registry.add(roads)
        offline.add(KIT)
        reminders.add(remind)
