"""Calendar feeds (RFC 5545) that phones and offices subscribe to: the visit days of a contact
point, and the diary of a post.

No names of parties and no words of a matter are in them: who has the address of a feed, reads it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from gongzhi.cases.clocks import CHINA
from gongzhi.cases.numbers import spaced
from gongzhi.mechanisms.mediation.models import FeedKey, Visit
from gongzhi.mechanisms.mediation.network.diary import Entry
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, NotYourPost, as_holder

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
    events = [_event(visit, point, address, link, made_at) for visit in visits]
    return _calendar(point.name, events)


def _calendar(name: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Gongzhi//diary//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _summary(entry: Entry) -> str:
    if entry.point:
        return _("法官驻点：%(point)s") % {"point": entry.point.name}
    if entry.case:
        return _("调解会 %(number)s") % {"number": spaced(entry.case.number)}
    return _("已约")


def of_post(
    by: Holder, entries: Iterable[Entry], rooms: Mapping[UUID, str], links: Iterable[str], *,
    made_at: datetime,
) -> bytes:  # fmt: skip
    """What takes a post's time: when, where and which number, no more."""
    events = []
    for entry, link in zip(entries, links, strict=True):
        event = Event()
        event.add("uid", f"{entry.uid}@gongzhi")
        event.add("dtstamp", made_at)
        event.add("summary", _summary(entry))
        event.add("dtstart", entry.begins_at.astimezone(CHINA))
        event.add("dtend", entry.ends_at.astimezone(CHINA))
        where = [entry.point.name] if entry.point else [rooms[b] for b in entry.books if b in rooms]
        if where:
            event.add("location", "、".join(where))
        if link:
            event.add("url", link)
        events.append(event)
    return _calendar(f"{by.name} · {by.title}", events)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def new_key(by: Holder, *, now: datetime) -> str:
    """The secret part of the address, told this once; one that was there before is dead."""
    token = token_urlsafe(32)
    facts = {"account": by.account, "digest": _digest(token), "made_at": now}
    FeedKey.objects.update_or_create(post=by.post, defaults=facts)
    return token


def drop_key(by: Holder) -> None:
    FeedKey.objects.filter(post=by.post, account=by.account).delete()


def key_made(by: Holder) -> datetime | None:
    """Since when there is an address of this person in this post."""
    found = FeedKey.objects.filter(post=by.post, account=by.account)
    return found.values_list("made_at", flat=True).first()


def holder_of(token: str, *, now: datetime) -> Holder | None:
    """Whose diary it is, if who made the address still holds the post."""
    key = FeedKey.objects.filter(digest=_digest(token)).first()
    if key is None:
        return None
    try:
        return as_holder(key.account, key.post, at=now)
    except NotYourPost:
        return None
