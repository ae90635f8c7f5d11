"""The register of accidents 事故台账: recorded, corrected with what stood there, who reads it.

What is counted are rows that are not void. Nobody's name is asked for, and what looks like one's
phone or number in the account is masked before it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Accident, AccidentChange, AccidentReport
from gongzhi.mechanisms.safety.registers import accidents_law as law
from gongzhi.mechanisms.safety.registers import enterprises
from gongzhi.mechanisms.safety.roles import ENTERPRISE, OFFICIALS
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

PAGE: Final = 50
READERS: Final = (*OFFICIALS, "administrator")
# What may be corrected.
FACTS: Final = ("place", "site_id", "enterprise_id", "industry", "kind", "group", "at", "known_at",
                "deaths", "injured", "loss_yuan", "how", "void")  # fmt: skip
PEOPLE: Final = ("deaths", "injured")
NEAR: Final = timedelta(days=1)


def may_read(by: Holder, place: str) -> bool:
    """Officials who see all of a place; firms, grid members and experts do not read it."""
    official = by.unit_kind != ENTERPRISE and by.kind in READERS and by.sees_place
    return (official and place.startswith(by.place)) or may_record(by, place)


def may_record(by: Holder, place: str) -> bool:
    """Whoever keeps the register of firms there."""
    return bool(enterprises.keeps(by, place))


def accident_for(by: Holder, id_: UUID) -> Accident | None:
    found = Accident.objects.select_related("site__enterprise", "enterprise").filter(id=id_).first()
    return found if found is not None and may_read(by, found.place) else None


def _check(row: Accident, by: Holder, now: datetime) -> None:
    """The class follows from what is entered. Raises Refused."""
    if not may_record(by, row.place):
        raise Refused(
            _("事故由应急管理部门、综治中心和当地领导、管理员登记，只登记本辖区的。"), field="place"
        )
    if row.at > now or (row.known_at or row.at) > now:
        raise Refused(_("时间不能晚于现在。"), field="at")
    if row.site is not None and row.site.enterprise_id != row.enterprise_id:
        raise Refused(_("这个场所不是这家企业的。"), field="site")
    if row.known_at is not None and row.known_at < row.at:
        raise Refused(_("知道的时间不能早于发生的时间。"), field="known_at")
    row.grade = law.grade_of(row.deaths, row.injured, row.loss_yuan)


def record(facts: Mapping[str, Any], *, now: datetime, by: Holder) -> Accident:
    """Raises Refused."""
    row = Accident(**facts, account=by.account, post=by.post, entered_at=now)
    _check(row, by, now)
    row.save(force_insert=True)
    return row


def correct(
    id_: UUID, facts: Mapping[str, Any], reason: str, *, stood_on: date | None = None,
    now: datetime, by: Holder,
) -> bool:  # fmt: skip
    """What differs is changed, and what stood there is kept with the reason.

    `stood_on`: the number of people has grown, and this is how it stood that day; without it what
    was entered was wrong. Returns whether anything was different. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("请写为什么更正。"), field="reason")
    with transaction.atomic():
        row = Accident.objects.select_for_update().filter(id=id_).first()
        if row is None or not may_record(by, row.place):
            raise Refused(_("没有这起事故，或者不归您登记。"))
        before = {name: getattr(row, name) for name in (*FACTS, "grade")}
        for name, value in facts.items():
            setattr(row, name, value)
        _check(row, by, now)
        changed = {n: [_plain(was), _plain(getattr(row, n))] for n, was in before.items()
                   if was != getattr(row, n)}  # fmt: skip
        if not changed:
            return False
        if stood_on is not None:
            _must_count(row, changed, stood_on)
        row.save()
        note(row, changed, reason, now=now, by=by)
    return True


def _must_count(row: Accident, changed: Mapping[str, Any], stood_on: date) -> None:
    """Raises Refused."""
    if not changed.keys() & set(PEOPLE):
        raise Refused(_("伤亡人数没有变，请选“登记有误”。"), field="why")
    last = law.grows_until(row.kind, row.at)
    if stood_on > last:
        raise Refused(
            _("%(day)s 以后变化的人数，按规定不再计入这起事故。") % {"day": last.isoformat()},
            field="stood_on",
        )


def note(
    row: Accident, facts: Mapping[str, Any], reason: str, *, now: datetime, by: Holder
) -> None:
    AccidentChange.objects.create(
        accident=row, at=now, account=by.account, post=by.post, reason=reason[:200], facts=facts
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, type(None))) else str(value)


def reported(id_: UUID, to: str, at: datetime, reason: str, *, now: datetime, by: Holder) -> None:
    """When a level was told; another time than the one that stands wants a reason. Raises
    Refused."""
    with transaction.atomic():
        row = Accident.objects.select_for_update().filter(id=id_).first()
        if row is None or not may_record(by, row.place) or to not in law.LEVELS:
            raise Refused(_("没有这起事故，或者不归您登记。"))
        if not row.at <= at <= now:
            raise Refused(_("上报时间要在事故发生以后、现在以前。"))
        stands = row.reports.filter(to=to).first()
        if stands is not None and stands.at != at:
            if not reason.strip():
                raise Refused(_("请写为什么更正。"))
            note(row, {f"reported.{to}": [str(stands.at), str(at)]}, reason, now=now, by=by)
        said = {"at": at, "account": by.account, "post": by.post, "entered_at": now}
        AccidentReport.objects.update_or_create(accident=row, to=to, defaults=said)


def steps_of(row: Accident, *, now: datetime) -> list[law.Step]:
    told = dict(row.reports.values_list("to", "at"))
    return law.steps(row.grade, row.known_at, told, now=now)


def of_place(place: str) -> QuerySet[Accident]:
    """Those that count, in a place and below it."""
    low, high = span(place)
    return Accident.objects.filter(place__gte=low, place__lt=high, void=False)


def alike(facts: Mapping[str, Any], *, but: UUID | None = None) -> list[Accident]:
    """Those that may be the same one: within a day, of the same firm or of its kind in the town."""
    at, firm = facts["at"], facts.get("enterprise_id")
    same = Q(kind=facts["kind"])
    if firm:
        same |= Q(enterprise=firm)
    near = of_place(facts["place"][:9]).filter(same, at__gte=at - NEAR, at__lte=at + NEAR)
    return list(near.exclude(Q(id=but)).select_related("enterprise", "site").order_by("at")[:PAGE])


@dataclass(frozen=True, slots=True)
class Page:
    """Some accidents, the newest first, and where the next page begins."""

    rows: Sequence[Accident]
    after: str


def _wanted(wanted: Mapping[str, str]) -> Q:
    found = Q()
    if wanted.get("kind") in law.KINDS:
        found &= Q(kind=wanted["kind"])
    if wanted.get("grade") in law.GRADES:
        found &= Q(grade=wanted["grade"])
    if wanted.get("industry"):
        found &= Q(industry__startswith=wanted["industry"])
    return found


def page(place: str, wanted: Mapping[str, str], *, after: str = "", size: int = PAGE) -> Page:
    """A page of the register; what is void is shown too, as such."""
    low, high = span(place)
    found = Accident.objects.filter(_wanted(wanted), place__gte=low, place__lt=high)
    at, _line, id_ = after.partition("_")
    try:
        key = datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        pass
    else:
        found = found.filter(Q(at__lt=key[0]) | Q(at=key[0], id__lt=key[1]))
    ordered = found.select_related("site", "enterprise").order_by("-at", "-id")
    rows = list(ordered[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], f"{last.at.isoformat()}_{last.id}" if last else "")
