from django.apps import AppConfig


class Config(AppConfig):
    name = "gongzhi.command"
    label = "command"

    def ready(self) -> None:
        from gongzhi.command.alerts.reminding import remind
        from gongzhi.command.reports.mailing import OUTBOX
        from gongzhi.notices import delivering
        from gongzhi.ui import reminders

        reminders.add(remind)
        delivering.add(OUTBOX)
