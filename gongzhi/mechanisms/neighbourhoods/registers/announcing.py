"""Writes notices 公告: who may write for whom, publishing, correcting, withdrawing, hearing.

What is published goes to the households of its scope in SQL (migrations/notices.sql); a scope of
more than some buildings is left to the worker, which goes on where it was if it is killed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from procrastinate.contrib.django import app

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import (
    Announcement,
    Building,
    Charge,
    Dispatch,
    Grid,
    Household,
    Mailing,
    Wording,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.mechanisms.neighbourhoods.registers.charges import standing
from gongzhi.mechanisms.neighbourhoods.roles import STAFF, TEAM
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder

BATCH: Final = 250  # buildings that have a notice at once; what more there are, the worker gives it
LONGEST: Final = 366  # days that a notice is shown
GO_OUT: Final = "gongzhi.mechanisms.neighbourhoods.tasks.send_announcements"
MAILINGS: Final = {
    "notice": pgettext_lazy("one notice", "公告"), "correction": _("更正"),
    "reminder": _("提醒"), "withdrawal": _("撤回"),
}  # fmt: skip
# What confirming comes to, besides `confirmed`, in words for a household.
REFUSALS: Final = {
    "again": _("公告刚刚更正过，请先看新的内容，再确认。"),
    "withdrawn": _("这份公告已经撤回，不用确认了。"),
    "over": _("这份公告已经过期，不用确认了。"),
    "unknown": _("没有这份公告。"),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a notice is for: a place and all below it, or one grid or one building of it."""

    place: str
    grid: Grid | None = None
    building: Building | None = None

    @classmethod
    def of(cls, a: Announcement) -> "Reach":
        return cls(a.place, a.grid, a.building)


@dataclass(frozen=True, slots=True)
class Written:
    """What a notice says; its English may be left out."""

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""

    @property
    def lacks_english(self) -> bool:
        return not (self.title_en and self.text_en)


def _charged(by: Holder, reach: Reach) -> bool:
    """Whether the post has a charge over all of it, or over the community it lies in."""
    mine = Charge.objects.filter(standing(), post=by.post, community=reach.place)
    whole = mine.filter(grid=None, building=None)
    if reach.building is not None:
        return buildings.building_for(by, reach.building.id) is not None
    if reach.grid is not None:
        return (mine.filter(grid=reach.grid) | whole).exists()
    return whole.exists()


def may_announce(by: Holder, reach: Reach) -> Literal[True] | No:
    """A chief for the own building, staff for the place they stand over, grid heads for theirs."""
    if by.kind not in STAFF:
        return No(_("公告由楼长、网格长、社区、街道和区里的工作人员发。"))
    if by.unit_kind == TEAM:
        own = reach.building is not None and buildings.building_for(by, reach.building.id)
        return True if own else No(_("楼长只给自己的楼发公告。"))
    allowed = reach.place.startswith(by.place) if by.sees_place else _charged(by, reach)
    return True if allowed else No(_("这个地方不在您的岗位范围内。"))


def may_change(by: Holder, a: Announcement) -> Literal[True] | No:
    """Whoever could have written it: the unit itself, or whoever stands over its scope."""
    return may_announce(by, Reach.of(a))


def _must(allowed: Literal[True] | No) -> None:
    """Raises Refused."""
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def in_reach(reach: Reach) -> int:
    """How many buildings lie in it."""
    found = buildings.buildings_in(reach.place)
    if reach.grid is not None:
        found = found.filter(grid=reach.grid)
    if reach.building is not None:
        found = found.filter(id=reach.building.id)
    return found.count()


def _word(
    a: Announcement, said: Written, n: int, *, by: Holder, now: datetime, **more: Any
) -> None:
    Wording.objects.create(
        announcement=a, n=n, title=said.title, title_en=said.title_en, text=said.text,
        text_en=said.text_en, at=now, account=by.account, post=by.post, **more,
    )  # fmt: skip


