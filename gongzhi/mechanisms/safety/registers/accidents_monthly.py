"""The monthly report of work safety 安全生产月报: figures of one place, kept as they stood.

Hazards come from the counters that every act adds to, never from cases; accidents and checks from
their own small tables. All words are made of these figures; a leader may add some.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import rollups
from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import local
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Check, Enterprise, MonthlyReport, Remark
from gongzhi.mechanisms.safety.registers import accidents, declines
from gongzhi.mechanisms.safety.registers.accidents_law import GRADES
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.places.levels import span
from gongzhi.places.search import children
from gongzhi.ui.period import month_after

NAME: Final = "safety"
LONGEST: Final = 1000
FIGURES: Final = (
    "reported", "ranked.%", "eliminated.%", "eliminated_in_time.%", "met.rectify",
    "breached.rectify",
    "met.stop", "breached.stop", "failed", "listed", "delisted",
)  # fmt: skip
EVER: Final = date(2000, 1, 1)
PLACES: Final = (Level.CITY, Level.COUNTY, Level.TOWN)


def newest(place: str, month: str) -> MonthlyReport | None:
    return MonthlyReport.objects.filter(place=place, month=month).order_by("-made_at").first()


def make(place: str, month: str, *, now: datetime, by: Holder | None = None) -> MonthlyReport:
    """Of a month that is over or running, up to today. Raises Refused."""
    if by is not None and not accidents.may_read(by, place):
        raise Refused(_("这个地方不在您的岗位范围内。"))
    if month > f"{local(now):%Y-%m}":
        raise Refused(_("这个月还没有到。"))
    return MonthlyReport.objects.create(
        place=place, month=month, figures=_figures(place, month, local(now).date()), made_at=now,
        account=by.account if by else None, post=by.post if by else None,
    )  # fmt: skip


def make_missing(now: datetime) -> int:
    """Last month's, for every city, county and town in which there are firms. Returns how many."""
    month = month_after(f"{local(now):%Y-%m}", -1)
    places = {
        place[: level.digits]
        for place in Enterprise.objects.filter(current()).values_list("place", flat=True).distinct()
        for level in PLACES if len(place) >= level.digits
    }  # fmt: skip
    made = set(MonthlyReport.objects.filter(month=month).values_list("place", flat=True))
    for place in sorted(places - made):
        make(place, month, now=now)
    return len(places - made)


def remark(place: str, month: str, words: str, *, now: datetime, by: Holder) -> Remark:
    """Raises Refused."""
    if by.kind != "leader" or not accidents.may_read(by, place):
        raise Refused(_("批注由当地的领导写。"))
    if not words.strip():
        raise Refused(_("请写批注。"), field="words")
    return Remark.objects.create(
        place=place, month=month, words=words.strip()[:LONGEST], at=now, account=by.account,
        post=by.post,
    )  # fmt: skip


def last_remark(place: str, month: str) -> Remark | None:
    return Remark.objects.filter(place=place, month=month).order_by("-at").first()


def _figures(place: str, month: str, today: date) -> dict[str, Any]:
    below = [d.code for d in children(place)] if len(place) < Level.TOWN.digits else []
    periods = {kind: declines.period(kind, month, today=today) for kind in ("month", "ytd")}
    found = {kind: declines.of(place, p, below=below) for kind, p in periods.items()}
    this = periods["month"]
    hazards = _hazards(place, below, this.since, this.until)
    checks = _checks(place, below, this.since, this.until)
    return {
        "since": this.since.isoformat(), "until": this.last.isoformat(), "whole": this.whole,
        "declines": {kind: [m.plain() for m in one.total] for kind, one in found.items()},
        "grades": _grades(place, this),
        "hazards": {**hazards[place], "listed_now": _listed(place, this.until)},
        "checks": checks.get(place, {}),
        "below": [
            {"place": code, "accidents": {m.name: m.after for m in found["month"].places[code]},
             "hazards": hazards[code], "checks": checks.get(code, {})}
            for code in below
        ],
    }  # fmt: skip


def _grades(place: str, of: declines.Period) -> dict[str, int]:
    rows = accidents.of_place(place).filter(**of.within)
    counts = dict(rows.values_list("grade").annotate(n=Count("id")).values_list("grade", "n"))
    return {grade: counts.get(grade, 0) for grade in GRADES}


def _hazards(
    place: str, below: Sequence[str], since: date, until: date
) -> dict[str, dict[str, Any]]:
    with within(Scope(place=place)):
        found = rollups.flows([place, *below], FIGURES, since=since, until=until, mechanism=NAME)
    return {code: _told(found.get(code, {})) for code in (place, *below)}


def _told(n: Mapping[str, int]) -> dict[str, Any]:
    """Found and ranked, eliminated, and how many deadlines that fell in the month were met."""
    met = n.get("met.rectify", 0) + n.get("met.stop", 0)
    return {
        "found": n.get("reported", 0),
        "ranked": {rank: n.get(f"ranked.{rank}", 0) for rank in RANKS},
        "eliminated": {rank: n.get(f"eliminated.{rank}", 0) for rank in RANKS},
        "in_time": sum(n.get(f"eliminated_in_time.{rank}", 0) for rank in RANKS), "met": met,
        "due": met + n.get("breached.rectify", 0) + n.get("breached.stop", 0),
        "failed": n.get("failed", 0), "listed": n.get("listed", 0),
        "delisted": n.get("delisted", 0),
    }  # fmt: skip


def _listed(place: str, until: date) -> int:
    """How many stood on the list when the month was over: what was ever put on it, less what came
    off."""
    with within(Scope(place=place)):
        found = rollups.flows([place], ["listed", "delisted"], since=EVER, until=until,
                              mechanism=NAME).get(place, {})  # fmt: skip
    return found.get("listed", 0) - found.get("delisted", 0)


def _checks(
    place: str, below: Sequence[str], since: date, until: date
) -> dict[str, dict[str, int]]:
    """Checks that fell due: how many, and how many were done by then or later."""
    low, high = span(place)
    digits = len(below[0]) if below else len(place)
    rows = Check.objects.filter(place__gte=low, place__lt=high, due__gte=since, due__lt=until)
    counted = rows.annotate(part=Left("place", digits)).values_list("part").annotate(
        due=Count("id"), done=Count("id", filter=Q(done_at__isnull=False))
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for part, due, done in counted:
        for code in {part, place}:
            one = found.setdefault(code, {"due": 0, "done": 0})
            one["due"] += due
            one["done"] += done
    return found
