"""Joint meetings 联席会议: the agenda is what waits for a decision, and decisions are followed up.

A case waits as the open task `agenda` of the convening unit (cases/plans.py), or is put on the
agenda by that unit itself, which holds it or stands above its holder. Convening calls the members
in to it, except those it complains about; deciding makes tasks; what is left undecided waits again,
here or a level up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks, plans, steps, worklists
from gongzhi.cases.act import act
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case, Entry, Task
from gongzhi.cases.plan_forms import CONVENING
from gongzhi.cases.reading import seen_by
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Level, working_days
from gongzhi.networks.resolution.models import Line, Meeting, Seat
from gongzhi.people.kinds import VERY_MANY
from gongzhi.people.models import Unit
from gongzhi.people.permissions import may
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors, span

CONVENORS = ("leader", "clerk")
MOST = 50
RAISED = 30  # cases at most that one's own unit puts on an agenda
NOTICE = working_days(2)  # between planning and a meeting, if nobody says otherwise
BEGINS = time(9)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a joint meeting of one's unit; `times`: how often it was put off;
    `on`: the meeting that is to decide on it, once one is planned."""

    case: Case
    times: int
    on: Meeting | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A line of a meeting as its reader sees it, with what was decided and what became of it."""

    case: Case
    outcome: str
    steps: Sequence[Task]

    @property
    def left(self) -> int:
        return sum(t.done_at is None for t in self.steps)


def may_convene(by: Holder) -> bool:
    """From the county up; the source asks for joint meetings at every level above the town."""
    return by.unit_kind in CONVENING and by.kind in CONVENORS and by.level <= Level.COUNTY


def waiting(by: Holder) -> list[Waiting]:
    """What has been put to one's unit, the longest first."""
    with within(by.scope):
        tasks = list(Task.objects.filter(name="agenda", unit=by.unit, done_at=None)[:MOST])
        of = {c.id: c for c in Case.objects.filter(
            county__in={t.county for t in tasks}, id__in={t.case_id for t in tasks})}  # fmt: skip
        on = _to_come(of, {t.county for t in tasks}, by)
    found = [Waiting(of[t.case_id], t.data.get("times", 0), on.get(t.case_id))
             for t in tasks if t.case_id in of]  # fmt: skip
    return sorted(found, key=lambda w: w.case.reported_at)


def _to_come(cases: Iterable[UUID], counties: Iterable[str], by: Holder) -> dict[UUID, Meeting]:
    """Of cases, the meeting of one's unit that is planned and has not yet decided on them."""
    asked = list(cases)
    said = Entry.objects.filter(county__in=counties, case_id__in=asked, act=plans.resolve.name)
    decided = {(e.case_id, e.data.get("meeting")) for e in said}
    lines = Line.objects.filter(
        of_case__in=asked, meeting__unit=by.unit, meeting__held_at=None, meeting__cancelled_at=None
    ).select_related("meeting")
    return {x.of_case: x.meeting for x in lines if (x.of_case, str(x.meeting_id)) not in decided}


def raisable(by: Holder, wanted: Mapping[str, str]) -> list[Case]:
    """Open cases of a place and kind that nobody has put to one's unit, and that it may put on its
    own agenda: the latest."""
    rows = worklists.page("place", by, wanted, size=RAISED, order="newest").rows
    return [c for c in rows if _may_raise(by, seen_by(by, c.county, c.id))]


def _may_raise(by: Holder, case: Snapshot) -> bool:
    new = not plans.waits_for(case, by.unit)
    return new and bool(may(by, plans.convene, case)) and plans.may_raise(by, case)


def soon(now: datetime) -> datetime:
    """In the morning, when those who are asked have had time to read."""
    day = clocks.local(clocks.due(now, NOTICE, working_calendar()).at).date()
    return datetime.combine(day, BEGINS, clocks.CHINA)


def concerned(cases: Iterable[Case], by: Holder) -> list[Unit]:
    """Units to ask about some cases: those that hold them, and the centres between them and one's
    own place."""
    found = list(cases)
    held, places = {c.unit for c in found}, [c.place for c in found]
    return [
        u for u in askable(by)
        if u.id in held
        or (u.kind == "governance_centre" and len(u.place) > len(by.place)
            and any(place.startswith(u.place) for place in places))
    ]  # fmt: skip


def askable(by: Holder) -> list[Unit]:
    """Units that may be asked: below and above one's own place, towns and upwards."""
    low, high = span(by.place)
    here = Unit.objects.filter(valid_to=None, place__gte=low, place__lt=high).exclude(
        kind__in=VERY_MANY
    )
    above = Unit.objects.filter(valid_to=None, place__in=ancestors(by.place))
    found = [u for u in (here | above) if len(u.place) <= Level.TOWN.digits and u.id != by.unit]
    return sorted(found, key=lambda u: (len(u.place), u.place, u.kind, u.name))


def _asked(units: Iterable[UUID], hidden: Iterable[set[UUID]], by: Holder) -> list[Unit]:
    """Those that may be asked. A seat at a meeting on nothing but complaints about oneself would
    tell of them."""
    near, hidden = {u.id: u for u in askable(by)}, list(hidden)
    return [near[u] for u in dict.fromkeys(units)
            if u in near and not all(u in h for h in hidden)]  # fmt: skip


def _sees(unit: Unit, cases: Iterable[Snapshot]) -> set[UUID]:
    """The lines to which a member is called in: those of its own place or hands; who has none there
    is asked for advice on all. A pile of a county does not open each town's cases to all others."""
    found = [c for c in cases if unit.id not in c.hidden]
    own = {c.id for c in found if c.place.startswith(unit.place) or c.unit == unit.id}
    return own or {c.id for c in found}