def _mail(a: Announcement, what: str, wording: int, *, by: Holder, now: datetime) -> bool:
    """Ask for it to go out over the notice's channels; false where this was asked for already."""
    if not a.channels:
        return False
    made = Mailing.objects.bulk_create(
        [Mailing(announcement=a, what=what, wording=wording, on=timezone.localdate(now),
                 asked_at=now, post=by.post)],
        ignore_conflicts=what == "reminder",
    )  # fmt: skip
    return Mailing.objects.filter(id=made[0].id).exists()


def _wake() -> None:
    """The worker looks at once; it looks every minute by itself."""
    app.configure_task(GO_OUT).defer(timestamp=0)


def publish(
    said: Written, reach: Reach, *, id_: UUID, asks: bool, shown_until: date,
    channels: Sequence[str], by: Holder, now: datetime,
) -> Announcement:  # fmt: skip
    """Once for an id, however often it is asked for. Raises Refused."""
    _must(may_announce(by, reach))
    today = timezone.localdate(now)
    if not 0 <= (shown_until - today).days <= LONGEST:
        raise Refused(_("公告最长展示一年，到期日不能早于今天。"), field="shown_until")
    with transaction.atomic():
        a, made = Announcement.objects.get_or_create(
            id=id_,
            defaults={
                "place": reach.place, "grid": reach.grid, "building": reach.building,
                "asks": asks, "channels": list(channels), "unit": by.unit, "account": by.account,
                "post": by.post, "published_at": now, "shown_until": shown_until,
                "buildings": in_reach(reach),
            },
        )  # fmt: skip
        if not made:
            return a
        _word(a, said, 1, by=by, now=now)
        _mail(a, "notice", 1, by=by, now=now)
        left = a.buildings > BATCH or queue_some(a.id, now)
        if left or a.channels:
            _wake()
    return a


def queue_some(id_: UUID, now: datetime) -> bool:
    """Give the notice to the households of some more buildings. Returns whether some are left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_notice_v1(%s, %s, %s, %s)", [id_, timezone.localdate(now), now, BATCH]
        )
        return bool(cursor.fetchone()[0])


def queue_all(now: datetime) -> int:
    """What is published and not yet given to all its households. Returns how many notices."""
    waiting = list(Announcement.objects.filter(queued_at=None).order_by("published_at"))
    for a in waiting:
        while queue_some(a.id, now):
            pass
    return len(waiting)


def latest(a: Announcement) -> Wording:
    return a.wordings.order_by("-n")[0]


def locked(id_: UUID, *, by: Holder) -> Announcement:
    """One that this post may change, held: nobody reads, confirms or queues it meanwhile.

    Raises Refused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_notice_v1(%s)", [id_])
    found = Announcement.objects.select_for_update(of=("self",), no_key=True)
    a = found.select_related("grid", "building").filter(id=id_).first()
    if a is None:
        raise Refused(_("没有这份公告。"))
    _must(may_change(by, a))
    if a.withdrawn_at is not None:
        raise Refused(_("这份公告已经撤回。"))
    return a


def _drop(a: Announcement, why: str, now: datetime) -> None:
    """What is not sent yet says what no longer holds."""
    # The worker that lays a mailing holds it: after this, all its dispatches are there.
    Mailing.objects.filter(announcement=a, laid_at=None).update(laid_at=now)
    waiting = Dispatch.objects.filter(mailing__announcement=a, next_at__isnull=False)
    waiting.update(next_at=None, given_up_at=now, error=why)


def correct(
    id_: UUID, said: Written, *, of: int, why: str, again: bool, by: Holder, now: datetime
) -> Wording:
    """A new wording beside the old ones, in place of number `of`; `again` asks everybody anew.

    Raises Refused.
    """
    with transaction.atomic():
        a = locked(id_, by=by)
        was = latest(a)
        if was.n != of:
            raise Refused(_("这份公告刚刚由他人更正过，请看新的内容再改。"))
        before = Written(was.title, was.text, was.title_en, was.text_en)
        if said == before:
            raise Refused(_("内容没有变。"), field="text")
        n = was.n + 1
        _word(a, said, n, by=by, now=now, why=why, again=again)
        if again:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count_notice_anew_v1(%s, %s)", [id_, n])
        _drop(a, "superseded", now)
        if _mail(a, "correction", n, by=by, now=now):
            _wake()
    return latest(a)


