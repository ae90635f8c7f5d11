"""Checks that are due 待办检查: of a unit or in a place, the late first, and how one is done."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.mechanisms.safety.models import Check, Inspection
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

PAGE: Final = 50
AFTER: Final = "(safety_check.due, safety_check.id) > (%s, %s)"
ONLY: Final[dict[str, Any]] = {"": _("现在要做的"), "late": _("逾期的"), "week": _("本周到期的")}


@dataclass(frozen=True, slots=True)
class Page:
    """Some checks, and behind which one the next page begins (None: this is the last)."""

    rows: list[Check]
    after: UUID | None


def _begun(today: date) -> QuerySet[Check]:
    found = Check.objects.filter(done_at=None, from_day__lte=today)
    return found.select_related("plan", "site__enterprise")


def due(by: Holder, today: date) -> QuerySet[Check]:
    """What the unit of this post may do now, the late ones first."""
    return _begun(today).filter(unit=by.unit).order_by("due", "id")


def in_place(place: str, today: date) -> QuerySet[Check]:
    """Of all sites in a place, whoever checks them."""
    low, high = span(place)
    return _begun(today).filter(place__gte=low, place__lt=high).order_by("due", "id")


def _only(only: str, today: date) -> Q:
    sunday = today + timedelta(days=6 - today.weekday())
    return {"late": Q(due__lt=today), "week": Q(due__gte=today, due__lte=sunday)}.get(only, Q())


def page(of: QuerySet[Check], only: str, today: date, *, after: UUID | None = None) -> Page:
    found = of.filter(_only(only, today))
    last = Check.objects.filter(id=after).first() if after else None
    if last is not None:
        found = found.filter(
            RawSQL(AFTER, (last.due, last.id), BooleanField())  # noqa: S611 -- our own words
        )
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def counts(of: QuerySet[Check], today: date) -> dict[str, int]:
    """How many each filter finds."""
    told = {only or "all": Count("id", filter=_only(only, today) or None) for only in ONLY}
    found: dict[str, int] = of.order_by().select_related(None).aggregate(**told)
    return {only: found[only or "all"] for only in ONLY}


def waiting(by: Holder, today: date) -> int:
    """What is late or ends this week, of this post's unit."""
    sunday = today + timedelta(days=6 - today.weekday())
    return due(by, today).filter(due__lte=sunday).count()


_LATE = """
    SELECT left(place, %(digits)s), count(*) FROM safety_check
    WHERE done_at IS NULL AND due < %(today)s AND place >= %(low)s AND place < %(high)s
    GROUP BY 1
"""
_BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


def late_below(place: str, today: date) -> dict[str, int]:
    """Overdue checks in each place right below this one; in a village, its own."""
    low, high = span(place)
    said: dict[str, Any] = {"digits": _BELOW[len(place)], "today": today, "low": low, "high": high}
    with connection.cursor() as cursor:
        cursor.execute(_LATE, said)
        return dict(cursor.fetchall())


def _covers(categories: list[str]) -> Q:
    """Plans whose part of the catalogue was asked; empty is all of it."""
    if not categories:
        return Q()
    return Q(plan__categories__contained_by=categories) & ~Q(plan__categories=[])


def settle(inspection: Inspection) -> Check | None:
    """The check that an inspection does is done with it: the one given, or else the earliest left.

    Called inside the transaction that takes the inspection in. One that is not open yet stays: who
    checks today does not thereby check next month too.
    """
    on = timezone.localdate(inspection.finished_at)
    left = Check.objects.select_for_update(of=("self",)).filter(
        _covers(inspection.categories), site=inspection.site_id, plan__kind=inspection.kind,
        done_at=None, from_day__lte=on,
    )  # fmt: skip
    given = When(id=inspection.check_of_id, then=Value(0))
    found = left.order_by(Case(given, default=Value(1)), "due", "id").first()
    if found is None:
        return None
    found.done_at = inspection.finished_at
    found.save(update_fields=["done_at"])
    inspection.check_of = found
    Inspection.objects.filter(id=inspection.id).update(check_of=found)
    return found
