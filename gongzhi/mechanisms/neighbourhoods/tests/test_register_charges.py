"""Who stands on which rung of the six-level team, where nobody does, and who hands a post over."""

from typing import Any

import pytest
from django.urls import reverse

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.custody import hand_over, manages
from gongzhi.cases.testing import begin, make_post, make_unit, signed_in
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.models import Charge
from gongzhi.mechanisms.neighbourhoods.registers import appointing, buildings, charges
from gongzhi.mechanisms.neighbourhoods.registers.appointing import Over
from gongzhi.mechanisms.neighbourhoods.tests.register import COMMUNITY, COUNTY, Register
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import NotYourPost, as_holder


@pytest.fixture
def register(db: None) -> Register:
    return Register()


def given(register: Register, kind: str, over: Over, **more: int) -> Charge:
    post = Post.objects.filter(kind=kind, place=COMMUNITY).exclude(unit__kind="building_team")[0]
    return appointing.give(post, kind, over, by=register.clerk, now=register.now, **more)


def test_the_chain_shows_all_six_rungs_vacant_ones_too(register: Register) -> None:
    whole, grid = Over(COMMUNITY), Over(COMMUNITY, grid=register.grid)
    given(register, "first_secretary", whole)
    given(register, "grid_head", grid)
    chain = charges.chain(register.building, now=register.now)
    assert [rung.label for rung in chain] == [
        "第一书记", "区直联系单位领导", "街道联系领导", "社区党组织书记", "网格长", "楼长",
    ]  # fmt: skip
    assert [rung.vacant for rung in chain] == [False, True, True, True, False, True]
    register.appoint()
    assert not charges.chain(register.building, now=register.now)[-1].vacant


def test_only_one_is_in_charge_and_deputies_stand_in_order(register: Register) -> None:
    over = Over(COMMUNITY, building=register.building)
    put: dict[str, Any] = {"by": register.clerk, "now": register.now}
    team = Unit.objects.get(id=register.building.team)
    with pytest.raises(Refused, match="已经有人负责"):
        appointing.put(over, "building_chief", None, unit=team, title="副楼长", **put)
    assert not Post.objects.filter(title="副楼长").exists()
    appointing.put(over, "building_chief", None, unit=team, title="副楼长", deputy=2, **put)
    given_to = Post.objects.get(kind="grid_head", place=COMMUNITY)
    appointing.give(given_to, "building_chief", over, deputy=1, **put)
    chief = charges.chain(register.building, now=register.now)[-1]
    assert [a.charge.deputy for a in chief.answering] == [0, 1, 2]
    assert [a.post.title for a in chief.answering] == ["楼长", "grid_head", "副楼长"]


def test_a_post_of_another_kind_or_another_place_stands_on_no_rung(register: Register) -> None:
    judge = Post.objects.filter(kind="judge")[0]
    over = Over(COMMUNITY)
    with pytest.raises(Refused, match="不能放在这一级"):
        appointing.give(judge, "first_secretary", over, by=register.clerk, now=register.now)
    county = Unit.objects.get(id=register.cast.units[COUNTY])
    with pytest.raises(Refused, match="不在您的岗位范围内"):
        appointing.put(over, "district_contact", None, unit=county, title="联系领导",
                       by=register.clerk, now=register.now)  # fmt: skip
    made = appointing.put(over, "district_contact", None, unit=county, title="联系领导",
                          by=register.cast[COUNTY, "leader"], now=register.now)  # fmt: skip
    assert not Post.objects.get(id=made.post).sees_place


def test_whoever_has_a_charge_sees_these_buildings_and_no_others(register: Register) -> None:
    other = register.add_building("4", "4栋")
    unit = make_unit(COUNTY, "department", parent=register.cast.units[COUNTY])
    contact = make_post(unit, COUNTY, "building_chief", unit_kind="department", sees=False)
    assert not buildings.buildings_of(contact).exists()
    over = Over(COMMUNITY, building=register.building)
    post = Post.objects.get(id=contact.post)
    put: dict[str, Any] = {"by": register.clerk, "now": register.now}
    charge = appointing.give(post, "building_chief", over, deputy=1, **put)
    assert list(buildings.buildings_of(contact)) == [register.building]
    assert list(buildings.buildings_of(register.appoint(other))) == [other]
    appointing.end(charge, **put)
    assert not buildings.buildings_of(contact).exists()


