"""Road chiefs: the Rainbow Road, whistles on it, and the responsibility lists."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from gongzhi.cases import whistles
from gongzhi.cases.grounds import REPORT_IN
from gongzhi.cases.models import Case, Task
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Charge, Section
from gongzhi.mechanisms.roads.registers.matters import GROUPS
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Appointment
from gongzhi.site.demo.duties import demo_road_lists
from gongzhi.site.demo.living import Deed
from gongzhi.site.demo.roads import FENGHUANG, Hazard
from gongzhi.site.replay.rows import Row
from gongzhi.site.replay.stage import CITY, Prompt, Stage, entries, lived

X413 = "X413"
HAZARDS = 2  # on each section


class RainbowRoad(Row):
    name = "rainbow_road"
    mechanism = m.roads
    rooms = ("roads",)
    did = (
        "登记道路、路段、路口、各级路长和他们的责任路段",
        "road, sections, junctions, chiefs of each level and their stretches are registered",
    )

    def run(self, stage: Stage) -> None:
        """The register was entered when the stage was set."""

    def count(self) -> Mapping[str, int]:
        along = Section.objects.filter(road__code=X413, valid_to=None)
        held = Charge.objects.filter(section__in=along.values("id"), held_to=None)
        chiefs = Appointment.objects.filter(
            post__in=held.values("post"), post__kind="road_chief", held_to=None
        )
        return {
            "沿线的村 villages along the road": along.values("village").distinct().count(),
            "村级路长 village road chiefs": chiefs.values("account").distinct().count(),
        }


class _Whistled(Prompt, Hazard):
    """Beyond what a chief can mend: departments are called."""

    def plan(self) -> Iterator[Deed]:
        yield from self._whistled() if self.called else super().plan()


class Whistle(Row):
    name = "whistle"
    mechanism = m.roads
    rooms = ("roads",)
    did = (
        "沿线村级路长上报隐患，处置不了的吹哨；部门报到、反馈，路长核验评价、销号",
        "village chiefs report hazards and whistle for what is beyond them; departments report in"
        " and act; the chief checks, rates and clears",
    )

    def run(self, stage: Stage) -> None:
        road = next(r for r in stage.roads.roads if r.code == X413)
        own = [s for s in stage.roads.sections if s.road_id == road.id] * HAZARDS
        for n, section in enumerate(own):
            began = stage.now - timedelta(days=120 - 3 * n)
            lived(_Whistled(section, stage.city, section.village, began, stage.dice, 3_000 + n))

    def count(self) -> Mapping[str, int]:
        here = Case.objects.filter(mechanism=self.mechanism.name, place__startswith=FENGHUANG)
        waiting = Task.objects.filter(name=REPORT_IN, done_at=None, case_id__in=here.values("id"))
        return {
            "吹哨 whistles": entries(whistles.whistle, here).count(),
            "部门报到 reports": entries(whistles.report_in, here).count(),
            "核验消除的隐患 hazards gone": here.filter(state=m.cleared.name).count(),
            "吹哨后无人应答 whistles that nobody answered": waiting.count(),
        }


class Lists(Row):
    name = "lists"
    mechanism = m.roads
    did = (
        "载入全市的责任清单（草案，待市里确认）：每项的牵头和配合部门、依据、时限",
        "the city's lists are laid (drafts, for the city to confirm): lead and helpers, basis and"
        " limit of each matter",
    )

    def run(self, stage: Stage) -> None:
        demo_road_lists(CITY)

    def count(self) -> Mapping[str, int]:
        held = list(Duty.objects.filter(mechanism=self.mechanism.name, place=CITY, valid_to=None))
        matters = {row.category for row in held}
        groups = [{name for name, _label in group} & matters for _said, group in GROUPS.values()]
        return {
            "责任清单 lists": len(matters),
            "类别 groups": sum(1 for group in groups if group),
            "没有牵头部门的清单 lists without a lead":
                sum(1 for row in held if not any(line.leads for line in row.lines)),
        }  # fmt: skip
