"""Pages of petitions: the notices beside a case, earlier answers, figures by level, the portal."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from gongzhi.cases.reading import case_for
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, signed_in
from gongzhi.declare import Level
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.pages.levels import by_level
from gongzhi.mechanisms.petitions.pages.notices import notices
from gongzhi.mechanisms.petitions.tests.conftest import (
    NOTE,
    OPINION,
    PROVINCE,
    TOWN,
    VILLAGE,
    WHY,
    Stage,
)


def test_every_notice_says_when_it_was_due_and_how_it_was_sent(stage: Stage) -> None:
    case = stage.registered()
    case.travel(days=3)
    case.act(m.accept, {**NOTE, "served": "post"}, by=stage.clerk)
    found = notices(case_for(stage.clerk, *case.ref))
    assert [(n.document.name, n.late) for n in found] == [("receipt", False), ("acceptance", False)]
    assert str(found[1].way) == "邮寄" and found[1].due_at and found[1].due_at > found[1].sent_at


def test_a_notice_that_came_too_late_is_marked(stage: Stage) -> None:
    case = stage.accepted()
    case.travel(days=70)
    sweep(case.now)
    case.act(m.answer, OPINION, by=stage.handler)
    found = {n.document.name: n.late for n in notices(case_for(stage.clerk, *case.ref))}
    assert found == {"receipt": False, "acceptance": False, "opinion": True}
    page = signed_in(stage.clerk).get(reverse("petitions:beside", args=case.ref))
    assert "逾期送达" in page.content.decode()


def test_beside_another_mechanism_there_is_nothing(stage: Stage) -> None:
    case = stage.registered()
    outsider = stage.cast["441202", "clerk"]
    address = reverse("petitions:beside", args=case.ref)
    assert signed_in(outsider).get(address).status_code == 404


def test_reading_a_repeat_shows_what_was_answered_before(stage: Stage) -> None:
    first, again = stage.answered(), stage.registered(key="2")
    said = {**WHY, "other": first.ref, "closed": False}
    again.act(m.merge, said, by=stage.clerk)
    page = signed_in(stage.clerk).get(reverse("desk:earlier", args=again.ref)).content.decode()
    assert "限期拆除" in page and "城乡规划法第六十四条" in page


def test_figures_tell_what_each_level_did(stage: Stage) -> None:
    case = stage.registered()
    case.act(m.forward, {**WHY, "unit": stage.cast.units[TOWN]}, by=stage.clerk)
    case.act(m.accept, NOTE, by=stage.cast[TOWN, "clerk"])
    case.act(m.answer, OPINION, by=stage.cast[TOWN, "handler"])
    since = BEGAN.date()
    rows = by_level(stage.cast[PROVINCE, "leader"], PROVINCE, since, since + timedelta(days=9))
    of = {row.level: row for row in rows}
    assert of[Level.VILLAGE].counts["entered"] == of[Level.TOWN].counts["entered"] == 1
    assert of[Level.TOWN].shares["on_time"] == (1, 1) and of[Level.TOWN].percent("on_time") == 100
    assert of[Level.COUNTY].percent("acceptance") is None


def test_the_figures_page_says_how_each_is_made(stage: Stage) -> None:
    client = signed_in(stage.cast[TOWN, "leader"])
    page = client.get(reverse("petitions:figures"))
    assert "÷" in page.content.decode()
    assert client.get(reverse("petitions:figures"), {"place": PROVINCE}).status_code == 404
    sheet = client.get(reverse("petitions:figures"), {"as": "xlsx"})
    assert sheet["Content-Type"].startswith("application/vnd.openxml")


def test_the_public_finds_petitions_beside_mediation(stage: Stage) -> None:
    page = Client().get("/").content.decode()
    assert "我要信访" in page and "我要反映矛盾纠纷" in page
    form = Client().get(reverse("portal:new", args=["petitions", VILLAGE])).content.decode()
    assert f'value="{stage.cast.units[TOWN]}"' in form, "units that it may be about are offered"


def test_a_petition_from_the_portal_passes_the_unit_it_is_about(stage: Stage) -> None:
    client = Client()
    said = {
        "category": "construction", "purpose": "request", "text": "村里不批不拆", "request": "拆除",
        "accused": str(stage.cast.units[VILLAGE]), "name": "张三", "phone": "13800001234",
        "notice": "online", "people": "1", "key": "k",
    }  # fmt: skip
    answer = client.post(reverse("portal:new", args=["petitions", VILLAGE]), said, follow=True)
    assert answer.status_code == 200 and "receipt" in answer.redirect_chain[0][0]
    page = client.get("/case/").content.decode()
    assert f"governance_centre {TOWN}<" in page