def test_vacancies_are_buildings_grids_and_rungs_without_anybody_in_office(
    register: Register,
) -> None:
    def empty() -> tuple[int, int, dict[str, list[str]]]:
        now = register.now
        return (
            charges.without_chief(buildings.buildings_in(COUNTY), now=now).count(),
            charges.without_head(buildings.grids_in(COUNTY), now=now).count(),
            charges.lacking([COMMUNITY], now=now),
        )

    assert empty() == (1, 1, {COMMUNITY: list(charges.WHOLE)})
    chief = register.appoint()
    given(register, "grid_head", Over(COMMUNITY, grid=register.grid))
    for rung in charges.WHOLE:
        given(register, rung, Over(COMMUNITY))
    assert empty() == (0, 0, {})
    Appointment.objects.filter(post=chief.post).update(held_to=register.now)
    assert empty() == (1, 0, {})


def test_the_committee_hands_a_chiefs_post_over_and_the_team_keeps_its_requests(
    register: Register,
) -> None:
    chief = register.appoint()
    data = {"text": Words("漏水"), "building": register.building.id}
    case = begin(m.neighbourhoods, category="leak", data=data, place=COMMUNITY,
                 unit=register.building.team)  # fmt: skip
    heir = Account.objects.create(username="heir", name="新楼长")
    post = register.chief_post()
    for by in (chief, register.cast[COUNTY, "leader"], register.cast[COMMUNITY, "clerk"]):
        assert not manages(by, post)
        with pytest.raises(Refused):
            hand_over(post, heir, now=register.now, by=by)
    assert manages(register.clerk, post)
    hand_over(post, heir, now=case.now, by=register.secretary)
    with pytest.raises(NotYourPost):
        case.act(m.reply, {"note": Words("修好了")}, by=chief)
    heir_now = as_holder(heir.id, post.id, at=case.now)
    case.act(m.reply, {"note": Words("修好了")}, by=heir_now)
    assert case.row().state == "replied"


def test_the_page_of_posts_hands_over_and_leads_back(register: Register) -> None:
    Account.objects.create(username="heir", name="新楼长")
    client, post = signed_in(register.clerk), register.chief_post()
    back = reverse("neighbourhoods:building", args=[register.building.id])
    page = client.get(back).content.decode()
    address = f"{reverse('desk:change', args=[post.id])}?next={back}"
    assert address in page
    answer = client.post(address, {"username": "heir"})
    assert answer.status_code == 302 and answer.headers["Location"] == back
    assert "新楼长" in client.get(back).content.decode()
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example"):
        asked = f"{reverse('desk:change', args=[post.id])}?next={elsewhere}"
        sent = client.post(asked, {"username": "heir"})
        assert sent.headers["Location"] == reverse("desk:team")
    stranger = signed_in(register.cast[COMMUNITY, "clerk"])
    assert stranger.get(address).status_code == 404


def test_a_rung_is_given_and_ended_by_page(register: Register) -> None:
    client = signed_in(register.clerk)
    address = reverse("neighbourhoods:give", args=[COMMUNITY])
    post = Post.objects.get(kind="street_contact", place=COMMUNITY)
    said = {"rung": "street_contact", "post": str(post.id), "deputy": "0", "unit": "", "title": ""}
    assert client.post(address, said | {"post": ""}).status_code == 422
    assert client.post(address, said).status_code == 302
    again = client.post(address, said)
    assert again.status_code == 422 and "已经在这一级" in again.content.decode()
    charge = Charge.objects.get(rung="street_contact")
    client.post(reverse("neighbourhoods:end_charge", args=[charge.id]))
    charge.refresh_from_db()
    assert charge.held_to is not None
    new = {"rung": "building_chief", "post": "", "unit": str(register.building.team),
           "title": "副楼长", "deputy": "1"}  # fmt: skip
    to_building = f"{address}?building={register.building.id}"
    assert client.post(to_building, new).status_code == 302
    assert Post.objects.get(title="副楼长").unit_id == register.building.team
    chief = signed_in(register.appoint())
    assert chief.get(address).status_code == 404
    assert chief.post(reverse("neighbourhoods:end_charge", args=[charge.id])).status_code == 404