def convene(
    title: str, begins_at: datetime, where: str, *, units: Iterable[UUID],
    cases: Sequence[tuple[str, UUID]], alert: UUID | None = None, now: datetime, by: Holder,
) -> Meeting:  # fmt: skip
    """Plans a meeting; each case on its agenda says so. Raises Refused, and changes nothing."""
    if not may_convene(by):
        raise Refused(_("联席会议由县级以上的召集单位安排。"))
    seen = [seen_by(by, county, id_) for county, id_ in cases]
    wanted = _asked(units, [set(c.hidden) for c in seen], by)
    sees = {u.id: _sees(u, seen) for u in wanted}
    with transaction.atomic():
        meeting = Meeting.objects.create(
            unit=by.unit, title=title, begins_at=begins_at, where=where, by=by.post,
            planned_at=now, alert=alert,
        )  # fmt: skip
        Seat.objects.bulk_create([Seat(meeting=meeting, unit=u.id) for u in wanted])
        for n, (county, id_) in enumerate(cases, 1):
            Line.objects.create(meeting=meeting, n=n, of_county=county, of_case=id_)
            said = {
                "meeting": meeting.id, "begins_at": begins_at,
                "units": [u for u, lines in sees.items() if id_ in lines],
            }  # fmt: skip
            act((county, id_), plans.convene, said, key=f"{meeting.id}/{id_}", now=now, by=by)
    return meeting


def _open_to(by: Holder, found: Iterable[Meeting]) -> list[Meeting]:
    """The unit's own, and those with a case on their agenda that this post may see: whoever was
    complained about after the invitation hears no more of the meeting."""
    meetings = list(found)
    lines = list(Line.objects.filter(meeting__in=meetings))
    with within(by.scope):
        seen = set(Case.objects.filter(
            county__in={x.of_county for x in lines}, id__in={x.of_case for x in lines}
        ).values_list("id", flat=True))  # fmt: skip
    open_ = {x.meeting_id for x in lines if x.of_case in seen}
    return [m for m in meetings if m.unit == by.unit or m.id in open_]


def meetings_of(by: Holder) -> list[Meeting]:
    """Those that one's unit convenes or is asked to, the latest first."""
    return _open_to(by, _asked_to(by).order_by("-begins_at")[:MOST])


def meeting_for(by: Holder, id_: UUID) -> Meeting | None:
    """For the convenor and the members alone."""
    return next(iter(_open_to(by, _asked_to(by).filter(id=id_))), None)


def made_from(alert: UUID, by: Holder) -> list[Meeting]:
    """Those made from a pile alert that this post may see, the latest first; none cancelled."""
    found = _asked_to(by).filter(alert=alert, cancelled_at=None)
    return _open_to(by, found.order_by("-planned_at"))


def _asked_to(by: Holder) -> QuerySet[Meeting]:
    asked = Seat.objects.filter(unit=by.unit).values("meeting")
    return Meeting.objects.filter(Q(unit=by.unit) | Q(id__in=asked))


def agenda(meeting: Meeting, by: Holder) -> list[Agenda]:
    """The lines that this reader may see: none of a case that complains about them."""
    lines = list(meeting.lines.order_by("n"))
    counties, ids = {x.of_county for x in lines}, {x.of_case for x in lines}
    with within(by.scope):
        cases = {c.id: c for c in Case.objects.filter(county__in=counties, id__in=ids)}
        entries = Entry.objects.filter(county__in=counties, case_id__in=ids)
        decided = list(entries.filter(act=plans.resolve.name).order_by("seq"))
        of_them = Task.objects.filter(county__in=counties, case_id__in=ids)
        tasks = list(of_them.filter(name=steps.STEP).order_by("due_at"))
    said = str(meeting.id)
    outcomes = {e.case_id: e.data.get("outcome", "") for e in decided
                if e.data.get("meeting") == said}  # fmt: skip
    return [
        Agenda(cases[x.of_case], outcomes.get(x.of_case, ""),
               [t for t in tasks if t.case_id == x.of_case and t.data.get("meeting") == said])
        for x in lines if x.of_case in cases
    ]  # fmt: skip


def decide(
    meeting: Meeting, case: tuple[str, UUID], told: dict[str, Any], *, key: str, now: datetime,
    by: Holder,
) -> None:  # fmt: skip
    """Enters what the meeting decided on one case of its agenda. Raises Refused."""
    if meeting.unit != by.unit or not meeting.lines.filter(of_case=case[1]).exists():
        raise Refused(_("这件不在本单位召集的会议议程上。"))
    act(case, plans.resolve, {**told, "meeting": meeting.id}, key=key, now=now, by=by)


def hold(meeting: Meeting, came: Iterable[UUID], *, now: datetime, by: Holder) -> None:
    """Notes who came. Raises Refused before it has begun, or to others than the convenor."""
    if meeting.unit != by.unit or not may_convene(by):
        raise Refused(_("由召集单位登记到会情况。"))
    if now < meeting.begins_at:
        raise Refused(_("会议还没有开始，开完后再登记。"))
    there = set(came)
    with transaction.atomic():
        for seat in meeting.seats.all():
            Seat.objects.filter(id=seat.id).update(came=seat.unit in there)
        Meeting.objects.filter(id=meeting.id).update(held_at=now)


def cancel(meeting: Meeting, *, now: datetime, by: Holder) -> None:
    """What was on its agenda waits for the next one. Raises Refused."""
    if meeting.unit != by.unit or meeting.held_at or meeting.cancelled_at:
        raise Refused(_("只有召集单位能取消还没有开的会。"))
    Meeting.objects.filter(id=meeting.id).update(cancelled_at=now)
