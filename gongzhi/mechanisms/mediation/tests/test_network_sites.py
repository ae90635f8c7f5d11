"""Who may open, change and close a site, what that carries with it, and opening times."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, begin, make_cast, make_post, make_unit
from gongzhi.declare import registry
from gongzhi.mechanisms.mediation.models import Mediator, Room, Served, Site, Visit
from gongzhi.mechanisms.mediation.network import coverage, hours, sites
from gongzhi.people.kinds import POST_KINDS
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder

COUNTY, TOWN, VILLAGE = LINE[2:]
TODAY = date(2026, 1, 5)
FACTS: dict[str, Any] = {"name": "九市法官联络点", "phone": "0758-7700000", "address": "九市圩一号"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def opened(by: Holder, kind: str = "contact_point", place: str = TOWN, **facts: Any) -> Unit:
    return sites.open_site(kind, place, FACTS | facts, by=by, now=BEGAN)


@pytest.mark.parametrize("kind", POST_KINDS)
def test_only_leaders_clerks_and_administrators_keep_the_register(cast: Cast, kind: str) -> None:
    allowed = kind in {"leader", "clerk", "administrator"}
    assert bool(sites.may_edit(cast[COUNTY, kind], TOWN)) is allowed


@pytest.mark.parametrize("unit_kind", sites.KINDS)
def test_only_centres_courts_and_judicial_offices_keep_it(db: None, unit_kind: str) -> None:
    unit = make_unit(COUNTY, unit_kind)
    clerk = make_post(unit, COUNTY, "clerk", unit_kind=unit_kind, sees=False)
    allowed = unit_kind in {"governance_centre", "court", "judicial_office"}
    assert bool(sites.may_edit(clerk, TOWN)) is allowed


@pytest.mark.parametrize("place", [COUNTY, VILLAGE, OUTSIDE])
def test_nobody_changes_what_lies_outside_the_post(cast: Cast, place: str) -> None:
    by = cast[TOWN, "clerk"]
    inside = place.startswith(TOWN)
    assert bool(sites.may_edit(by, place)) is inside
    if not inside:
        with pytest.raises(Refused, match="岗位范围"):
            opened(by, place=place)
        assert not Site.objects.exists()


def test_every_change_asks_who_makes_it(cast: Cast) -> None:
    point, outsider = opened(cast[TOWN, "clerk"]), cast[OUTSIDE, "clerk"]
    mediator = Post.objects.get(id=cast[TOWN, "mediator"].post)
    room = Room.objects.create(unit=point.id, name="一号")
    changes: list[Callable[[], object]] = [
        lambda: sites.change_site(point, FACTS, by=outsider),
        lambda: sites.close_site(point, by=outsider, now=BEGAN),
        lambda: sites.add_room(point, "二号", by=outsider),
        lambda: sites.close_room(point, room.id, by=outsider, now=BEGAN),
        lambda: sites.describe_mediator(mediator, {"about": "x"}, by=outsider),
        lambda: coverage.serve(point, VILLAGE, by=outsider, on=TODAY),
        lambda: coverage.stop_serving(point, VILLAGE, by=outsider, on=TODAY),
    ]
    for change in changes:
        with pytest.raises(Refused):
            change()
    assert Unit.objects.get(id=point.id).valid_to is None
    assert [r.name for r in sites.rooms(point.id)] == ["一号"]
    assert not Served.objects.exists() and not Mediator.objects.exists()


def test_a_site_is_a_unit_with_an_address(cast: Cast) -> None:
    point = opened(cast[TOWN, "clerk"])
    found = sites.one(point.id)
    assert found and found.site.address == "九市圩一号" and found.site.opened_on == TODAY
    assert found.at_seat and found.spot == sites.seats([TOWN])[TOWN]
    assert point.id in {k.unit.id for k in sites.find(TOWN)}


@pytest.mark.parametrize(
    ("kind", "place", "above"),
    [
        ("studio", TOWN, TOWN),
        ("mediation_committee", VILLAGE, VILLAGE),
        ("governance_centre", VILLAGE, TOWN),
        ("contact_point", TOWN, "court"),
        ("tribunal", TOWN, "court"),
    ],
)
def test_a_site_belongs_to_its_court_or_the_nearest_centre(
    cast: Cast, kind: str, place: str, above: str
) -> None:
    assert opened(cast[COUNTY, "clerk"], kind, place).parent == cast.units[above]


def test_coordinates_of_its_own_come_before_the_towns(cast: Cast) -> None:
    where: dict[str, Any] = {"longitude": 111.9, "latitude": 23.2, "located": "surveyed"}
    found = sites.one(opened(cast[TOWN, "clerk"], **where).id)
    assert found and found.spot == (111.9, 23.2) and not found.at_seat


def test_two_sites_of_one_name_at_one_place_are_refused(cast: Cast) -> None:
    opened(cast[TOWN, "clerk"])
    with pytest.raises(Refused, match="同名"):
        opened(cast[TOWN, "clerk"])


def test_nothing_is_opened_where_there_is_no_place(cast: Cast) -> None:
    with pytest.raises(Refused):
        opened(cast[TOWN, "clerk"], place=f"{TOWN}999")


def test_closing_ends_villages_rooms_and_posts(cast: Cast) -> None:
    by = cast[TOWN, "clerk"]
    point = opened(by)
    coverage.serve(point, VILLAGE, by=by, on=TODAY)
    sites.add_room(point, "一号", by=by)
    judge = make_post(point.id, TOWN, "judge", unit_kind="contact_point")
    later = BEGAN + timedelta(days=3)
    sites.close_site(point, by=by, now=later)
    assert sites.one(point.id) is None and sites.rooms(point.id) == []
    assert Site.objects.get(unit=point.id).closed_on == date(2026, 1, 8)
    assert Served.objects.get().served_to == date(2026, 1, 8)
    assert Post.objects.get(id=judge.post).valid_to == later


def test_a_unit_that_holds_an_open_case_is_not_closed(cast: Cast) -> None:
    case = begin(registry.get("mediation"))
    unit = Unit.objects.get(id=case.row().unit)
    above = cast[COUNTY, "leader"]
    with pytest.raises(Refused, match="在办"):
        sites.close_site(unit, by=above, now=BEGAN)
    assert sites.one(unit.id)


def test_a_point_that_a_judge_will_visit_is_not_closed(cast: Cast) -> None:
    by = cast[TOWN, "clerk"]
    point = opened(by)
    visit = Visit.objects.create(
        unit=point.id, judge=cast["court", "judge"].post,
        begins_at=BEGAN + timedelta(days=1), ends_at=BEGAN + timedelta(days=1, hours=3),
    )  # fmt: skip
    with pytest.raises(Refused, match="驻点日"):
        sites.close_site(point, by=by, now=BEGAN)
    visit.cancelled_at = BEGAN
    visit.save()
    sites.close_site(point, by=by, now=BEGAN)


def test_nobody_closes_the_unit_they_sit_in(cast: Cast) -> None:
    own = Unit.objects.get(id=cast.units[TOWN])
    with pytest.raises(Refused, match="自己所在"):
        sites.close_site(own, by=cast[TOWN, "leader"], now=BEGAN)


SPANS = st.tuples(st.integers(0, 22), st.integers(0, 59), st.integers(1, 59)).map(
    lambda t: (f"{t[0]:02d}:{t[1]:02d}", f"{t[0] + 1:02d}:{t[2]:02d}")
)


@given(st.dictionaries(st.integers(1, 7), SPANS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_opening_times_read_back_as_they_were_shown(
    language: str, told: dict[int, tuple[str, str]]
) -> None:
    kept = sorted([day, *span] for day, span in told.items())
    with translation.override(language):
        assert [list(line) for line in hours.read("\n".join(hours.said(kept)))] == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("每天早上", "看不懂"),
        ("周一至周五", "看不懂"),
        ("8:30-12:00", "看不懂"),
        ("周一 25:00-26:00", "没有这样的钟点"),
        ("周一 9:00-8:00", "晚于"),
        ("周一 8:00-10:00 9:00-11:00", "重叠"),
    ],
)
def test_times_that_cannot_be_meant_are_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(hours.Unreadable, match=said):
        hours.read(text)


def test_a_site_shuts_at_noon() -> None:
    kept = [list(line) for line in hours.read("周一至周五 8:30-12:00 14:30-17:30")]
    monday = datetime(2026, 1, 5, 11, 59)  # noqa: DTZ001 -- local time, as the page asks it
    assert hours.is_open(kept, monday)
    assert not hours.is_open(kept, monday.replace(hour=12, minute=0))
    assert not hours.is_open(kept, monday + timedelta(days=5))
