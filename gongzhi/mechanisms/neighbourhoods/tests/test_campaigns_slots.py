"""The planner and the sheet of a schedule."""

import io
from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Slot
from gongzhi.mechanisms.neighbourhoods.registers import slots, slots_sheet
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import COMMUNITY, TOWN, Stage

DAYS = [date(2027, 3, 1), date(2027, 3, 2)]
HOURS = [(time(8, 30), time(12)), (time(14), time(17, 30))]  # seven hours


def numbered(*sizes: int) -> list[Building]:
    return [Building(id=uuid4(), community=COMMUNITY, code=str(n), name=f"{n}号楼", households=size)
            for n, size in enumerate(sizes, 1)]  # fmt: skip


def plan(found: Sequence[Building], **facts: object) -> list[slots.Planned]:
    usual = {"days": DAYS, "hours": HOURS, "spots": ["东门", "西门"], "per_hour": 20}
    return slots.plan(found, slots.Plan(**usual | facts))  # type: ignore[arg-type]


def test_buildings_come_in_the_order_of_their_codes_and_2_before_10() -> None:
    found = numbered(*[10] * 12)
    made = {p.building: p for p in plan(list(reversed(found)), spots=["东门"])}
    order = [b.code for b in sorted(found, key=lambda b: made[b.id].from_at)]
    assert order == [str(n) for n in range(1, 13)]


def test_days_and_spots_have_alike_many_households() -> None:
    found = numbered(*[10] * 40)
    households = {b.id: b.households for b in found}
    load: dict[tuple[str, date], int] = {}
    for p in plan(found):
        key = p.spot, timezone.localdate(p.from_at)
        load[key] = load.get(key, 0) + households[p.building]
    assert load == {(spot, day): 100 for spot in ("东门", "西门") for day in DAYS}


def test_nobody_comes_in_the_break_and_the_last_ends_with_the_day() -> None:
    made = plan(numbered(*[10] * 40))
    for p in made:
        since, until = timezone.localtime(p.from_at).time(), timezone.localtime(p.to_at).time()
        assert any(opens <= since < until <= closes for opens, closes in HOURS)
    assert max(timezone.localtime(p.to_at).time() for p in made) == time(17, 30)


def test_too_many_for_the_time_is_said_with_how_many() -> None:
    with pytest.raises(Refused, match=r"600 户.*560 户"):
        plan(numbered(*[100] * 6))
    with pytest.raises(Refused, match="没有登记住户"):
        plan(numbered(0, 0))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=60),
    spots=st.integers(1, 4),
    per_hour=st.integers(20, 120),
)
def test_every_building_comes_once_at_a_time_in_the_hours(
    sizes: list[int], spots: int, per_hour: int
) -> None:
    found = numbered(*sizes)
    names = [f"{n}号门" for n in range(spots)]
    try:
        made = plan(found, spots=names, per_hour=per_hour)
    except Refused:
        assert not sum(sizes) or sum(sizes) > per_hour * 14 * spots
        return
    assert {p.building for p in made} == {b.id for b in found if b.households}
    for b in found:
        own = sorted((p for p in made if p.building == b.id), key=lambda p: p.from_at)
        assert len({(p.spot, timezone.localdate(p.from_at)) for p in own}) <= 1
        assert all(a.to_at <= z.from_at for a, z in pairwise(own))
    for p in made:
        assert p.from_at < p.to_at
        assert (p.to_at - p.from_at) % timedelta(minutes=slots.STEP) == timedelta()


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


@pytest.fixture
def of(stage: Stage) -> Campaign:
    found = stage.campaign()
    days = [found.starts_on, found.ends_on]
    slots.write(found, COMMUNITY, slots.Plan(days, HOURS, ["东门"], 20), by=stage.clerk)
    return found


def test_a_plan_replaces_the_one_before(stage: Stage, of: Campaign) -> None:
    before = set(Slot.objects.values_list("id", flat=True))
    slots.write(of, COMMUNITY, slots.Plan([of.ends_on], HOURS, ["西门"], 30), by=stage.clerk)
    assert not before & set(Slot.objects.values_list("id", flat=True))
    assert set(Slot.objects.values_list("spot", flat=True)) == {"西门"}
    of.refresh_from_db()
    assert of.per_hour == 30


