"""Accidents on pages: recorded, found, corrected, reported, connected; compared; for whom."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.mechanisms.safety.models import Accident
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.mechanisms.safety.tests.register import Register

PLACE = {"place": VILLAGE, "place_said": VILLAGE, "place_for": VILLAGE}


def minute(**ago: float) -> str:
    return f"{timezone.localtime() - timedelta(**ago):%Y-%m-%dT%H:%M}"


def told(**said: str) -> dict[str, str]:
    return {**PLACE, "kind": "machine", "industry": "C33", "deaths": "0", "injured": "1",
            "at": minute(hours=30), **said}  # fmt: skip


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.bureau)


def page(client: Client, name: str, *args: object, status: int = 200, **asked: str) -> str:
    answer = client.get(reverse(f"safety:{name}", args=args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def test_it_is_recorded_found_and_corrected(register: Register, client: Client) -> None:
    new = reverse("safety:new_accident")
    form = page(client, "new_accident", site=str(register.workshop.id))
    assert register.firm.code in form and "只记人数，不记是谁" in form
    site = {"code": register.firm.code, "site": register.workshop.name}
    assert client.post(new, told(**site, injured="x")).status_code == 422
    assert "没有这个场所" in client.post(new, told(**site | {"site": "别处"})).content.decode()
    assert "就要写企业" in client.post(new, told(site="冲压车间")).content.decode()
    assert "就要写行业" in client.post(new, told(industry="")).content.decode()
    assert client.post(new, told(**site, how="伤者电话 13800001234")).status_code == 302
    row = Accident.objects.get()
    assert row.site == register.workshop and "13800001234" not in row.how
    assert "一般事故" in page(client, "accident", row.id)
    assert "机械伤害" in page(client, "accidents", place=TOWN, kind="machine", industry="C")
    assert "没有符合条件" in page(client, "accidents", grade="larger")
    change = reverse("safety:change_accident", args=[row.id])
    assert register.firm.code in client.get(change).content.decode()
    grown = told(**site, at=minute(hours=30), deaths="3", why="grown", reason="抢救无效")
    assert "请写是哪一天的人数" in client.post(change, grown).content.decode()
    today = timezone.localdate().isoformat()
    assert client.post(change, grown | {"stood_on": today}).status_code == 302
    shown = page(client, "accident", row.id)
    assert "较大事故" in shown and "抢救无效" in shown and "省级部门" in shown
    void = reverse("safety:void_accident", args=[row.id])
    assert client.post(void, {"reason": ""}).status_code == 422
    client.post(void, {"reason": "登记了两次"})
    assert "不再计数" in page(client, "accident", row.id)
    assert "恢复计数" in page(client, "void_accident", row.id)


def test_what_may_be_there_already_is_shown_first(register: Register, client: Client) -> None:
    happened(register.bureau, timezone.now() - timedelta(hours=31))
    new = reverse("safety:new_accident")
    answer = client.post(new, told())
    assert answer.status_code == 422 and "是不是同一起" in answer.content.decode()
    assert client.post(new, told(sure="1")).status_code == 302
    assert Accident.objects.count() == 2


def test_reports_up_are_met_or_missed(register: Register, client: Client) -> None:
    at = timezone.now() - timedelta(hours=20)
    row = happened(register.bureau, at, known_at=at)
    assert "过了时限" in page(client, "accident", row.id)
    report = reverse("safety:report_accident", args=[row.id])
    client.post(report, {"to": "county", "at": minute(hours=19.5)})
    client.post(report, {"to": "city", "at": minute(hours=10)})
    shown = page(client, "accident", row.id)
    assert "按时" in shown and "迟报" in shown
    for wrong in ({"to": "moon", "at": minute(hours=1)}, {"to": "city", "at": "x"},
                  {"to": "city", "at": minute(hours=9)}):  # fmt: skip
        client.post(report, wrong)
    assert row.reports.count() == 2 and not row.changes.exists()
    assert client.post(report, {"to": "city", "at": ""}).status_code in {302, 404}


def test_what_was_known_is_shown_and_connected_by_hand(stage: Stage) -> None:
    case = stage.ordered()
    row = happened(stage.first, timezone.now(), site_id=stage.site.id, group="machinery",
                   enterprise_id=stage.enterprise.id)  # fmt: skip
    client = signed_in(stage.first)
    shown = page(client, "accident", row.id)
    assert "隐患 1 件" in shown and "与事故同一大类" in shown and "没有检查记录" in shown
    connect = reverse("safety:connect_accident", args=[row.id])
    client.post(connect, {"number": case.receipt.number, "connected": "yes", "reason": ""})
    assert not row.connections.exists()
    said = {"number": case.receipt.number, "connected": "yes", "reason": "同一台冲床没有护罩"}
    client.post(connect, said)
    assert "同一台冲床没有护罩" in page(client, "accident", row.id)


def test_declines_on_the_page_with_tables_and_csv(register: Register, client: Client) -> None:
    now = timezone.now()
    for n in range(3):
        happened(register.bureau, now - timedelta(days=365, hours=n + 1))
    happened(register.bureau, now - timedelta(minutes=1), industry="H62")
    for kind in ("month", "quarter", "ytd", "year"):
        assert "不说明原因" in page(client, "declines", kind=kind)
    assert "九市镇" in page(client, "declines", place=COUNTY)
    page(client, "declines", place=VILLAGE)
    for of in ("totals", "places", "industries"):
        answer = client.get(reverse("safety:declines"), {"as": "csv", "of": of, "kind": "year"})
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(lines) > 3 and lines[0][-1] == "说明"
    page(client, "declines", kind="week", status=404)
    page(client, "declines", month="2126-01", status=404)


def test_for_whom_the_pages_are(register: Register) -> None:
    row = happened(register.bureau)
    names = ("accidents", "declines", "monthly")
    for by in (register.staff("enterprise_head"), register.cast[TOWN, "grid_member"],
               register.cast[TOWN, "mediator"], register.cast["court", "judge"]):  # fmt: skip
        client = signed_in(by)
        for name in names:
            page(client, name, status=404)
        page(client, "accident", row.id, status=404)
        page(client, "new_accident", status=404)
    outside = signed_in(register.cast[OUTSIDE, "leader"])
    page(outside, "accident", row.id, status=404)
    for name in names:
        page(outside, name, place=COUNTY, status=404)
        assert Client().get(reverse(f"safety:{name}")).status_code == 302
