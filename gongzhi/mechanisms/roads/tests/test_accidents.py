"""Accidents: recorded by whom it concerns, corrected with history, in and out by Excel."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import OUTSIDE, make_post, make_unit, signed_in
from gongzhi.mechanisms.roads.models import Accident, Road, Section
from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.people.posts import Holder

AT = datetime(2026, 1, 3, 10, 30, tzinfo=UTC)
NOW = datetime(2026, 1, 5, tzinfo=UTC)
TYPED = {
    "place": VILLAGE, "at": "2026-01-03T18:30", "road": "x413", "km": "3.2", "kind": "rear",
    "deaths": "0", "injured": "2", "loss_yuan": "12000.50", "note": "弯道湿滑，报警人 13800001234",
}  # fmt: skip


@pytest.fixture
def road(db: None) -> Road:
    road = Road.objects.create(
        code="X413", name="凤凰线", place=COUNTY, valid_from=date(2020, 1, 1)
    )
    Section.objects.create(
        road=road, name="第一段", village=VILLAGE, from_km=2, to_km=4, valid_from=date(2020, 1, 1)
    )
    return road


@pytest.fixture
def police(stage: Stage) -> Holder:
    return stage.police


def record(by: Holder, **facts: Any) -> Accident:
    told = {"place": VILLAGE, "at": AT, "kind": "rear", "injured": 1, "longitude": 111.9,
            "latitude": 23.2, **facts}  # fmt: skip
    return accidents.record(told, now=NOW, by=by)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"roads:{name}", args=args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_police_records_it_and_what_names_a_person_is_not_kept(police: Holder, road: Road) -> None:
    answer = signed_in(police).post(reverse("roads:new_accident"), TYPED, follow=True)
    row = Accident.objects.get()
    assert "已登记" in answer.content.decode()
    assert (row.road_id, row.km, row.injured) == (road.id, 3.2, 2)
    assert row.section == road.sections.get().id and row.at == AT
    assert "13800001234" not in row.note and "弯道湿滑" in row.note


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"km": "", "road": ""}, "至少一样"),
        ({"road": "X999"}, "道路台账里没有这个编号"),
        ({"longitude": "112.1"}, "要一起填"),
        ({"injured": "-1"}, "大于或等于"),
        ({"place": "441202001"}, "不在可选的范围内"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    police: Holder, road: Road, wrong: dict[str, str], said: str
) -> None:
    answer = signed_in(police).post(reverse("roads:new_accident"), TYPED | wrong)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Accident.objects.exists()


def test_the_same_accident_is_not_recorded_twice(police: Holder, road: Road) -> None:
    client = signed_in(police)
    client.post(reverse("roads:new_accident"), TYPED)
    answer = client.post(reverse("roads:new_accident"), TYPED)
    assert answer.status_code == 422 and "已经登记过" in answer.content.decode()
    assert Accident.objects.count() == 1


def test_only_road_offices_police_and_chiefs_record_and_only_in_their_place(stage: Stage) -> None:
    office = make_unit(COUNTY, "road_office")
    clerk = make_post(office, COUNTY, "clerk", unit_kind="road_office")
    for who in (stage.police, stage.chief, clerk):
        record(who, at=AT + timedelta(minutes=Accident.objects.count()))
    for who in (stage.neighbour, stage.transport, stage.cast[OUTSIDE, "road_chief"]):
        with pytest.raises(Refused):
            record(who)
    assert page(signed_in(stage.neighbour), "accidents")  # who stands over the place reads it
    page(signed_in(stage.transport), "accidents", status=404)
    page(signed_in(stage.neighbour), "new_accident", status=404)


def test_a_correction_keeps_what_stood_there_before(police: Holder, road: Road) -> None:
    row, client = record(police), signed_in(police)
    typed = TYPED | {"injured": "3", "longitude": "111.9", "latitude": "23.2"}
    client.post(reverse("roads:change_accident", args=[row.id]), typed)
    row.refresh_from_db()
    change = row.changes.get()
    assert row.injured == 3 and change.facts["injured"] == [1, 3]
    assert change.post == police.post
    said = page(client, "accident", row.id)
    assert "更正记录" in said and "<del>1</del> <ins>3</ins>" in said


def test_an_accident_that_is_yet_to_come_is_none(police: Holder, road: Road) -> None:
    answer = signed_in(police).post(
        reverse("roads:new_accident"), TYPED | {"at": "2099-01-03T18:30"}
    )
    assert answer.status_code == 422 and "不能晚于现在" in answer.content.decode()
    assert not Accident.objects.exists()


def test_what_was_entered_by_mistake_stays_and_counts_nowhere(police: Holder) -> None:
    row = record(police)
    accidents.correct(row.id, {"void": True}, now=NOW, by=police)
    assert list(accidents.of_place(COUNTY)) == []
    assert "作废" in page(signed_in(police), "accidents")


def test_nobody_corrects_what_lies_elsewhere(stage: Stage) -> None:
    row = record(stage.police, place=TOWN)
    with pytest.raises(Refused):
        accidents.correct(row.id, {"injured": 9}, now=NOW, by=stage.chief)
    row.refresh_from_db()
    assert row.injured == 1


def test_it_is_listed_newest_first_page_by_page(police: Holder) -> None:
    rows = [record(police, at=AT + timedelta(days=n // 2), injured=n) for n in range(7)]
    found: list[Any] = []
    after: str | None = ""
    while after is not None:
        one = accidents.page(COUNTY, Q(), after=after, size=3)
        found += one.rows
        after = one.after
    assert sorted(r.id for r in found) == sorted(r.id for r in rows)
    assert [r.at for r in found] == sorted((r.at for r in rows), reverse=True)


def test_the_list_is_narrowed(police: Holder, road: Road) -> None:
    record(police, road_id=road.id, km=1.0)
    record(police, injured=0, at=AT - timedelta(days=40))
    client = signed_in(police)
    assert page(client, "accidents").count('scope="row"') == 2
    for name, said in (("hurt", "1"), ("road", "x413"), ("since", "2026-01-01")):
        answer = client.get(reverse("roads:accidents"), {name: said})
        assert answer.content.decode().count('scope="row"') == 1
    page(client, "accidents", since="2026-02-31")
    page(client, "accidents", status=404, place=OUTSIDE)


def sheet(client: Client, name: str, **asked: Any) -> list[list[Any]]:
    answer = client.get(reverse(f"roads:{name}"), asked)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(line) for line in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]


def send(client: Client, lines: list[list[Any]]) -> Any:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("a.xlsx", out.getvalue())
    return client.post(reverse("roads:import_accidents"), {"file": file}, follow=True)


def test_what_is_exported_comes_in_again_unchanged_and_corrected_lines_correct(
    police: Holder, road: Road
) -> None:
    first = record(police, road_id=road.id, km=3.25, loss_yuan="99.50", note="湿滑")
    record(police, at=AT + timedelta(days=1))
    client = signed_in(police)
    lines = sheet(client, "accidents", **{"as": "xlsx"})
    assert "没有变的 2 起" in send(client, lines).content.decode()
    line = next(x for x in lines if x[0] == str(first.id))
    line[lines[0].index("受伤人数")] = 4
    new = ["", VILLAGE, "2026-01-04 09:00", "X413", 3.3, None, None, "翻车", 0, 1]
    said = send(client, [*lines, new]).content.decode()
    assert "新登记 1 起，更正 1 起，没有变的 1 起" in said
    first.refresh_from_db()
    assert first.injured == 4 and first.changes.get().facts == {"injured": [1, 4]}
    assert "新登记 0 起" in send(client, [lines[0], new]).content.decode()


def test_a_sheet_with_a_wrong_line_enters_nothing_and_names_each_fault(
    police: Holder, road: Road
) -> None:
    client = signed_in(police)
    head = sheet(client, "import_accidents", blank="")[0]
    good = ["", VILLAGE, "2026-01-04 09:00", "X413", 3.3, None, None, "翻车", 0, 1]
    said = send(client, [
        head, good,
        ["", VILLAGE, "昨天", "X413", 3.3, None, None, "翻车", 0, 1],
        ["", "没有这个村", "2026-01-04 09:00", "X413", 3.3, None, None, "翻车", 0, 1],
        ["不是编号", VILLAGE, "2026-01-04 09:00", "X413", 3.3, None, None, "翻车", 0, 1],
    ])  # fmt: skip
    text = said.content.decode()
    assert said.status_code == 422 and not Accident.objects.exists()
    assert "第 3 行“什么时候”" in text and "第 4 行“在哪里”" in text and "第 5 行" in text
    assert "表头缺少" in send(client, [["在哪里"]]).content.decode()


def test_rooms_that_do_not_open_to_a_post_are_not_offered(stage: Stage) -> None:
    accidents_at = reverse("roads:accidents")
    transport = signed_in(stage.transport)
    for name in ("hub", "departments", "parameters"):
        assert accidents_at in page(signed_in(stage.police), name)
        assert accidents_at not in page(transport, name)
