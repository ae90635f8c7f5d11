"""Emergency rescue 应急救援: called out in one go, and when each body came, against targets.

The phone comes first: 110, 119, 120, 122 answer whatever becomes of this page. What is called out
here is an urgent case whose whistle summons the departments (cases/whistles.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.grounds import REMEDY, REPORT_IN, URGENT
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import Task
from gongzhi.cases.reading import CaseView
from gongzhi.declare import Level, registry
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.networks.responsibility.summoning import Proposal, summoned
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, level_of

# Matters in which vehicles or people were hit: these are accidents too.
ACCIDENTS = ("accident", "chemicals", "water")
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Body:
    """Who comes to a rescue: kinds of units, and the number that answers day and night."""

    label: Any
    kinds: tuple[str, ...]
    phone: str = ""
    levels: tuple[Level, ...] = tuple(Level)


BODIES: Final[Mapping[str, Body]] = {
    "police": Body(_("交警"), ("traffic_police",), "122"),
    "medical": Body(_("医疗急救"), ("health",), "120"),
    "fire": Body(_("消防救援"), ("fire",), "119"),
    "road": Body(_("公路管理"), ("transport", "road_office")),
    "town": Body(_("镇（街道）"), ("government", "governance_centre"), levels=(Level.TOWN,)),
    LISTED: Body(_("责任清单写明的其他部门"), ()),
}


def body_of(unit: Unit) -> str:
    """Which body a unit belongs to; empty for others that may be called as well."""
    here = level_of(unit.place)
    return next(
        (name for name, body in BODIES.items() if unit.kind in body.kinds and here in body.levels),
        "",
    )


def _nearest(place: str, but: UUID) -> dict[str, dict[str, Unit]]:
    """By body, of each kind of unit the nearest."""
    kinds = {kind for body in BODIES.values() for kind in body.kinds}
    near = Unit.objects.filter(
        kind__in=kinds, place__in=[*ancestors(place), place], valid_to=None
    ).exclude(id=but)
    found: dict[str, dict[str, Unit]] = {name: {} for name in BODIES}
    for unit in sorted(near, key=lambda u: (-len(u.place), u.id)):
        body = body_of(unit)
        if body:
            found[body].setdefault(unit.kind, unit)
    return found


@dataclass(frozen=True, slots=True)
class Reachable:
    """Units that can be called out at a place, by body, and whom of them the list names."""

    units: Mapping[str, Sequence[Unit]]
    proposals: Mapping[UUID, Proposal]


def reachable(category: str, place: str, *, now: datetime, but: UUID) -> Reachable:
    """Whom the responsibility list names; for a body that it does not name, the nearest units. Not
    the one that calls."""
    on = timezone.localdate(now)
    listed = summoned("roads", category, place, on=on, but=but)
    found = {body: list(of.values()) for body, of in _nearest(place, but).items()}
    named: dict[str, list[Unit]] = {}
    for p in listed:
        named.setdefault(body_of(p.unit) or LISTED, []).append(p.unit)
    return Reachable({**found, **named}, {p.unit.id: p for p in listed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is told when rescue is called: `where` as an accident's facts, `needs` are bodies."""

    category: str
    where: Mapping[str, Any]
    needs: Sequence[str]
    deaths: int = 0
    injured: int = 0
    trapped: bool = False
    text: str = ""


def call_out(
    told: Call, *, key: str, now: datetime, by: Holder, accident: Accident | None = None
) -> Receipt:
    """The case, its urgent whistle and the accident's record: all or nothing. Raises Refused."""
    place = told.where["place"]
    found = reachable(told.category, place, now=now, but=by.unit)
    units = [unit.id for body in told.needs for unit in found.units[body]]
    if not units:
        raise Refused(_("系统里没有可以叫的单位，请马上打电话。"), field="needs")
    with transaction.atomic():
        done = _begin(told, place, key=key, now=now, by=by)
        whistle = act_named(registry.get("roads"), "whistle")
        listed = {str(u): found.proposals[u] for u in units if u in found.proposals}
        said = {"ground": URGENT.name, "units": units, "reason": Words(_said(told)),
                "duties": {u: str(p.duty.id) for u, p in listed.items()}}  # fmt: skip
        spans = {u: p.line.urgent for u, p in listed.items() if p.line.urgent}
        act((done.county, done.id), whistle, said, key=f"{key}/whistle", now=now, by=by,
            given={"within": spans})  # fmt: skip
        if not done.again:
            _note_accident(told, done.id, now, by, accident)
    return done


