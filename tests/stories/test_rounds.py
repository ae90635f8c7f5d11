"""A round over HTTP: a town declares it, a village answers, the county sees who is silent."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import LINE, OUTSIDE, Cast, signed_in
from gongzhi.networks.investigation.models import Answer, Round
from gongzhi.people.models import Unit
from gongzhi.places.search import name_of

COUNTY, TOWN, VILLAGE = LINE[2:]
BARE = "441226114203"
ROUNDS = reverse("networks:rounds")
NEW = reverse("networks:declare_round")


@pytest.fixture(autouse=True)
def counts_start_afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def typed(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": "岁末欠薪排查", "wanted": "有没有拖欠工资\n有没有停工的工地", "place": TOWN,
        "level": "5", "kinds": ["mediator"], "matter": "mediation:wages",
        "begins_on": today.isoformat(), "ends_on": (today + timedelta(days=3)).isoformat(),
        "repeats": "once", "times": "", **changes,
    }  # fmt: skip


def sent(client: Client, **changes: Any) -> UUID:
    """Declared as a leader does it: fill in, look at what it asks, send."""
    shown = client.post(NEW, typed(**changes)).content.decode()
    seal = re.search(r'name="confirm" value="([^"]+)"', shown)
    assert seal
    answer = client.post(NEW, typed(**changes, confirm=seal[1]))
    assert answer.status_code == 302
    return Round.objects.get().id


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def answer_page(of: UUID, place: str = VILLAGE) -> str:
    return reverse("networks:answer_round", args=[of, 1, place])


def test_nothing_is_sent_before_it_was_shown_how_many_it_asks(cast: Cast) -> None:
    leader = signed_in(cast[TOWN, "leader"])
    shown = leader.post(NEW, typed()).content.decode()
    assert "2 人" in shown and "由镇上代报" in shown and "岁末欠薪排查" in shown
    assert not Round.objects.exists()
    seal = re.search(r'name="confirm" value="([^"]+)"', shown)
    assert seal
    # Whoever asks more people afterwards is shown the new figure first.
    again = leader.post(NEW, typed(kinds=["mediator", "clerk"], confirm=seal[1])).content.decode()
    assert "4 人" in again and not Round.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请写排查什么"),
        ({"wanted": ""}, "一行一点"),
        ({"kinds": []}, "请选由哪些岗位回报"),
        ({"ends_on": "2020-01-01"}, "截止日不能早于开始日"),
        ({"repeats": "week"}, "请写一共几次"),
        ({"place": COUNTY}, "不在可选的范围内"),
        ({"matter": "petitions:nothing"}, "没有这一类"),
        ({"matter": "petitions:land"}, "有不能登记这类案件的"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    cast: Cast, wrong: dict[str, Any], said: str
) -> None:
    answer = signed_in(cast[TOWN, "leader"]).post(NEW, typed(**wrong))
    shown = answer.content.decode()
    assert answer.status_code == 422 and said in shown and not Round.objects.exists()
    assert "有没有停工的工地" in shown or "wanted" in wrong


def test_who_may_not_declare_finds_no_form(cast: Cast) -> None:
    for by in (cast[TOWN, "mediator"], cast[VILLAGE, "clerk"], cast["court", "judge"]):
        assert signed_in(by).get(NEW).status_code == 404
        assert "部署排查" not in page(signed_in(by), ROUNDS)


def test_a_mediator_answers_in_one_tap_and_corrects_it(cast: Cast) -> None:
    of = sent(signed_in(cast[TOWN, "leader"]))
    mediator = signed_in(cast[VILLAGE, "mediator"])
    assert "您有 1 项排查要回报" in page(mediator, "/desk/")
    shown = page(mediator, ROUNDS)
    assert "有没有停工的工地" in shown and "没有发现" in shown and "发现了" in shown
    answer = mediator.post(answer_page(of), {"what": "zero", "seen": ""}, follow=True)
    said = answer.content.decode()
    assert "已回报：没有发现" in said and "更正" in said
    assert "项排查要回报" not in page(mediator, "/desk/")
    given = Answer.objects.get()
    assert given.account == cast[VILLAGE, "mediator"].account
    mediator.post(answer_page(of), {"what": "withdraw", "seen": str(given.id)})
    assert "您有 1 项排查要回报" in page(mediator, "/desk/")
    assert "以前的回报" in page(mediator, answer_page(of))


def test_a_finding_is_registered_and_the_round_is_answered_by_that(cast: Cast) -> None:
    of = sent(signed_in(cast[TOWN, "leader"]))
    mediator = signed_in(cast[VILLAGE, "mediator"])
    shown = page(mediator, answer_page(of))
    link = re.search(r'href="(/desk/new/mediation/[^"]+)"', shown)
    assert link
    address = link[1].replace("&amp;", "&")
    assert '<option value="wages" selected>' in page(mediator, address)
    done = mediator.post(
        address,
        {"category": "wages", "text": "拖欠工资三十八万元", "danger": "none", "channel": "visit",
         "name": "李工友", "phone": "13800007788", "respondent": "某合作社", "key": "found"},
        follow=True,
    )  # fmt: skip
    assert "已记入排查的回报" in done.content.decode()
    given = Answer.objects.get()
    assert given.found == 1 and len(given.numbers) == 1
    assert "发现 1 件" in page(mediator, ROUNDS)
    # The same case again, picked from the list, changes nothing.
    same = {"what": "found", "seen": str(given.id), "case": given.numbers}
    assert mediator.post(answer_page(of), same).status_code == 302
    assert Answer.objects.count() == 1


def test_a_number_that_is_none_is_told_and_stays(cast: Cast) -> None:
    of = sent(signed_in(cast[TOWN, "leader"]))
    mediator = signed_in(cast[VILLAGE, "mediator"])
    for number, said in (("123", "编号有误"), ("", "请勾选案件"), ("4412262600000019", "编号")):
        answer = mediator.post(answer_page(of), {"what": "found", "seen": "", "number": number})
        shown = answer.content.decode()
        assert answer.status_code == 422 and said in shown and f'value="{number}"' in shown
    assert not Answer.objects.exists()


def test_a_county_sees_the_silent_village_and_whom_to_call(cast: Cast) -> None:
    of = sent(signed_in(cast[COUNTY, "leader"]), place=COUNTY)
    Unit.objects.filter(id=cast.units[TOWN]).update(phone="0758-7700000")
    signed_in(cast[VILLAGE, "mediator"]).post(answer_page(of), {"what": "zero", "seen": ""})
    address = reverse("networks:round", args=[of])
    county = signed_in(cast[COUNTY, "clerk"])
    assert name_of(TOWN) in page(county, address)
    shown = page(county, address, place=TOWN)
    silent = shown.split('id="silent"')[1].split("</section>")[0]
    assert name_of(BARE) in silent and "0758-7700000" in silent
    assert name_of(VILLAGE) not in silent
    sheet = county.get(address, {"place": TOWN, "as": "xlsx"}).content
    rows = {r[0]: r for r in openpyxl.load_workbook(io.BytesIO(sheet)).active.values}  # type: ignore[union-attr]
    assert rows[VILLAGE][2] == "没有发现" and rows[BARE][2] == "没有回报"
    assert rows[BARE][7] == "0758-7700000"


def test_nobody_outside_sees_a_round(cast: Cast) -> None:
    of = sent(signed_in(cast[TOWN, "leader"]))
    address = reverse("networks:round", args=[of])
    outside = [cast[OUTSIDE, "leader"], cast[VILLAGE, "leader"], cast[TOWN, "mediator"],
               cast["court", "judge"]]  # fmt: skip
    for by in outside:
        client = signed_in(by)
        assert client.get(address).status_code == 404
        assert client.post(reverse("networks:end_round", args=[of])).status_code == 404
        assert f'href="{address}"' not in page(client, ROUNDS)
    for by in (cast[OUTSIDE, "mediator"], cast[TOWN, "mediator"], cast[TOWN, "leader"]):
        assert signed_in(by).post(answer_page(of), {"what": "zero", "seen": ""}).status_code == 404
    leader = signed_in(cast[TOWN, "leader"])
    for wrong in ({"place": COUNTY}, {"place": "x"}, {"turn": "2"}, {"turn": "x"}):
        assert leader.get(address, wrong).status_code == 404
    assert not Answer.objects.exists()


def test_a_town_sees_its_part_of_a_county_s_round(cast: Cast) -> None:
    of = sent(signed_in(cast[COUNTY, "leader"]), place=COUNTY)
    address = reverse("networks:round", args=[of])
    town = signed_in(cast[TOWN, "leader"])
    assert name_of(BARE) in page(town, address)
    assert town.get(address, {"place": COUNTY}).status_code == 404
    assert town.post(reverse("networks:end_round", args=[of]), follow=True).status_code == 200
    assert Round.objects.get().ended_at is None


def test_a_round_that_was_ended_asks_nobody(cast: Cast) -> None:
    leader = signed_in(cast[TOWN, "leader"])
    of = sent(leader)
    leader.post(reverse("networks:end_round", args=[of]))
    mediator = signed_in(cast[VILLAGE, "mediator"])
    assert "没有要您回报的排查" in page(mediator, ROUNDS)
    assert mediator.get(answer_page(of)).status_code == 404
    assert "已结束" in page(leader, reverse("networks:round", args=[of]))
