"""What happens in the demo's neighbourhoods besides requests: a notice, a campaign, a flood drill.

All invented, and all through the registers' own doors, as people would do it.
"""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from gongzhi.cases import clocks
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Emergency,
    Household,
)
from gongzhi.mechanisms.neighbourhoods.registers import (
    announcing,
    campaigns,
    emergencies,
    errands,
    needs,
    purposes,
    residents,
    roll_calls,
    slots,
    supplies,
)
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.registers.needs import Given
from gongzhi.people.posts import Holder
from gongzhi.site.demo.city import City, id_of
from gongzhi.site.demo.homes import XINGHUA, Homes

READ, CONFIRMED, CAME, SILENT = 0.7, 0.45, 0.6, 4
WATER = Written(
    "本周六停水检修通知",
    "本周六上午八点到下午两点，因更换主管停水。请提前储水，家中有老人、婴儿的可联系楼长帮忙。",
    "Water off on Saturday for repairs",
    "The main will be replaced on Saturday from eight to two. Please store water; with old people"
    " or babies at home, ask your building chief for help.",
)  # fmt: skip
FIRE = "请清理楼道杂物，家中留人；检查人员佩戴工作证，不收任何费用。"
FIRE_EN = "Please clear the stairway and have somebody at home; inspectors wear a badge and take"\
          " no fee."  # fmt: skip


def _households(of: Sequence[Building]) -> list[Household]:
    return list(Household.objects.filter(building__in=of, until=None).order_by("id"))


def _notice(homes: Homes, by: Holder, now: datetime, dice: random.Random) -> None:
    """To one community; most households have read it, about half have confirmed."""
    at = now - timedelta(days=2)
    a = announcing.publish(
        WATER, Reach(XINGHUA), id_=id_of("notice", "water"), asks=True,
        shown_until=timezone.localdate(now) + timedelta(days=5), channels=[], by=by, now=at,
    )  # fmt: skip
    while announcing.queue_some(a.id, at):
        pass
    own = [b for b in homes.buildings if b.community == XINGHUA][:12]
    for household in _households(own):
        lot = dice.random()
        if lot < READ:
            announcing.read(household.key, a.id, now=at + timedelta(hours=dice.uniform(1, 40)))
        if lot < CONFIRMED:
            announcing.confirm(household.key, a.id, 1, now=at + timedelta(hours=41))


def _registered(city: City, homes: Homes, now: datetime) -> None:
    """Some who asked their chief to note how to reach them: no needs, no consent beyond that."""
    here = [b for b in homes.buildings if b.community == XINGHUA and b.id in homes.chiefs][:3]
    purpose = purposes.offered(XINGHUA)[0]
    for n, household in enumerate(_households(here)[:: len(here)]):
        told = residents.Told({"name": city.person(), "phone": f"1350000{n:04d}"})
        id_ = id_of("resident", str(n))
        residents.register(
            purpose, household, told, id_=id_, now=now, by=homes.chiefs[household.building_id]
        )


def _campaign(homes: Homes, by: Holder, now: datetime, dice: random.Random) -> None:
    """A fire-safety check that began yesterday."""
    today = timezone.localdate(now)
    of = campaigns.make(
        Campaign(
            id=id_of("campaign", "fire"), kind="fire_check", name="冬季消防安全入户检查",
            name_en="Winter fire-safety check at home", guidance=FIRE, guidance_en=FIRE_EN,
            place=XINGHUA, starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=5), erase_on=today + timedelta(days=20),
        ), by=by, now=now - timedelta(days=3),
    )  # fmt: skip
    plan = slots.Plan(
        days=[today + timedelta(days=n) for n in range(-1, 6)],
        hours=[(time(9), time(12)), (time(14), time(17))], spots=[""], per_hour=60,
    )  # fmt: skip
    slots.write(of, XINGHUA, plan, by=by)
    own = [b for b in homes.buildings if b.community == XINGHUA][:30]
    for household in _households(own):
        chief = homes.chiefs.get(household.building_id)
        if chief and dice.random() < CAME:
            campaigns.check_in(of.id, household.id, dice.randint(1, 4), by=chief, now=now)


def _drill(city: City, homes: Homes, now: datetime, dice: random.Random) -> None:
    """A flood drill of the same community, two weeks ago, from the call to the report."""
    leader = city.of(XINGHUA[:9], "governance_centre", "leader")
    secretary = city.of(XINGHUA, "village_committee", "community_secretary")
    began = now - timedelta(days=14)
    wanted = emergencies.Wanted(
        kind="flood", name="西江洪水转移演练（演示）", place=XINGHUA,
        reason="检验点名、转移和物资发放。", ends_on=timezone.localdate(began) + timedelta(days=2),
    )  # fmt: skip
    of = emergencies.activate(wanted, now=began, by=leader)
    roll = roll_calls.call(of, now=began + timedelta(minutes=2), by=leader)
    here = [b for b in homes.buildings if b.community == XINGHUA and b.id in homes.chiefs]
    for building in here[SILENT:]:
        at = began + timedelta(minutes=2, seconds=dice.expovariate(1 / 200) % 800)
        roll_calls.answer(roll, now=at, by=homes.chiefs[building.id])
    roll_calls.pass_on(began + timedelta(minutes=18))
    for head in city.staff[city.at[XINGHUA, "village_committee"]]:
        if head.kind == "grid_head":
            try:
                roll_calls.answer(roll, now=began + timedelta(minutes=21), by=head)
            except Refused:  # all chiefs of that grid had answered
                continue
    _worked(of, here[SILENT : SILENT + 10], homes, secretary, began + timedelta(hours=1))
    ended = clocks.local(began + timedelta(hours=8))
    emergencies.end(of.id, "演练完成。", now=ended, by=leader)


def _worked(
    of: Emergency, here: Sequence[Building], homes: Homes, by: Holder, at: datetime
) -> None:
    errands.give(of, [str(t) for t in errands.TEMPLATES["flood"]][:2], None, now=at, by=by)
    water = supplies.take_in(of, "饮用水", "箱", 200, "演练物资", now=at, by=by)
    for building in here:
        chief = homes.chiefs[building.id]
        for household in _households([building]):
            kinds = ["medicine"] if household.people == 1 else []
            needs.register(of, household, kinds, "", now=at, by=chief)
        for shown in needs.of_building(of, building, by=chief):
            if shown.need.served_at is None:
                served = at + timedelta(hours=1)
                needs.serve(shown.need.id, Given(words="送到"), now=served, by=chief)
        supplies.give_out(of, water.id, 3, building, now=at + timedelta(hours=2), by=chief)
        for errand in errands.of_building(of, building):
            errands.done(errand.id, "", now=at + timedelta(hours=3), by=chief)


def homelife(city: City, homes: Homes, dice: random.Random) -> None:
    now = timezone.now()
    secretary = city.of(XINGHUA, "village_committee", "community_secretary")
    _registered(city, homes, now)
    _notice(homes, secretary, now, dice)
    _campaign(homes, secretary, now, dice)
    _drill(city, homes, now, dice)