def _said(told: Call) -> str:
    """In Chinese, as all that is written into a case."""
    with override("zh-hans"):
        # Nought is what stands in the form until somebody knows better.
        hurt = [
            gettext("死亡约 %(n)d 人。") % {"n": told.deaths} if told.deaths else "",
            gettext("受伤约 %(n)d 人。") % {"n": told.injured} if told.injured else "",
        ]
        caught = gettext("有人被困。") if told.trapped else ""
        return ("".join(hurt) or gettext("伤亡不详。")) + caught + told.text


def _begin(told: Call, place: str, *, key: str, now: datetime, by: Holder) -> Receipt:
    mechanism = registry.get("roads")
    label = catalogue.kind(mechanism, told.category).label
    grave = {"deaths": told.deaths, "injured": told.injured, "trapped": told.trapped}
    facts: dict[str, Any] = {"rescue": grave}
    if told.where.get("road_id"):
        facts["road"] = str(told.where["road_id"])
    return report(
        mechanism,
        Report(
            place=place, category=told.category, title=f"{label}：{told.text[:24]}",
            data={"text": Words(_said(told))}, channel="patrol", urgent=True, unit=by.unit,
            longitude=told.where.get("longitude"), latitude=told.where.get("latitude"),
            facts=facts,
        ),
        key=key, now=now, by=by,
    )  # fmt: skip


def _note_accident(
    told: Call, case: UUID, now: datetime, by: Holder, accident: Accident | None
) -> None:
    """The accident is recorded with the call, by those who record accidents, where its spot is
    known."""
    where = told.where
    spot = where.get("longitude") is not None or None not in (where.get("road_id"), where.get("km"))
    if accident is None and told.category in ACCIDENTS and spot and accidents.may_record(by):
        facts = {"at": now.replace(second=0, microsecond=0), "kind": "other",
                 "deaths": told.deaths, "injured": told.injured}  # fmt: skip
        accident = accidents.record({**where, **facts}, now=now, by=by)
    if accident is not None and accident.rescue is not None:
        raise Refused(_("这起事故已经叫过救援；要再叫部门，请在那件案件里吹哨。"))
    if accident is not None:
        Accident.objects.filter(id=accident.id).update(rescue=case)


@dataclass(frozen=True, slots=True)
class Came:
    """A department that was called: when it was told, reported in, was on site, was done."""

    unit: Unit
    called_at: datetime
    reported_at: datetime | None
    on_site_at: datetime | None
    done_at: datetime | None
    noted: bool
    target: int | None

    @property
    def minutes(self) -> int | None:
        """From the call to the site."""
        return self.after(self.on_site_at)

    @property
    def reported(self) -> int | None:
        return self.after(self.reported_at)

    @property
    def done(self) -> int | None:
        return self.after(self.done_at)

    def after(self, at: datetime | None) -> int | None:
        return None if at is None else int((at - self.called_at).total_seconds() // 60)

    def late(self, now: datetime) -> bool:
        if self.target is None:
            return False
        return (self.on_site_at or now) > self.called_at + timedelta(minutes=self.target)


def came(view: CaseView, targets: Mapping[str, int]) -> Iterator[Came]:
    """One for each call, in the order of calls; times are those of the ledger."""
    for task in sorted(view.tasks, key=lambda t: (t.seq, t.n)):
        if task.name != REPORT_IN or task.unit not in view.units:
            continue
        unit = view.units[task.unit]
        noted, on_site = _arrival(view, task)
        yield Came(
            unit, datetime.fromisoformat(task.data["since"]), task.done_at,
            task.done_at if on_site else None, _finished(view, task), noted,
            targets.get(f"rescue.{body_of(unit)}"),
        )  # fmt: skip


def _arrival(view: CaseView, task: Task) -> tuple[bool, bool]:
    """Whether the holder noted it for the department, and whether it was on site."""
    for line in view.lines:
        if line.entry.at != task.done_at:
            continue
        if line.entry.act == "report_in" and line.entry.unit == task.unit:
            return False, line.entry.data.get("way") == "site"
        if line.entry.act == "note_arrival" and line.entry.data["task"] == [task.seq, task.n]:
            return True, True
    return False, False


def _finished(view: CaseView, task: Task) -> datetime | None:
    """When it last fed back on this call."""
    times = [
        t.done_at for t in view.tasks
        if t.name == REMEDY and t.unit == task.unit and t.done_at
        and t.data.get("since") == task.data["since"]
    ]  # fmt: skip
    return max(times, default=None)
