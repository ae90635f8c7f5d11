"""What an audit counts 审计数字: what was met, done when due, put right in time, and said before.

The last answer of a check before the audit is set beside what the audit saw at the same item. A
hazard may also have come up in between: not said before is no proof of a lie.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from gongzhi.cases.models import Case, ClockRun
from gongzhi.mechanisms.safety.models import Answer, Audit, Check, Inspection
from gongzhi.mechanisms.safety.registers.audit_method import (
    DEPARTMENT,
    ENTERPRISE,
    METHODS,
    Method,
    Scored,
    scored,
)
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

NAME = "safety"
LIMITS = ("rectify", "stop")  # clocks of the firm's own time
IN_TIME, LATE = ("met",), ("breached", "late")


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the audit saw it; `own` and `other` are what the firm and the department had last
    said of it, and when (empty: not looked at)."""

    site: str
    code: str
    seen: str
    number: str = ""
    own: str = ""
    own_on: str = ""
    other: str = ""
    other_on: str = ""

    def before(self, whose: str) -> str:
        return self.own if whose == ENTERPRISE else self.other


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said before against what the audit saw, in counts of items."""

    agreed: int  # hazards that both found
    passed_over: int  # met or not applicable, it was said; the audit says not met
    not_looked: int  # the audit found them, nothing had been said
    only_before: int  # hazards before that the audit did not find: put right since, perhaps

    @property
    def hazards(self) -> int:
        return self.agreed + self.passed_over + self.not_looked


def compared(lines: Iterable[Line], whose: str) -> Compared:
    pairs = [(line.seen, line.before(whose)) for line in lines]
    return Compared(
        agreed=pairs.count(("not_met", "not_met")),
        passed_over=pairs.count(("not_met", "met")) + pairs.count(("not_met", "not_applicable")),
        not_looked=pairs.count(("not_met", "")),
        only_before=pairs.count(("met", "not_met")),
    )


@dataclass(frozen=True, slots=True)
class Figures:
    lines: Sequence[Line]
    counts: Mapping[str, tuple[int, int]]

    @property
    def told(self) -> dict[str, Any]:
        """As it is kept; `of_told` reads it again."""
        lines = [[getattr(line, name) for name in Line.__slots__] for line in self.lines]
        return {"lines": lines, "counts": {k: list(v) for k, v in self.counts.items()}}


def of_told(told: Mapping[str, Any]) -> Figures:
    counts = {name: (over, under) for name, (over, under) in told["counts"].items()}
    return Figures([Line(*line) for line in told["lines"]], counts)


def what_of(of: Audit) -> str:
    return ENTERPRISE if of.enterprise_id else DEPARTMENT


def figures(of: Audit, *, by: Holder) -> Figures:
    """As they were frozen when the report was drawn up; until then as they are."""
    return of_told(of.result) if of.result else of_audit(of, by=by)


def parts(of: Audit, found: Figures) -> list[Scored]:
    return scored(METHODS[of.method], what_of(of), found.counts)


def of_audit(of: Audit, *, by: Holder) -> Figures:
    lines = _lines(of, METHODS[of.method])
    verdicts = [line.seen for line in lines]
    met, not_met = verdicts.count("met"), verdicts.count("not_met")
    same = compared(lines, what_of(of))
    counts = {
        "items": (met, met + not_met),
        "checks": _checks(of),
        "rectified": _rectified(of, by),
        "agreement": (same.agreed, same.hazards),
    }
    return Figures(lines, counts)


def _lines(of: Audit, method: Method) -> list[Line]:
    """Each item at each site once, as it was seen last; the hazard of whenever it was not met."""
    papers = Answer.objects.filter(inspection__audit=of.id).order_by("inspection__finished_at")
    seen: dict[tuple[UUID, str], tuple[str, str]] = {}
    for site, code, verdict, number in papers.values_list(
        "inspection__site", "code", "verdict", "number"
    ):
        seen[site, code] = verdict, number or seen.get((site, code), ("", ""))[1]
    own = _before(of, method, Q(inspection__kind="self"))
    outside = Q(inspection__kind__in=("grid", "department", "cross"))
    theirs = Q(inspection__unit=of.unit) if of.unit else Q(inspection__kind="department")
    other = _before(of, method, outside & theirs)
    return [
        Line(str(site), code, verdict, number, *own.get((site, code), ("", "")),
             *other.get((site, code), ("", "")))
        for (site, code), (verdict, number) in sorted(seen.items(), key=lambda x: x[0])
    ]  # fmt: skip


def _before(of: Audit, method: Method, kinds: Q) -> dict[tuple[UUID, str], tuple[str, str]]:
    """The last answer at each item before the audit came to the site, with its day."""
    first = Inspection.objects.filter(audit=of.id, site=OuterRef("inspection__site"))
    found = Answer.objects.filter(
        kinds, inspection__audit__isnull=True,
        inspection__site__in=of.frame.filter(turn__isnull=False).values("site"),
        inspection__finished_at__gte=of.opened_at - timedelta(days=method.looks_back),
        inspection__finished_at__lt=Subquery(first.order_by("began_at").values("began_at")[:1]),
    ).order_by("inspection__site", "code", "-inspection__finished_at")  # fmt: skip
    rows = found.distinct("inspection__site", "code").values_list(
        "inspection__site", "code", "verdict", "inspection__finished_at"
    )
    return {(site, code): (verdict, _day(at)) for site, code, verdict, at in rows}


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()


def _checks(of: Audit) -> tuple[int, int]:
    """Checks that fell due in the period: done by then, of all."""
    due = Check.objects.filter(due__range=(of.since, of.until))
    if of.unit:
        due = due.filter(unit=of.unit)
    else:
        due = due.filter(plan__kind="self", site__in=of.frame.values("site"))
    return due.filter(done_at__date__lte=F("due")).count(), due.count()


def _rectified(of: Audit, by: Holder) -> tuple[int, int]:
    """Limits of the firm that ended in the period: kept, of all. What the public told is left out:
    no figure that a firm is shown may tell of it."""
    sites = [str(site) for site in of.frame.values_list("site", flat=True)]
    begins, ends = _span(of.since, of.until)
    with within(by.scope):
        cases = Case.objects.filter(
            mechanism=NAME, facts__site__in=sites, place__startswith=of.place[:6]
        ).exclude(facts__has_key="told_by_public")
        runs = ClockRun.objects.filter(
            mechanism=NAME, name__in=LIMITS, due_at__gte=begins, due_at__lt=ends,
            case_id__in=list(cases.values_list("id", flat=True)),
        )  # fmt: skip
        said = list(runs.values_list("status", flat=True))
    over = sum(said.count(status) for status in IN_TIME)
    return over, over + sum(said.count(status) for status in LATE)


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    """Both days counted."""
    midnight = datetime.min.time()
    begins = timezone.make_aware(datetime.combine(since, midnight))
    return begins, timezone.make_aware(datetime.combine(until + timedelta(days=1), midnight))


def keep(of: Audit) -> None:
    """What each site of the sample adds to the honesty index, once the report is issued."""
    lines = of_told(of.result or {"lines": [], "counts": {}}).lines
    for row in of.frame.filter(turn__isnull=False):
        found = compared([x for x in lines if x.site == str(row.site_id)], ENTERPRISE)
        row.hazards, row.agreed = found.hazards, found.agreed
        row.save(update_fields=["hazards", "agreed"])
