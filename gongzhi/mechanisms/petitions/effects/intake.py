"""From the registration to whose duty it is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewLink, NewTask, Refused
from gongzhi.cases.clocks import end_of
from gongzhi.cases.counted import counted
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.petitions.tasks import REPORT
from gongzhi.people.permissions import Actor

Data = Mapping[str, Any]
ACCUSATION = "accusation"


def begin(case: None, data: Data, by: Actor) -> Changes:
    """An accusation is seen by the units that handle it, and by nobody else over the place."""
    purpose = data.get("purpose", "request")
    facts = {"purpose": purpose, "notice": data.get("notice", "online")}
    if (data.get("people") or 1) > 1:
        facts["people"] = data["people"]
    return Changes(
        facts=facts, confine=purpose == ACCUSATION, figures=counted(f"purpose.{purpose}", by)
    )


def take_up(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(offered=False, done=("receive",), figures=counted("accepted", by))


def study(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(offered=False, figures=counted("studied", by), facts={"purpose": "suggestion"})


def send_on(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The unit named takes it in or returns it; the sender stays concerned."""
    facts = {"from_unit": str(case.unit)}
    return Changes(unit=data["unit"], offered=True, facts=facts, figures=counted("forwarded", by))


def assign(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Like sending on, and a report of the result is asked for by a day."""
    moved = send_on(case, data, by)
    task = NewTask(
        REPORT, unit=data["unit"], due=end_of(data["report_by"]), data={"to": str(case.unit)}
    )
    return Changes(
        unit=moved.unit, offered=True, facts=moved.facts, tasks=(task,),
        figures=counted("assigned", by),
    )  # fmt: skip


def reported(case: Snapshot, data: Data, by: Actor) -> Changes:
    if not any(t.name == REPORT for t in case.tasks):
        raise Refused(_("没有需要报告结果的交办。"))
    return Changes(done=(REPORT,))


def refuse(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=counted("declined", by))


def divert(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=counted("diverted", by))


def merge(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Counted as a repeat; one that follows a closed petition shows that it was not settled."""
    county, other = data["other"]
    figures = counted("repeated", by)
    if data.get("closed"):
        figures["returned"] = 1
    return Changes(links=(NewLink(county, other, "repeat"),), figures=figures)


def pass_on(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(
        unit=data["unit"], confine=True, offered=True,
        facts={"purpose": ACCUSATION, "from_unit": str(case.unit)},
        figures=counted("passed_on", by),
    )  # fmt: skip


def reply(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=counted("replied", by))


def told(name: str) -> Callable[[Snapshot, Data, Actor], Changes]:
    """An effect that only counts."""
    return lambda case, data, by: Changes(figures=counted(name, by))
