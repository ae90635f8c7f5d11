"""Pages of residents' registrations: their own without an account, staff's masked or as figures."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.mechanisms.neighbourhoods.models import Purpose, Registered
from gongzhi.mechanisms.neighbourhoods.registers import purposes, residents
from gongzhi.mechanisms.neighbourhoods.tests.homes import (
    CITY,
    COMMUNITY,
    COUNTY,
    EMAIL,
    NAME,
    PHONE,
    SAID,
    TOWN,
    Homes,
)
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

HERE = "/neighbourhoods"
FILLED = {"name": NAME, "phone": PHONE, "email": EMAIL, "agree_medicine": "on", "medicine": "cold"}


@pytest.fixture
def homes(db: None) -> Iterator[Homes]:
    cache.clear()
    yield Homes()
    cache.clear()


def rows(homes: Homes) -> list[Registered]:
    with within(homes.secretary.scope):
        return list(Registered.objects.filter(erased_at=None).order_by("registered_at"))


def sent(client: Client, path: str, **said: Any) -> str:
    """Where it led to; or fails with what is wrong."""
    answer = client.post(f"{HERE}/{path}", said)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_resident_is_told_what_for_before_anything_is_asked(homes: Homes) -> None:
    page = Client().get(f"{HERE}/home/{homes.home.key}/register/{purposes.CONTACT}/").text
    asked = page.index('name="name"')
    for said in ("为什么登记", "您本人同意", "保存到", "谁看得到", "您随时可以"):
        assert page.index(said) < asked, said
    assert page.index("每项单独同意") < page.index('name="medicine"')
    assert 'name="agree_medicine"' in page and '<details class="fold">' in page


def test_a_resident_registers_sees_copies_corrects_withdraws_and_deletes(homes: Homes) -> None:
    client = Client()
    assert "邻里联系" in client.get(f"{HERE}/home/{homes.home.key}/register/").text
    path = f"home/{homes.home.key}/register/{purposes.CONTACT}/"
    own = sent(client, path, once="k", **FILLED)
    assert sent(client, path, once="k", **FILLED) == own, "pressed twice"
    assert sent(client, path, once="l", **FILLED) == own, "gone back and sent again"
    (row,) = rows(homes)
    assert own == f"{HERE}/mine/{row.key}/"
    page = client.get(own)
    assert "no-store" in page.headers["Cache-Control"] and page.headers["X-Robots-Tag"] == "noindex"
    assert NAME in page.text and PHONE in page.text and "药要冷藏" in page.text
    residents.look(homes.home.id, "停水通知", now=timezone.now(), by=homes.chief)
    copied = json.loads(client.get(f"{own}copy.json").text)
    assert copied["登记的内容"]["姓名"] == NAME and copied["谁看过"][0]["事由"] == "停水通知"
    assert "停水通知" in client.get(own).text
    form = client.get(f"{own}correct/").text
    assert NAME in form and PHONE in form
    sent(client, f"mine/{row.key}/correct/", **{**FILLED, "phone": "13900001111"})
    assert "13900001111" in client.get(own).text
    sent(client, f"mine/{row.key}/withdraw/medicine/")
    assert "药要冷藏" not in client.get(own).text
    sent(client, f"mine/{row.key}/erase/")
    assert client.get(own).status_code == 404 and rows(homes) == []


def test_a_need_without_its_tick_is_asked_about_and_refused_the_rest_goes(homes: Homes) -> None:
    client, path = Client(), f"home/{homes.home.key}/register/{purposes.CONTACT}/"
    answer = client.post(f"{HERE}/{path}", {**FILLED, "agree_medicine": ""})
    assert answer.status_code == 422 and "请勾选同意" in answer.text and NAME in answer.text
    sent(client, path, **{**FILLED, "agree_medicine": "", "medicine": ""})
    (row,) = rows(homes)
    assert set(residents.own(str(row.key)).said) == {"name", "phone", "email"}


def test_the_own_page_is_found_by_code_and_by_name(homes: Homes) -> None:
    key = str(homes.registered().key)
    spaced = f"{key[:4]} {key[4:8]}-{key[8:].upper()}"
    assert sent(Client(), "mine/", code=spaced).endswith(f"/mine/{key}/")
    assert "没有这个登记码" in Client().post(f"{HERE}/mine/", {"code": "x" * 16}).text
    path = f"{HERE}/home/{homes.home.key}/mine/"
    assert key in Client().post(path, {"name": NAME, "phone": PHONE}).text
    told = Client().post(path, {"name": "张三", "phone": PHONE}).text
    assert "没有找到" in told and key not in told


def test_the_households_page_leads_to_registering(homes: Homes) -> None:
    card = render_to_string("neighbourhoods/residents/at_home.html", {"household": homes.home})
    found = re.findall('href="([^"]+)"', card)
    assert len(found) == 2
    assert {Client().get(address).status_code for address in found} == {200}


def test_whoever_guesses_is_slowed_down(homes: Homes) -> None:
    codes = {Client().post(f"{HERE}/mine/", {"code": f"{n:016}"}).status_code for n in range(31)}
    assert 429 in codes


@pytest.mark.parametrize("path", ["home/x/register/", "home/x/mine/", "mine/x/", "mine/x/copy.json",
                                  "mine/x/erase/", "mine/x/withdraw/alone/"])  # fmt: skip
def test_a_wrong_key_opens_nothing(homes: Homes, path: str) -> None:
    homes.registered()
    answer = Client().get(f"{HERE}/{path}")
    assert answer.status_code == 404
    assert ("请楼长或社区给您一张新的" in answer.text) == path.startswith("home/")


def seen(by: Holder, path: str) -> str:
    answer = signed_in(by).get(f"{HERE}/{path}")
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def test_a_chief_sees_the_own_building_masked_and_no_other(homes: Homes) -> None:
    homes.registered()
    for path in (f"residents/in/{homes.building.id}/", f"residents/at/{homes.home.id}/"):
        page = seen(homes.chief, path)
        assert "欧阳**" in page and "138****1234" in page and "长期用药" in page
        assert NAME not in page and PHONE not in page and "药要冷藏" not in page
        assert EMAIL not in page
        assert seen(homes.other_chief, path) == "404"
    assert "2栋" not in seen(homes.chief, "residents/")


@pytest.mark.parametrize("place", [COMMUNITY, TOWN, COUNTY, CITY])
def test_those_above_see_figures_and_no_person(homes: Homes, place: str) -> None:
    homes.registered()
    by = homes.cast[place, "clerk"]
    page = seen(by, f"residents/?place={COMMUNITY}")
    assert "1栋" in page and "2栋" in page and "长期用药 1" in page
    for path in (f"residents/in/{homes.building.id}/", f"residents/at/{homes.home.id}/"):
        page = seen(by, path)
        assert "101" in page
        for told in ("欧阳", "138****1234", "长期用药", EMAIL):
            assert told not in page
    stranger = homes.cast[OUTSIDE, "clerk"]
    assert seen(stranger, f"residents/in/{homes.building.id}/") == "404"
    assert seen(stranger, f"residents/?place={COMMUNITY}") == "404"


def test_one_household_is_seen_with_a_reason_and_entered_each_time(homes: Homes) -> None:
    row = homes.registered()
    homes.registered({**SAID, "name": "张三"}, home=homes.next)
    client, path = signed_in(homes.secretary), f"{HERE}/residents/at/{homes.home.id}/"
    assert client.post(path, {"reason": ""}).status_code == 422
    page = client.post(path, {"reason": "独居老人走访"})
    assert NAME in page.text and PHONE in page.text and "张三" not in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert NAME not in client.get(path).text, "only once for a reason"
    client.post(path, {"reason": "再看一次"})
    assert [one.reason for one in residents.looks(row)] == ["再看一次", "独居老人走访"]
    assert signed_in(homes.other_chief).post(path, {"reason": "看看"}).status_code == 404


def test_the_chief_registers_at_the_door_and_does_what_the_resident_asks(homes: Homes) -> None:
    client = signed_in(homes.chief)
    path = f"residents/at/{homes.home.id}/register/{purposes.CONTACT}/"
    answer = client.post(f"{HERE}/{path}", FILLED)
    assert answer.status_code == 422 and "没有本人同意" in answer.text
    sent(client, path, present="on", once="k", **FILLED)
    (row,) = rows(homes)
    assert row.by_post == homes.chief.post
    page = client.get(f"{HERE}/residents/{row.id}/correct/").text
    assert NAME not in page and PHONE not in page
    sent(client, f"residents/{row.id}/correct/", present="on", phone="13900001111")
    person = residents.own(str(row.key))
    assert person.said["phone"] == "13900001111" and person.said["name"] == NAME
    gone = f"residents/{row.id}/erase/"
    assert client.post(f"{HERE}/{gone}", {"wish": ""}).status_code == 422
    sent(client, f"{gone}?field=medicine", wish="on")
    assert "medicine" not in residents.own(str(row.key)).said
    assert [one.did for one in residents.looks(row)] == ["withdraw", "correct"]
    sent(client, gone, wish="on")
    assert rows(homes) == []


def test_another_chief_does_nothing(homes: Homes) -> None:
    row = homes.registered()
    client = signed_in(homes.other_chief)
    for path in (f"residents/at/{homes.home.id}/register/{purposes.CONTACT}/",
                 f"residents/{row.id}/correct/", f"residents/{row.id}/erase/"):  # fmt: skip
        assert client.get(f"{HERE}/{path}").status_code == 404
        assert client.post(f"{HERE}/{path}", {"present": "on", **FILLED}).status_code == 404


def test_staff_make_and_end_purposes(homes: Homes) -> None:
    client = signed_in(homes.secretary)
    said = {"name": "疫苗接种", "why": "安排接种", "basis": "您本人同意", "keep_days": "30",
            "fields_asked": ["name", "mobility"], "sensitive": ["name"]}  # fmt: skip
    sent(client, "purposes/new/", **said)
    of = Purpose.objects.get(name="疫苗接种")
    assert of.place == COMMUNITY and of.sensitive == ["name", "mobility"]
    assert client.get(f"{HERE}/purposes/{purposes.CONTACT}/end/").status_code == 404
    sent(client, f"purposes/{of.id}/end/")
    of.refresh_from_db()
    assert of.ends_on == timezone.localdate()
    assert client.get(f"{HERE}/purposes/new/").status_code == 200
    assert signed_in(homes.chief).get(f"{HERE}/purposes/new/").status_code == 404


def test_buildings_come_page_by_page(homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongzhi.mechanisms.neighbourhoods.pages.residents.staff.PAGE", 1)
    first = seen(homes.secretary, "residents/")
    assert "1栋" in first and "2栋" not in first and f"after={COMMUNITY}.1" in first
    assert "2栋" in seen(homes.secretary, f"residents/?after={COMMUNITY}.1")
