"""Building chiefs: more than 7,000 of them in Duanzhou, each at the foot of six rungs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from gongzhi.cases.models import Case, Entry
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.models import Building, Called, Charge, Progress, Told
from gongzhi.mechanisms.neighbourhoods.registers import charges
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, RUNGS
from gongzhi.people.models import Post
from gongzhi.site.demo.city import DUANZHOU
from gongzhi.site.demo.homes import wishes
from gongzhi.site.replay.rows import Row
from gongzhi.site.replay.stage import Stage, per_day, together

WISHES = 40


def _here() -> QuerySet[Building]:
    return Building.objects.filter(community__startswith=DUANZHOU, valid_to=None)


class Buildings(Row):
    name = "buildings"
    mechanism = m.neighbourhoods
    rooms = ("homes",)
    did = (
        "登记楼栋、住户和楼长；停水通知、入户检查；居民扫码反映诉求，楼长答复或转社区",
        "buildings, doors and chiefs are entered; a notice and a check at home; residents ask by"
        " the code at the door, chiefs answer or hand on",
    )

    def run(self, stage: Stage) -> None:
        begun = list(per_day(stage.now - timedelta(days=90), 60, WISHES))
        together(wishes(stage.drilled, begun, stage.dice, 5_000), stage.say)

    def count(self) -> Mapping[str, int]:
        without = charges.without_chief(_here(), now=timezone.now()).count()
        chiefs = Post.objects.filter(kind=CHIEF).values("id")
        asked = Case.objects.filter(mechanism=self.mechanism.name, place__startswith=DUANZHOU)
        answered = Entry.objects.filter(
            case_id__in=asked.values("id"), act=m.reply.name, post__in=chiefs
        )
        return {
            "有楼长的楼栋 buildings with a chief": _here().count() - without,
            "没有楼长的楼栋 buildings without": without,
            "楼长答复的诉求 requests that chiefs answered":
                answered.values("case_id").distinct().count(),
            "确认收到通知的户 households that confirmed a notice":
                Told.objects.aggregate(n=Sum("confirmed"))["n"] or 0,
            "到场的户 households that came to a campaign":
                Progress.objects.aggregate(n=Sum("came"))["n"] or 0,
        }  # fmt: skip


class Team(Row):
    name = "team"
    mechanism = m.neighbourhoods
    rooms = ("homes",)
    did = (
        "六级岗位各有任职的人；演练中点名，楼长应答，不应答的由上一级替补",
        "all six rungs have holders; in a drill the chiefs answer a roll call, those above step"
        " in for who is silent",
    )

    def run(self, stage: Stage) -> None:
        assert stage.drilled.buildings  # noqa: S101 -- made once for both rows

    def count(self) -> Mapping[str, int]:
        answered = Called.objects.filter(rung=CHIEF, answered_at__isnull=False)
        return {
            "每栋楼都齐的层级 rungs held over every building": len(
                self._held_everywhere(list(RUNGS))
            ),
            "点名应答的楼长 chiefs who answered a roll call": answered.count(),
        }

    @staticmethod
    def _held_everywhere(rungs: Sequence[str]) -> list[str]:
        """Those on which, for each building, somebody is in office."""
        if not _here().exists():
            return []
        over = (
            Q(building=OuterRef("pk")) | Q(grid=OuterRef("grid"))
            | Q(community=OuterRef("community"), grid=None, building=None)
        )  # fmt: skip
        held = Charge.objects.filter(over, charges.standing(), charges.in_office(timezone.now()))
        return [r for r in rungs if not _here().exclude(Exists(held.filter(rung=r))).exists()]
