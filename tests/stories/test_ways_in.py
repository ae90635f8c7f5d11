"""How a resident gets in: by a unit's link, without a phone, and a second time."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from gongzhi.cases.models import Case
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, make_post, make_unit, signed_in
from gongzhi.people.models import Account
from gongzhi.people.scope import Scope, within
from gongzhi.people.sealing import blind_index

VILLAGE, TOWN = LINE[-1], LINE[-2]
REPORT = f"/report/mediation/{VILLAGE}/"
TOLD = {"category": "neighbours", "text": "隔壁把水排到我家墙根。", "danger": "none",
        "respondent": "邻居", "name": "李工友", "phone": "13800007788", "key": "one"}  # fmt: skip


@pytest.fixture(autouse=True)
def counts_start_afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def only_case() -> Case:
    with within(Scope(place="44")):
        (case,) = Case.objects.all()
    return case


def through(unit: UUID | str, **said: str) -> Case:
    answer = Client().post(f"{REPORT}?via={unit}", {**TOLD, **said})
    assert answer.status_code == 302
    return only_case()


def test_a_studio_s_link_brings_the_case_to_the_studio(cast: Cast) -> None:
    studio = make_unit(TOWN, "studio", parent=cast.units[TOWN])
    case = through(studio)
    assert (case.channel, case.unit, case.facts["via"]) == ("link", studio, str(studio))


@pytest.mark.parametrize("unit", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_link_to_nowhere_is_a_report_like_any_other(cast: Cast, unit: str) -> None:
    case = through(unit)
    assert (case.channel, case.unit) == ("web", cast.units[VILLAGE])


@pytest.mark.parametrize(("place", "kind"), [(TOWN, "station"), (OUTSIDE, "studio")])
def test_a_unit_that_does_not_take_it_is_named_and_the_case_goes_its_way(
    cast: Cast, place: str, kind: str
) -> None:
    unit = make_unit(place, kind, parent=cast.units[place])
    case = through(unit)
    assert (case.channel, case.unit) == ("link", cast.units[VILLAGE])
    assert case.facts["via"] == str(unit)


def test_a_complaint_by_the_link_of_the_one_complained_about_goes_past_them(cast: Cast) -> None:
    studio = make_unit(TOWN, "studio", parent=cast.units[TOWN])
    mediator = make_post(studio, TOWN, "mediator", unit_kind="studio", sees=False)
    Account.objects.filter(id=mediator.account).update(
        phone_index=blind_index("phone", "13800005555")
    )
    case = through(studio, respondent_phone="13800005555")
    assert case.unit != studio and mediator.account in case.hidden


def test_the_link_stays_while_one_looks_for_the_place(cast: Cast) -> None:
    unit = cast.units[TOWN]
    page = Client().get(f"/report/?at={TOWN}&via={unit}").content.decode()
    assert f"{REPORT}?via={unit}" in page
    assert f'name="via" value="{unit}"' in page


def test_who_has_no_phone_gets_a_code_and_follows_the_case_with_it(cast: Cast) -> None:
    client = Client()
    said = {**TOLD, "phone": "", "no_phone": "on"}
    page = client.post(REPORT, said, follow=True).content.decode()
    number = only_case().number
    code = page.split('<dd class="number">')[1][:4]
    assert code.isdigit() and "编号加查询码" in page
    elsewhere = Client()
    asked = {"number": number, "tail": code}
    assert elsewhere.post("/track/", asked, follow=True).request["PATH_INFO"] == "/case/"
    wrong = {"number": number, "tail": str(int(code) - 1)}
    assert elsewhere.post("/track/", wrong).status_code == 422
    # Sent again after a broken line: the same case, the same code.
    again = Client().post(REPORT, said, follow=True).content.decode()
    assert only_case().number == number and code in again


def test_neither_phone_nor_a_word_about_it_is_asked_for(cast: Cast) -> None:
    answer = Client().post(REPORT, {**TOLD, "phone": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有电话的，请勾选下面一项" in page and TOLD["text"] in page


def test_the_same_phone_is_led_to_what_was_told_before(cast: Cast) -> None:
    client = Client()
    assert "这部手机上" not in client.get(REPORT).content.decode()
    client.post(REPORT, TOLD)
    page = client.get(REPORT).content.decode()
    assert "这部手机上" in page and 'href="/case/"' in page


def test_a_clerk_is_told_the_code_and_finds_it_again_once_it_is_noted_why(cast: Cast) -> None:
    clerk = signed_in(cast[VILLAGE, "clerk"])
    said = {**TOLD, "phone": "", "no_phone": "on", "channel": "visit"}
    page = clerk.post(f"/desk/new/mediation/{VILLAGE}/", said, follow=True).content.decode()
    assert "请把编号和查询码" in page
    assert "查询码：" not in page and "来访" in page
    case = only_case()
    at = f"/desk/cases/{case.county}/{case.id}/"
    reason = {"reason": "当事人忘了查询码", "key": "k"}
    assert "查询码：" in clerk.post(f"{at}do/reveal/", reason, follow=True).content.decode()