def withdraw(id_: UUID, why: str, *, by: Holder, now: datetime) -> None:
    """Residents see that it is withdrawn and why, no longer what it said. Raises Refused."""
    with transaction.atomic():
        a = locked(id_, by=by)
        _drop(a, "recalled", now)
        a.withdrawn_at, a.withdrawn_by, a.withdrawn_why = now, by.post, why
        a.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        if _mail(a, "withdrawal", latest(a).n, by=by, now=now):
            _wake()


def remind(id_: UUID, *, by: Holder, now: datetime) -> None:
    """Only where somebody has not heard yet, and once a day at most. Raises Refused."""
    with transaction.atomic():
        a = locked(id_, by=by)
        if not a.channels:
            raise Refused(_("这份公告没有选发送渠道；请楼长上门告知。"))
        if a.shown_until < timezone.localdate(now):
            raise Refused(_("这份公告已经过期。"))
        if not _mail(a, "reminder", latest(a).n, by=by, now=now):
            raise Refused(_("今天已经提醒过，一天最多一次。"))
        _wake()


def may_knock(by: Holder) -> bool:
    """Who goes from door to door: teams, grid heads and the community; nobody above it."""
    return by.kind in STAFF and (not by.sees_place or by.level == Level.VILLAGE)


def _at_door(household_id: UUID, *, by: Holder) -> Household:
    """A household of a building that this post answers for. Raises Refused."""
    found = Household.objects.filter(buildings.living(), id=household_id).first()
    own = found is not None and may_knock(by) and buildings.building_for(by, found.building_id)
    if found is None or not own:
        raise Refused(_("这一户不在您负责的楼里。"))
    return found


def told_at_door(
    announcement_id: UUID, household_id: UUID, *, by: Holder, now: datetime, n: int | None = None
) -> str:
    """A household was told at its door: it counts as having heard. Once, however often it comes.

    Of wording `n`, where it was told of an earlier one. Returns `told`, or a word of REFUSALS.
    Raises Refused.
    """
    _at_door(household_id, by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tell_at_door_v1(%s, %s, %s, %s, %s, %s)",
            [announcement_id, household_id, n, by.post, timezone.localdate(now), now],
        )
        return str(cursor.fetchone()[0])


def tell_at_door(announcement_id: UUID, household_id: UUID, *, by: Holder, now: datetime) -> None:
    """Whoever stands there has the wording before them that holds. Raises Refused."""
    said = told_at_door(announcement_id, household_id, by=by, now=now)
    if said != "told":
        raise Refused(REFUSALS[said])


def untell_at_door(announcement_id: UUID, household_id: UUID, *, by: Holder) -> None:
    """The wrong door was ticked. Raises Refused."""
    _at_door(household_id, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT untell_at_door_v1(%s, %s)", [announcement_id, household_id])


def read(key: str, announcement_id: UUID, *, now: datetime) -> Mapping[str, Any] | None:
    """All that a household's page of a notice shows; it has now read it. One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT read_notice_v1(%s, %s, %s, %s)::text",
            [key, announcement_id, timezone.localdate(now), now],
        )
        said = cursor.fetchone()[0]
    return orjson.loads(said) if said is not None else None


def confirm(key: str, announcement_id: UUID, n: int, *, now: datetime) -> None:
    """A household confirms the wording it was shown. One round trip. Raises Refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confirm_notice_v1(%s, %s, %s, %s, %s)",
            [key, announcement_id, n, timezone.localdate(now), now],
        )
        said = cursor.fetchone()[0]
    if said != "confirmed":
        raise Refused(REFUSALS[said])
