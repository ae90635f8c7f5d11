"""What lies about in a city besides cases, so that every page has something to show."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gongzhi.cases import plans
from gongzhi.cases.changes import Words
from gongzhi.cases.testing import (
    BEGAN,
    LINE,
    Cast,
    Told,
    make_unit,
)
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Lecture, Visit
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Dwelling,
    Grid,
    Household,
    Slot,
)
from gongzhi.mechanisms.neighbourhoods.registers import campaigns
from gongzhi.mechanisms.roads.models import Road, Section
from gongzhi.mechanisms.safety.models import (
    Accident,
    Audit,
    Check,
    Enterprise,
    Framed,
    Plan,
    Site,
    Training,
)
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.networks.investigation import rounds
from gongzhi.networks.investigation.models import Answer
from gongzhi.networks.resolution import meetings


def passed_by_a_road() -> None:
    """A road with a section in the village, whose pages are open to all."""
    road = Road.objects.create(code="X1", name="路", place=LINE[2], valid_from=BEGAN.date())
    Section.objects.create(
        road=road, name="段", village=LINE[-1], from_km=0, to_km=1, valid_from=BEGAN.date()
    )


def lived_in() -> Building:
    """A building with a household in the village, whose pages at the door are open to all."""
    on = BEGAN.date()
    grid = Grid.objects.create(community=LINE[-1], code="01", name="格", valid_from=on)
    building = Building.objects.create(
        community=LINE[-1], grid=grid, code="1", name="1栋", team=UUID(int=1), valid_from=on
    )
    door = Dwelling.objects.create(building=building, room="101", valid_from=on)
    Household.objects.create(
        dwelling=door, building=building, community=LINE[-1], key="k" * 16, since=on
    )
    return building


def asked_by_a_campaign(building: Building, cast: Cast) -> None:
    """The building is to come to a campaign."""
    today, clerk = timezone.localdate(), cast[LINE[-1], "clerk"]
    of = campaigns.make(
        Campaign(kind="drill", name="演练", place=LINE[-1], starts_on=today, ends_on=today,
                 erase_on=today), by=clerk, now=timezone.now(),
    )  # fmt: skip
    Slot.objects.create(campaign=of, building=building, from_at=BEGAN, to_at=BEGAN)


def on_an_agenda(cases: list[Told], cast: Cast) -> None:
    """A joint meeting to which the town is asked, also on what complains about it."""
    convenor = cast[LINE[2], "clerk"]
    for case in cases:
        holder = next(h for h in cast.everyone if h.unit == case.row().unit)
        case.act(plans.table, {"unit": convenor.unit, "reason": Words("议定")}, by=holder)
    meetings.convene(
        "会", BEGAN + timedelta(days=3), "室", units=[cast.units[LINE[-2]]],
        cases=[c.ref for c in cases], now=BEGAN, by=convenor,
    )  # fmt: skip


def found_on_a_round(case: Told, cast: Cast) -> None:
    """The village has answered a round of its county with a case; the others are silent."""
    today = timezone.localdate()
    of = rounds.declare(
        {"place": LINE[2], "level": 5, "kinds": ["clerk"], "title": "排查", "wanted": "看一看",
         "mechanism": "mediation", "category": "wages", "begins_on": today, "ends_on": today,
         "repeats": "once", "times": 1},
        now=timezone.now(), by=cast[LINE[2], "leader"],
    )  # fmt: skip
    Answer.objects.create(
        of=of, turn=1, place=LINE[-1], post=cast[LINE[-1], "clerk"].post,
        account=cast[LINE[-1], "clerk"].account, at=timezone.now(), first_at=timezone.now(),
        found=1, numbers=[case.row().number],
    )  # fmt: skip


def heard_on_a_visit(case: Told, cast: Cast) -> None:
    """A complaint about the town is booked for a visit day that the town sees too."""
    clerk, judge = cast[LINE[-1], "clerk"], cast["court", "judge"]
    point = make_unit(LINE[-1], "contact_point", parent=judge.unit)
    begins = BEGAN + timedelta(days=9)
    visit = Visit.objects.create(
        unit=point, judge=judge.post, begins_at=begins, ends_at=begins + timedelta(hours=2)
    )
    Lecture.objects.create(
        unit=point, visit=visit, topic="讲座", held_at=BEGAN, attendance=1, by=judge.post
    )
    case.act(m.accept, by=clerk)
    booked = {"begins_at": begins, "minutes": 30, "mode": "site", "visit": visit.id,
              "people": [(judge.post, judge.unit)]}  # fmt: skip
    case.act(m.schedule, booked, by=clerk)


def _asked_by_a_plan(site: Site) -> None:
    """And a link of training material."""
    said = {"account": UUID(int=1), "post": UUID(int=1), "entered_at": BEGAN,
            "valid_from": BEGAN.date(), "place": LINE[2]}  # fmt: skip
    plan = Plan.objects.create(name="计划", kind="grid", every={"blue": 30}, **said)
    Check.objects.create(
        plan=plan, site=site, place=site.place, unit=UUID(int=1), from_day=BEGAN.date(),
        due=BEGAN.date(),
    )  # fmt: skip
    Training.objects.create(title="材料", url="https://example.org/", **said)


def beside_a_firm() -> None:
    """A firm with a site in the village; the page of the code at its gate is open to all."""
    firm = Enterprise.objects.create(
        code="91350100M000100Y43", name="厂", alike="厂", place=LINE[-1], industry="C33",
        size="small", valid_from=BEGAN.date(),
    )  # fmt: skip
    site = Site.objects.create(
        enterprise=firm, name="车间", place=LINE[-1], colour="blue", valid_from=BEGAN.date()
    )
    Accident.objects.create(
        place=LINE[-1], site=site, enterprise=firm, industry="C33", kind="machine", at=BEGAN,
        deaths=0, injured=1, grade="general", account=UUID(int=1), post=UUID(int=1),
        entered_at=BEGAN,
    )  # fmt: skip
    _asked_by_a_plan(site)
    _audited(firm, site)


def _audited(firm: Enterprise, site: Site) -> None:
    """The report is issued; officials of its place read it."""
    counts = {part.name: [0, 0] for part in CURRENT.parts["enterprise"]}
    of = Audit.objects.create(
        place=firm.place, enterprise=firm, since=BEGAN.date(), until=BEGAN.date(), purpose="审计",
        method=CURRENT.version, seed="0" * 32, by_unit=UUID(int=0), opened_at=BEGAN,
        drawn_up_at=BEGAN, drawn_up_by=UUID(int=0), issued_at=BEGAN, issued_year=BEGAN.year,
        serial=1, result={"lines": [], "counts": counts},
    )  # fmt: skip
    Framed.objects.create(
        audit=of, site=site, called="车间", place=site.place, colour="blue", why="own", weight=1,
        turn=1, not_seen="停用",
    )  # fmt: skip
    of.findings.create(
        kind="other", said="发现", measure="整改", whose=UUID(int=0), due=BEGAN.date()
    )
