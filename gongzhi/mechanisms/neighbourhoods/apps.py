from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.mechanisms.neighbourhoods"
    label = "neighbourhoods"

    def ready(self) -> None:
        from gongzhi.declare import registry
        from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods
        from gongzhi.mechanisms.neighbourhoods.pages.emergency.rolls import remind
        from gongzhi.mechanisms.neighbourhoods.pages.field.kit import KIT
        from gongzhi.mechanisms.neighbourhoods.pages.notices.news import news as notices_of
        from gongzhi.mechanisms.neighbourhoods.registers.dispatching import OUTBOX
        from gongzhi.notices import delivering
        from gongzhi.ui import news, offline, reminders

        registry.add(neighbourhoods)
        offline.add(KIT)
        delivering.add(OUTBOX)
        reminders.add(remind)
        news.add(notices_of)