def test_an_hour_that_is_too_full_is_shown(stage: Stage, of: Campaign) -> None:
    of.refresh_from_db()
    assert slots.clashes(of, list(slots.slots_in(of, COMMUNITY))) == []
    for slot in Slot.objects.all():
        slot.from_at = slot.from_at.replace(hour=1, minute=0)
        slot.to_at = slot.from_at + timedelta(minutes=10)
        slot.save()
    of.per_hour = 6
    said = [c.said for c in slots.clashes(of, list(slots.slots_in(of, COMMUNITY)))]
    assert "超过每小时 6 户" in said[-1] and "东门" in said[-1]


def test_a_spot_that_two_communities_share_is_counted_as_one(stage: Stage) -> None:
    of = stage.campaign(by=stage.town, place=TOWN)
    of.per_hour = 10
    at = stage.at(9)
    for b in (stage.first, stage.next):  # eight and four households
        Slot.objects.create(campaign=of, building=b, from_at=at, to_at=at + timedelta(hours=1),
                            spot="镇卫生院")  # fmt: skip
    clashes = slots.clashes(of, list(slots.slots_in(of, COMMUNITY)))
    assert len(clashes) == 1 and "12 户" in clashes[0].said


def sheet(rows: Sequence[Sequence[object]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("时段.xlsx", out.getvalue())


def exported(stage: Stage, of: Campaign) -> list[list[object]]:
    answer = signed_in(stage.clerk).get(reverse("neighbourhoods:export_slots", args=[of.id]))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [["" if v is None else v for v in row] for row in page.iter_rows(values_only=True)]


def test_a_sheet_goes_out_is_changed_and_comes_in_again(stage: Stage, of: Campaign) -> None:
    rows = exported(stage, of)
    assert len(rows) >= 4 and rows[1][1] == "1"
    before = Slot.objects.count()
    own = next(row for row in rows if row[1] == "2")
    own[5:8] = ["15:00", "15:30", "南门"]
    client, address = signed_in(stage.clerk), reverse("neighbourhoods:import_slots", args=[of.id])
    assert client.post(address, {"file": sheet(rows)}).status_code == 302
    assert Slot.objects.count() == before
    moved = Slot.objects.get(spot="南门")
    assert timezone.localtime(moved.from_at).time() == time(15)


def test_each_fault_is_told_at_its_row_and_nothing_is_written(stage: Stage, of: Campaign) -> None:
    head, good, *_rest = exported(stage, of)
    bad = [
        [*good[:1], "99", *good[2:]], [*good[:4], "明天", *good[5:]],
        [*good[:5], "17:00", "16:00", ""], [*good[:4], "2020-01-01", *good[5:]],
        ["没有的社区", *good[1:]], good,
    ]  # fmt: skip
    before = list(Slot.objects.values_list("id", flat=True))
    answer = signed_in(stage.clerk).post(
        reverse("neighbourhoods:import_slots", args=[of.id]), {"file": sheet([head, good, *bad])}
    )
    said = answer.content.decode()
    assert answer.status_code == 422 and list(Slot.objects.values_list("id", flat=True)) == before
    for row, column, why in (
        (3, "楼栋编号", "没有这个编号"), (4, "日期", "请写日期"), (5, "到", "晚于"),
        (6, "日期", "起止日期"), (7, "楼栋编号", "没有找到"), (8, "从", "重叠"),
    ):  # fmt: skip
        assert f"第 {row} 行“{column}”" in said and why in said


def test_a_sheet_from_elsewhere_is_refused(stage: Stage, of: Campaign) -> None:
    town = stage.campaign(by=stage.town, place=TOWN)
    row = [stage.next.community, stage.next.code, "", "", town.starts_on.isoformat(), "9:00",
           "10:00", ""]  # fmt: skip
    head = [str(label) for label in slots_sheet.COLUMNS.values()]
    content = sheet([head, row]).read()
    read = slots_sheet.take_in(content, town, by=stage.clerk)
    assert [w.column for w in read.wrong] == ["community"]
    assert not slots_sheet.take_in(content, town, by=stage.town).wrong
    assert Slot.objects.filter(campaign=town).count() == 1
