"""Leaders are told of new alerts on their worklist."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from gongzhi.command.alerts.marking import unmarked
from gongzhi.people.posts import Holder
from gongzhi.ui.reminders import Reminder


def remind(by: Holder, now: datetime) -> Reminder | None:
    n = unmarked(by, now)
    said = ngettext("有 %(n)d 条新的堆积预警", "有 %(n)d 条新的堆积预警", n) % {"n": n}
    return Reminder(said, reverse("command:alerts")) if n else None
