"""The pages of an emergency: begun, called, answered, worked on, ended, by who may."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Emergency, Errand, Need, RollCall
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, errands, needs, roll_calls
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import Wanted
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import (
    COMMUNITY,
    Stage,
    make_stage,
    vacate,
)
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.ui.reminders import reminders

pytestmark = pytest.mark.django_db
NEXT = "441202001003"
SECRET = "要胰岛素，电话 13800001234"


@pytest.fixture
def stage() -> Stage:
    cache.clear()
    return make_stage(communities=(COMMUNITY, NEXT), buildings=3, households=2)


@pytest.fixture
def emergency(stage: Stage) -> Emergency:
    until = timezone.localdate() + timedelta(days=3)
    wanted = Wanted(kind="flood", name="西江洪水", place=COMMUNITY, reason="水位", ends_on=until)
    return emergencies.activate(wanted, now=timezone.now(), by=stage.leader)


def url(name: str, *args: object) -> str:
    return reverse(f"neighbourhoods:{name}", args=args)


def page(by: Holder | Client, name: str, *args: object, status: int = 200, **asked: str) -> str:
    client = by if isinstance(by, Client) else signed_in(by)
    answer = client.get(url(name, *args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return str(answer.content.decode())


def post(by: Holder, page_: str, /, *args: object, status: int = 200, **said: Any) -> str:
    answer = signed_in(by).post(url(page_, *args), said, follow=True)
    assert answer.status_code == status, (page_, answer.status_code)
    return str(answer.content.decode())


def chief(stage: Stage, n: int = 0) -> Holder:
    return stage.chiefs[stage.buildings[n].id]


def test_it_is_looked_at_before_it_begins(stage: Stage) -> None:
    until = str(timezone.localdate() + timedelta(days=3))
    said: dict[str, Any] = {
        "kind": "fire", "name": "北岸火灾", "reason": "扑救需要疏散", "ends_on": until,
        "place": COMMUNITY, "place_said": "x", "place_for": "x",
    }  # fmt: skip
    looked = post(stage.leader, "activate", **said)
    assert "3 栋楼，6 户" in looked and "还没有启动" in looked and not Emergency.objects.exists()
    assert "点名" in post(stage.leader, "activate", **said, sure="1")
    assert "北岸火灾" in page(stage.leader, "emergencies")
    page(stage.clerk, "activate", status=404)
    post(stage.clerk, "activate", status=404, **said)
    late = said | {"kind": "gas", "ends_on": str(timezone.localdate() + timedelta(days=40))}
    assert "最多三十天" in post(stage.leader, "activate", status=422, **late, sure="1")


def test_chiefs_are_called_reminded_and_answer_with_one_press(
    stage: Stage, emergency: Emergency
) -> None:
    by = chief(stage)
    assert "点名" in post(stage.leader, "call_roll", emergency.id, minutes=15)
    roll = RollCall.objects.get()
    (reminder,) = reminders(by, timezone.now())
    assert reminder.url == url("emergency", emergency.id)
    assert "到</button>" in page(by, "emergency", emergency.id)
    assert "已记下 1 栋楼" in post(by, "answer_roll", roll.id)
    assert reminders(by, timezone.now()) == []
    shown = page(stage.offices[COMMUNITY], "roll_figures", roll.id)
    assert "还没有应答的楼栋" in shown
    assert "2 栋楼长" in shown and "1 栋楼长" not in shown
    page(by, "roll_call", roll.id, status=404)
    page(stage.offices[NEXT], "roll_call", roll.id, status=404)


def test_a_building_without_anybody_is_shown_to_its_community(
    stage: Stage, emergency: Emergency
) -> None:
    for holder in (chief(stage), *stage.deputies[stage.buildings[0].id], *stage.heads.values()):
        vacate(holder)
    roll = roll_calls.call(emergency, now=timezone.now(), by=stage.leader)
    (reminder,) = reminders(stage.offices[COMMUNITY], timezone.now())
    assert "1 栋楼无人应答" in reminder.said and reminder.url == url("roll_call", roll.id)
    assert reminders(stage.offices[NEXT], timezone.now()) == []
    assert "请社区派人" in page(stage.offices[COMMUNITY], "roll_call", roll.id)


def test_the_board_moves_and_stops_when_it_is_over(stage: Stage, emergency: Emergency) -> None:
    board = page(stage.leader, "emergency", emergency.id)
    assert "every 2s" in board and "水位" in board
    assert "1 栋" in board
    emergencies.end(emergency.id, "水退了", now=timezone.now(), by=stage.leader)
    assert page(stage.leader, "emergency_figures", emergency.id, status=286) == ""
    assert "every 2s" not in page(stage.leader, "emergency", emergency.id)


def test_a_board_reads_counters_however_many_buildings_there_are(
    stage: Stage, emergency: Emergency
) -> None:
    roll_calls.call(emergency, now=timezone.now(), by=stage.leader)
    client = signed_in(stage.leader)
    address = url("emergency_figures", emergency.id)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)
    assert len(asked) <= 14, [q["sql"][:90] for q in asked]


def test_a_chief_does_tasks_and_helps_at_the_doors(stage: Stage, emergency: Emergency) -> None:
    of, by = stage.buildings[0], chief(stage)
    assert "已下达 3 项任务" in post(
        stage.clerk, "emergency_tasks", emergency.id, own="逐户敲门"
    )  # fmt: skip
    assert "已入库" in post(
        stage.clerk, "emergency_supplies", emergency.id, name="米", measure="袋", n=5
    )
    home = stage.households(of)[0]
    said: dict[str, Any] = {"household": str(home.id), "kinds": ["food"], "note": SECRET}
    shown = post(by, "emergency_building", emergency.id, of.id, **said)
    assert SECRET in shown and "等着解决" in shown and "逐户敲门" in shown
    with within(by.scope):
        need = Need.objects.get()
    supply = str(emergency.supplies.get().id)
    given: dict[str, Any] = {"give-supply": supply, "give-n": 1}
    above = page(stage.leader, "emergency_building", emergency.id, of.id)
    assert SECRET not in above and "看原文" in above
    assert SECRET in post(stage.leader, "look_at_need", need.id, reason="联系送药")
    post(stage.leader, "look_at_need", need.id, status=422)
    assert "没有这么多" in post(by, "serve_need", need.id, supply=supply, n=6)
    assert "米 2 袋" in post(by, "serve_need", need.id, supply=supply, n=2, words="送到门口")
    assert "已发给本楼" in post(by, "give_out", emergency.id, of.id, **given)
    errand = Errand.objects.get(building=of)
    assert "任务 1 / 1" in post(by, "errand_done", errand.id, note="都在家")
    page(chief(stage, 1), "emergency_building", emergency.id, of.id, status=404)
    page(stage.offices[NEXT], "emergency_building", emergency.id, of.id, status=404)
    for name in ("emergency_tasks", "emergency_supplies", "emergency_shifts", "emergency_needs"):
        page(by, name, emergency.id, status=404)
    assert "东门" in post(
        stage.clerk, "emergency_shifts", emergency.id, post=str(by.post), spot="东门",
        from_at="2026-07-01T08:00", to_at="2026-07-01T16:00",
    )  # fmt: skip
    assert "我的值班" not in page(by, "emergency", emergency.id), "it is over"
    tomorrow = timezone.localdate() + timedelta(days=1)
    post(
        stage.clerk, "emergency_shifts", emergency.id, post=str(by.post), spot="西门",
        from_at=f"{tomorrow}T08:00", to_at=f"{tomorrow}T16:00",
    )  # fmt: skip
    own = page(by, "emergency", emergency.id)
    assert "我的值班" in own and "西门" in own and "东门" not in own


def test_a_household_says_itself_what_it_needs(stage: Stage, emergency: Emergency) -> None:
    home = stage.households(stage.buildings[0])[0]
    client, address = Client(), url("need", home.key)
    assert "《突发事件应对法》" in client.get(address).content.decode()
    told = client.post(address, {"kinds": ["medicine"], "note": SECRET}, follow=True)
    shown = told.content.decode()
    assert "药品、就医" in shown and "正在办" in shown and SECRET not in shown
    with within(chief(stage).scope):
        assert Need.objects.get().household_id == home.id
    assert client.get(url("need", "x" * 16)).status_code == 404
    elsewhere = stage.households(stage.buildings[3])[0]
    answer = client.get(url("need", elsewhere.key), follow=True)
    assert "没有战斗状态" in answer.content.decode()
    for _n in range(60):
        answer = client.get(address)
    assert answer.status_code == 429


def test_signs_stand_where_people_look(stage: Stage, emergency: Emergency) -> None:
    assert "西江洪水" in page(chief(stage), "hub")
    assert "西江洪水" not in page(stage.offices[NEXT], "hub")
    assert "西江洪水" in page(stage.offices[COMMUNITY], "hub")


def test_other_rooms_show_it_by_a_tag(stage: Stage, emergency: Emergency) -> None:
    first, other = stage.buildings[0], stage.buildings[3]
    home = stage.households(first)[0]
    shown = Template(
        "{% load emergency %}{% emergency_at_door b %}{% emergency_of_building b by %}"
        "{% emergency_at_home h %}"
    )
    said = shown.render(Context({"b": first, "h": home, "by": chief(stage)}))
    assert said.count("西江洪水") == 3 and url("need", home.key) in said
    assert url("emergency_building", emergency.id, first.id) in said
    quiet = Template("{% load emergency %}{% emergency_at_door b %}").render(Context({"b": other}))
    assert "西江洪水" not in quiet


def test_tasks_are_kept_in_one_language(stage: Stage, emergency: Emergency) -> None:
    with override("en"):
        kept = errands.template("flood")
    assert all("\u4e00" <= zh[0] <= "\u9fff" and en.isascii() for zh, en in kept)


def test_it_ends_with_a_report_on_a_page_and_as_pdf(stage: Stage, emergency: Emergency) -> None:
    home = stage.households(stage.buildings[0])[0]
    needs.register(emergency, home, ["food"], SECRET, now=timezone.now(), by=None)
    roll = roll_calls.call(emergency, now=timezone.now(), by=stage.leader)
    roll_calls.answer(roll, now=timezone.now(), by=chief(stage))
    until = str(timezone.localdate() + timedelta(days=9))
    post(stage.leader, "extend_emergency", emergency.id, ends_on=until, reason="水没退")
    report = post(stage.leader, "end_emergency", emergency.id, reason="水退了", kept=5)
    assert "联系到 1 户" in report and "食物、饮水" in report and SECRET not in report
    made = signed_in(stage.leader).get(url("emergency_report_pdf", emergency.id))
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(made.content)).pages)
    assert "西江洪水" in text and "水退了" in text and "13800001234" not in text
    sooner = str(timezone.localdate() + timedelta(days=1))
    assert "已提前" in post(stage.leader, "emergency_report", emergency.id, erase_on=sooner)
    assert "只能提前" in post(
        stage.leader, "emergency_report", emergency.id, status=422, erase_on=until
    )
    page(chief(stage), "emergency_report", emergency.id, status=404)
    post(stage.clerk, "end_emergency", emergency.id, status=404)
