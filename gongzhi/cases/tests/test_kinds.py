"""Cases of different kinds under one declaration: their clocks, beginnings, figures."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gongzhi.cases import replay, rollups
from gongzhi.cases.act import report
from gongzhi.cases.changes import Changes, NewTask
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, told
from gongzhi.cases.tests import toys
from gongzhi.declare import OPEN, Act, Clock, Mechanism, days, hours, registry
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]


def alarm(case: None, data: Mapping[str, Any], by: Actor) -> Changes:
    """Danger makes a case urgent from the first moment; whoever sends it stays concerned."""
    return Changes(
        urgent=bool(data.get("danger")),
        facts={"told": True},
        tasks=(NewTask("call_out", due=hours(1)),) if data.get("danger") else (),
        join=(by.unit,) if isinstance(by, Holder) else (),
        figures={"alarms": 1} if data.get("danger") else {},
    )


start = Act("begin", "登记", when=[], then=toys.new, by=(toys.anyone, toys.registrar), effect=alarm)
refile = Act("refile", "改类", when=OPEN, by=toys.handler,
             effect=lambda case, data, by: Changes(category=data["category"]))  # fmt: skip
kinds = Mechanism(
    "kinds", "分类", starts=start, keep=days(30), routed_to=("governance_centre",),
    acts=[toys.take, toys.fix, toys.verify, toys.lapse, refile],
    clocks=[
        Clock("whole", "总时限", days(60), runs_in=OPEN, law="toy"),
        Clock("wages", "工资", days(15), runs_in=[toys.new, toys.doing], law="toy",
              categories=["wages"]),
        Clock("court", "委派", days(30), runs_in=[toys.new, toys.doing], law="toy",
              channels=["court"]),
        Clock("answer", "答复", hours(48), runs_in=[toys.waiting], law="toy", late=toys.lapse),
    ],
    categories=[("wages", "工资"), ("other", "其他")],
)  # fmt: skip


def running(case: Told) -> set[str]:
    with within(Scope(case=case.receipt.id)):
        found = ClockRun.objects.filter(case_id=case.receipt.id, ended_at=None)
        return set(found.values_list("name", flat=True))


def counted(place: str, *figures: str) -> dict[str, int]:
    day = BEGAN.date()
    with within(Scope(place=place)):
        found = rollups.flows([place], figures, since=day, until=day + timedelta(days=60))
    return found.get(place, {})


def test_a_clock_for_some_runs_for_them_alone(cast: Cast) -> None:
    with registry.with_toy(kinds):
        assert running(begin(kinds)) == {"whole", "wages"}
        assert running(begin(kinds, category="other")) == {"whole"}
        assert running(begin(kinds, category="other", channel="court")) == {"whole", "court"}


def test_a_clock_for_some_starts_and_stops_with_the_kind(cast: Cast) -> None:
    with registry.with_toy(kinds):
        case, clerk = begin(kinds), cast[VILLAGE, "clerk"]
        case.act(refile, {"category": "other"}, by=clerk)
        assert running(case) == {"whole"}
        case.act(refile, {"category": "wages"}, by=clerk)
        assert running(case) == {"whole", "wages"}


def test_a_beginning_has_its_effect(cast: Cast) -> None:
    with registry.with_toy(kinds):
        calm = begin(kinds)
        case = begin(kinds, data={"danger": True}, by=cast[TOWN, "clerk"])
        assert not calm.row().urgent and case.row().urgent
        assert case.row().facts["told"] and cast.units[TOWN] in case.row().units
        with within(Scope(case=case.receipt.id)):
            (task,) = Task.objects.filter(case_id=case.receipt.id)
        assert (task.name, task.unit) == ("call_out", cast.units[VILLAGE])
        assert task.due_at == BEGAN + timedelta(hours=1)
        assert counted(VILLAGE, "alarms") == {"alarms": 1}


def test_a_level_is_entered_once_and_an_end_is_counted_by_kind(cast: Cast) -> None:
    with registry.with_toy(kinds):
        case = begin(kinds)
        case.act(act_named(kinds, "escalate"), by=cast[VILLAGE, "clerk"])
        case.act(
            act_named(kinds, "delegate"), {"unit": cast.units[VILLAGE]}, by=cast[TOWN, "clerk"]
        )
        case.act(act_named(kinds, "escalate"), by=cast[VILLAGE, "clerk"])
        assert case.row().facts["levels"] == ["village", "town"]
        case.act(toys.take, by=cast[TOWN, "clerk"])
        case.act(toys.fix, by=cast[TOWN, "clerk"])
        case.act(toys.verify, by=cast[TOWN, "handler"])
        assert counted(VILLAGE, "entered.%", "settled.%", "ended.%") == {
            "entered.village.wages": 1, "entered.town.wages": 1, "settled.town.wages": 1,
            "ended.done.wages": 1,
        }  # fmt: skip


def test_what_time_ends_is_counted_by_kind(fresh_database: str) -> None:
    cast = make_cast()
    with registry.with_toy(kinds):
        for category in ("wages", "other"):
            case = begin(kinds, category=category)
            case.act(toys.take, by=cast[VILLAGE, "clerk"])
            case.act(toys.fix, by=cast[VILLAGE, "clerk"])
        sweep(BEGAN + timedelta(days=3))
        assert counted(VILLAGE, "ended.%") == {"ended.lapsed.wages": 1, "ended.lapsed.other": 1}
        assert replay.verify() == []


def test_a_figure_asked_for_twice_is_counted_once(cast: Cast) -> None:
    """By its own name, and with all that begin like it: folded or not."""
    with registry.with_toy(kinds):
        begin(kinds)
        for _time in range(2):
            whole = counted(LINE[-1], "category.%", "entered.%")
            assert whole and counted(LINE[-1], *whole, "category.%", "entered.%") == whole
            rollups.fold()


def test_a_flow_began_on_its_first_day_folded_or_not(cast: Cast) -> None:
    with registry.with_toy(kinds):
        first = begin(kinds)
        rollups.fold()
        report(kinds, told(), key="later", now=BEGAN + timedelta(days=9), by=Resident())
        of_day = {COUNTY: {kinds.name: timezone.localdate(first.now)}}
        with within(Scope(place=LINE[1])):
            assert rollups.began([COUNTY, "441202"], "reported") == of_day
        rollups.fold()
        with within(Scope(place=LINE[1])):
            assert rollups.began([COUNTY], "reported") == of_day
