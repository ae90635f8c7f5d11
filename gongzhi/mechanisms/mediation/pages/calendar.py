"""The diary as pages: a week of one's own time, and of the unit's people and rooms; and as a feed
that one's phone subscribes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.clocks import CHINA
from gongzhi.mechanisms.mediation.network import diary, feeds
from gongzhi.mechanisms.mediation.network.diary import Entry, Kept
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.throttling import slow_down

WEEK = timedelta(days=7)
BEFORE, AHEAD = timedelta(days=14), timedelta(days=90)  # of a feed


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    works: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A week of one person or room: for each day what takes their time."""

    kept: Kept
    days: Sequence[tuple[Day, Sequence[Entry]]]


def monday(text: str) -> date:
    """Of the week with this day; of this week, if none is said. Raises Http404."""
    try:
        day = date.fromisoformat(text) if text else timezone.localdate()
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        raise Http404 from None


def _days(first: date) -> list[Day]:
    calendar, today = working_calendar(), timezone.localdate()
    days = [first + timedelta(days=n) for n in range(7)]
    return [Day(day, calendar.is_working(day), day == today) for day in days]


def _rows(kept: Sequence[Kept], days: Sequence[Day], found: Sequence[Entry]) -> list[Row]:
    def on(day: Day, one: Kept) -> list[Entry]:
        return [
            e for e in found
            if one.id in e.books and timezone.localtime(e.begins_at).date() == day.date
        ]  # fmt: skip

    return [Row(one, [(day, on(day, one)) for day in days]) for one in kept]


@as_post
def week(request: HttpRequest, by: Holder) -> HttpResponse:
    first = monday(request.GET.get("week", ""))
    since = datetime.combine(first, time(), CHINA)
    kept, days = diary.whose(by, timezone.now()), _days(first)
    found = diary.entries(by, [k.id for k in kept], since, since + WEEK)
    context = {
        "by": by, "days": days, "rows": _rows(kept, days, found), "empty": not found,
        "before": (first - WEEK).isoformat(), "after": (first + WEEK).isoformat(),
        "first": first, "last": days[-1].date, "alone": len(kept) == 1,
        "feed_since": feeds.key_made(by), "address": request.session.pop("feed_address", ""),
    }  # fmt: skip
    return render(request, "mediation/calendar/week.html", context)


@require_POST
@as_post
def subscribe(request: HttpRequest, by: Holder) -> HttpResponse:
    """A new secret address, shown once; the old one, if any, is dead. Or none any more."""
    if "drop" in request.POST:
        feeds.drop_key(by)
        return redirect("mediation:calendar")
    token = feeds.new_key(by, now=timezone.now())
    address = request.build_absolute_uri(reverse("mediation:diary_feed", args=[token]))
    request.session["feed_address"] = address
    return redirect(f"{reverse('mediation:calendar')}#feed")


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the address, as long as the person who made it holds the post."""
    wait = slow_down(request, "feed")
    if wait:
        return wait
    now = timezone.now()
    by = feeds.holder_of(token, now=now)
    if by is None:
        raise Http404
    found = diary.entries(by, [by.post], now - BEFORE, now + AHEAD)
    rooms = diary.names({book for e in found for book in e.books} - {by.post})
    links = [_link(request, e) for e in found]
    said = feeds.of_post(by, found, rooms, links, made_at=now)
    response = HttpResponse(said, content_type=feeds.KIND)
    response["Cache-Control"] = "private, no-store"
    return response


def _link(request: HttpRequest, entry: Entry) -> str:
    if entry.visit:
        return request.build_absolute_uri(reverse("mediation:visit", args=[entry.visit.id]))
    if entry.case:
        given = [entry.case.county, entry.case.id]
        return request.build_absolute_uri(reverse("desk:case", args=given))
    return ""
