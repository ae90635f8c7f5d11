"""Visit days as a calendar feed (RFC 5545) that phones and offices subscribe to.

No names of parties and no words of a matter are in it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from gongzhi.cases.clocks import CHINA
from gongzhi.mechanisms.mediation.models import Visit
from gongzhi.people.models import Unit

KIND = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)


def _event(visit: Visit, point: Unit, address: str, link: str, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{visit.id}@gongzhi")
    event.add("dtstamp", made_at)
    event.add("summary", _("法官驻点：%(point)s") % {"point": point.name})
    event.add("dtstart", visit.begins_at.astimezone(CHINA))
    event.add("dtend", visit.ends_at.astimezone(CHINA))
    event.add("location", address or point.name)
    event.add("url", link)
    event.add("sequence", int(visit.cancelled_at is not None))
    event.add("status", "CANCELLED" if visit.cancelled_at else "CONFIRMED")
    return event


def of_point(
    point: Unit, address: str, visits: Iterable[Visit], link: str, *, made_at: datetime
) -> bytes:
    """The visit days of a contact point, cancelled ones too, so that they leave calendars."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongzhi//visits//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", point.name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for visit in visits:
        calendar.add_component(_event(visit, point, address, link, made_at))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
