"""A whistle by the list, over HTTP: called, disputed, decided, and the list learns from it."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.models import Case, Task
from gongzhi.cases.testing import LINE, Cast, make_post, make_unit, signed_in
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

CITY, COUNTY, TOWN, VILLAGE = LINE[1:]
MARK = "草案，未经本市确认"
PRECEDENTS = reverse("networks:precedents")


@pytest.fixture
def departments(cast: Cast) -> dict[str, Holder]:
    """Three of the county, and the drafts laid before the city."""
    found = {}
    for kind, name in (("transport", "交通运输局"), ("traffic_police", "交警大队"),
                       ("power", "供电局")):  # fmt: skip
        unit = make_unit(COUNTY, kind, parent=cast.units[COUNTY])
        Unit.objects.filter(id=unit).update(name=f"德庆县{name}")
        found[kind] = make_post(unit, COUNTY, "handler", unit_kind=kind, sees=False)
    entering.draft(drafts.lists(CITY, timezone.localdate()), now=timezone.now())
    return found


@pytest.fixture
def chief(cast: Cast) -> Client:
    return signed_in(cast[VILLAGE, "road_chief"])


def only_case() -> Case:
    with within(Scope(place="44")):
        (case,) = Case.objects.all()
    return case


def page_of(client: Client) -> str:
    case = only_case()
    return client.get(reverse("desk:case", args=[case.county, case.id])).content.decode()


def do(client: Client, act: str, **said: Any) -> tuple[str, str]:
    """The form as it is shown, and the page after it was sent with what it begins with."""
    case = only_case()
    address = reverse("desk:do", args=[case.county, case.id, act])
    answer = client.get(address)
    assert answer.status_code == 200, f"{act} is not open"
    form = answer.context["form"]
    begun = {n: v for n, f in form.fields.items()
             if (v := form.get_initial_for_field(f, n)) is not None}  # fmt: skip
    done = client.post(address, {**begun, **said, "key": uuid4().hex}, follow=True)
    assert done.redirect_chain, done.context["form"].errors
    return answer.content.decode(), done.content.decode()


def task(name: str) -> str:
    with within(Scope(place="44")):
        found = Task.objects.get(name=name, done_at=None)
    return f"{found.seq}.{found.n}"


def lamp_is_out(chief: Client) -> None:
    told = {"category": "lamp", "text": "路灯不亮。", "channel": "patrol", "key": "one"}
    answer = chief.post(f"/desk/new/roads/{VILLAGE}/", told)
    assert answer.status_code == 302, answer.context["form"].errors


def test_from_the_list_to_a_dispute_and_back_into_the_list(
    cast: Cast, departments: dict[str, Holder], chief: Client
) -> None:
    lamp_is_out(chief)
    shown, page = do(chief, "whistle")
    assert MARK in shown and "维修公路路段的照明" in shown
    assert shown.index("其他单位") < shown.index("交警大队")
    assert "德庆县供电局" in page and "德庆县交通运输局" in page and "交警大队" not in page

    transport = signed_in(departments["transport"])
    shown, _page = do(
        transport, "report_in", way="site", duty="dispute", unit=str(departments["power"].unit),
        reason="路灯产权属供电部门",
    )  # fmt: skip
    assert "责任清单这样写" in shown and "《公路法》第三十五条" in shown

    town = signed_in(cast[TOWN, "clerk"])
    shown, page = do(
        town, "decide_duty", task=task("decide_duty"), verdict="other",
        unit=str(departments["traffic_police"].unit), reason="按先例由交警办",
    )  # fmt: skip
    assert "维修公路路段的照明" in shown and "归另一个单位办" in page
    assert "路灯产权属供电部门" in shown, "who decides reads what the department says"

    leader = signed_in(cast[CITY, "leader"])
    found = leader.get(PRECEDENTS, {"matter": "roads/lamp"}).content.decode()
    assert "德庆县交通运输局" in found and "德庆县交警大队" in found
    assert "按先例由交警办" not in found, "not a unit of the case"
    assert "按先例由交警办" in town.get(PRECEDENTS).content.decode()
    assert "交警大队" not in leader.get(PRECEDENTS, {"matter": "roads/sign"}).content.decode()

    written(leader, unescape(re.findall(r'href="([^"]*precedent=[^"]*)"', found)[0]))
    row = Duty.objects.get(category="lamp", valid_to=None)
    police = next(line for line in row.lines if line.kind == "traffic_police")
    assert "先例" in police.basis and police.does.startswith("维修公路路段的照明")
    # The rest of the list stays as it was; who disputed is not called again.
    assert [line.kind for line in row.lines] == [
        "urban", "power", "village_committee", "traffic_police"
    ]  # fmt: skip
    assert not row.draft


def written(leader: Client, address: str) -> None:
    """The new row, as the precedent begins it, tried and entered."""
    page = leader.get(address)
    row, lines = page.context["form"], page.context["lines"]
    said = {n: row.get_initial_for_field(f, n) for n, f in row.fields.items()}
    n = len(lines.forms)
    said |= {"line-TOTAL_FORMS": n, "line-INITIAL_FORMS": n, "enter": "1"}
    for one in lines.forms:
        for bound in one:
            said[bound.html_name] = "" if bound.value() is None else bound.value()
    assert leader.post(reverse("networks:new_duty"), said).status_code == 302


def test_a_chief_whistles_in_three_taps_and_departments_go_on_from_their_list(
    departments: dict[str, Holder], chief: Client
) -> None:
    lamp_is_out(chief)
    do(chief, "whistle")
    power = signed_in(departments["power"])
    waiting = power.get(reverse("desk:list")).content.decode()
    assert waiting.index("报到：路灯不亮") < waiting.index('class="filters"')
    assert ">报到</a>" in page_of(power).split("下一步")[1].split("</section>")[0]
    do(power, "report_in", way="site")
    assert ">反馈处置</a>" in page_of(power).split("下一步")[1].split("</section>")[0]
    do(power, "feed_back", note="换了保险")
    _shown, page = do(chief, "inspect", task=task("inspect"), outcome="done", stars="3")
    assert "已核验" in page and "满意" in page
    table = page.split("吹哨进度")[1].split("</section>")[0]
    assert "已到现场" in table and table.count("按时") == 3


def test_who_stands_elsewhere_reads_no_precedent(
    cast: Cast, departments: dict[str, Holder], chief: Client
) -> None:
    lamp_is_out(chief)
    do(chief, "whistle")
    do(
        signed_in(departments["transport"]),
        "report_in",
        way="site",
        duty="dispute",
        reason="不归我们",
    )
    do(signed_in(cast[TOWN, "clerk"]), "decide_duty", task=task("decide_duty"), verdict="stands",
       reason="归它")  # fmt: skip
    case = only_case()
    outside = signed_in(cast["441202", "leader"])
    assert "还没有裁定过" in outside.get(PRECEDENTS).content.decode()
    said = {"precedent": f"{case.county}/{case.id}/4"}
    assert outside.get(reverse("networks:new_duty"), said).status_code == 404
    for wrong in ("x", "441226/x/1", f"{case.county}/{case.id}/1"):
        answer = signed_in(cast[COUNTY, "leader"]).get(
            reverse("networks:new_duty"), {"precedent": wrong}
        )
        assert answer.status_code == 404
