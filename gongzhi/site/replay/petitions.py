"""The 52 merchants, and the five levels that act on their one case."""

from collections.abc import Mapping

from gongzhi.cases import plans
from gongzhi.cases.models import Case, Entry, Party, Task
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.tasks import MEMBER
from gongzhi.networks.resolution.models import Meeting
from gongzhi.places.levels import level_of
from gongzhi.site.replay.rows import Row
from gongzhi.site.replay.stage import NOWHERE, Stage, entries


class _OfMerchants(Row):
    mechanism = m.petitions
    rooms = ("homes",)  # communities with their committees
    case = NOWHERE

    def run(self, stage: Stage) -> None:
        self.case = stage.merchants


class Levels(_OfMerchants):
    name = "levels"
    did = (
        "省联席会议指导、市局督促、区里办理、街道组织拆除、社区逐户走访：各步由各级岗位在同一案件中完成",
        "the province's meeting guides, the city presses, the district handles, the sub-district"
        " clears, the community visits each household: posts of every level act in one case",
    )

    def count(self) -> Mapping[str, int]:
        places = Entry.objects.filter(case_id=self.case).exclude(place="")
        levels = {level_of(place) for place in places.values_list("place", flat=True)}
        return {"一案中办理的层级 levels that acted in one case": len(levels)}


class Merchants(_OfMerchants):
    name = "merchants"
    did = (
        "区、市、省三次登记，并为一案；联席会议、包案、六步方案、逐户补偿、意见书、核实办结、锦旗",
        "registered at district, city and province and joined; joint meeting, leader in charge,"
        " plan, compensation by household, written opinion, verified, thanked",
    )

    def count(self) -> Mapping[str, int]:
        case = Case.objects.filter(id=self.case)
        paid = Task.objects.filter(case_id=self.case, name=MEMBER, done_at__isnull=False)
        held = Meeting.objects.filter(lines__of_case=self.case, held_at__isnull=False)
        return {
            "商户 households": Party.objects.filter(case_id=self.case, side="applicant").count(),
            "已兑现补偿的商户 households paid": paid.count(),
            "联席会议 joint meetings": held.count(),
            "包案领导 leaders in charge": entries(plans.name_leader, case).count(),
            "已办结 solved": case.filter(state=m.settled.name).count(),
        }
