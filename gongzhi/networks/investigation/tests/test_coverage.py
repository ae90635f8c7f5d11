"""Coverage: counted by place at every level, silent places by name, in a few statements."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.cases.testing import BEGAN, Cast, begin, make_cast
from gongzhi.declare import registry
from gongzhi.networks.investigation import answers, coverage
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.tests.conftest import BARE, COUNTY, TOWN, VILLAGE, declared
from gongzhi.networks.investigation.turns import Turn, turns
from gongzhi.people.models import Appointment, Unit
from gongzhi.places.models import Division

LATER = BEGAN + timedelta(hours=1)
AFTER = BEGAN + timedelta(days=5)


@pytest.fixture
def round_(cast: Cast) -> Round:
    """The village has found a case, a neighbour nothing, late; all others are silent."""
    of = declared(cast[COUNTY, "leader"], place=COUNTY)
    number = begin(registry.get("mediation"), place=VILLAGE).receipt.number
    answers.answer(of.id, 1, VILLAGE, numbers=[number], seen=None, now=LATER,
                   by=cast[VILLAGE, "mediator"])  # fmt: skip
    answers.answer(of.id, 1, BARE, seen=None, now=AFTER, by=cast[TOWN, "mediator"])
    return of


def first(of: Round) -> Turn:
    return turns(of, BEGAN)[-1]


def villages(place: str) -> int:
    return Division.objects.filter(level=5, code__startswith=place, valid_to=None).count()


def test_a_county_is_counted_by_its_towns(round_: Round) -> None:
    parts = coverage.parts(round_, first(round_), COUNTY, AFTER)
    assert {p.code for p in parts} == set(
        Division.objects.filter(parent=COUNTY, valid_to=None).values_list("code", flat=True)
    )
    town = next(p for p in parts if p.code == TOWN)
    assert (town.all, town.found, town.zero, town.cases, town.late) == (villages(TOWN), 1, 1, 1, 1)
    assert town.silent == villages(TOWN) - 2 and town.answered == 2
    assert [p.silent for p in parts] == sorted((p.silent for p in parts), reverse=True)
    whole = coverage.total(COUNTY, parts)
    assert (whole.all, whole.answered) == (villages(COUNTY), 2)


def test_every_level_adds_up_to_its_villages(cast: Cast) -> None:
    of = declared(cast["44", "leader"], place="44")
    for here in ("44", "4412", COUNTY, TOWN):
        parts = coverage.parts(of, first(of), here, LATER)
        assert coverage.total(here, parts).all == villages(here) > 0
        assert {len(p.code) for p in parts} == {coverage.below(of, here).digits}


def test_a_town_is_counted_village_by_village(round_: Round) -> None:
    parts = {p.code: p for p in coverage.parts(round_, first(round_), TOWN, AFTER)}
    assert len(parts) == villages(TOWN) and parts[VILLAGE].found == parts[VILLAGE].all == 1
    assert parts[BARE].zero == 1 and parts[BARE].late == 1


def test_a_silent_village_is_named_with_who_is_asked(cast: Cast, round_: Round) -> None:
    Unit.objects.filter(id=cast.units[TOWN]).update(phone="0758-7700000")
    silent = coverage.silent(round_, first(round_), TOWN, AFTER)
    assert len(silent) == villages(TOWN) - 2
    assert not {VILLAGE, BARE} & {s.code for s in silent}
    assert all(s.by_town for s in silent)
    (asked,) = silent[0].asked
    assert asked.phone == "0758-7700000" and asked.title == "mediator"


def test_a_place_with_nobody_to_ask_is_silent_and_says_so(cast: Cast, round_: Round) -> None:
    elsewhere = next(
        p.code for p in coverage.parts(round_, first(round_), COUNTY, AFTER) if p.code != TOWN
    )
    silent = coverage.silent(round_, first(round_), elsewhere, AFTER)
    assert len(silent) == villages(elsewhere) and not any(s.asked or s.by_town for s in silent)


def test_a_turn_that_is_over_keeps_the_posts_of_its_time(cast: Cast) -> None:
    of = declared(cast[TOWN, "leader"])
    after = BEGAN + timedelta(days=20)
    Appointment.objects.filter(post=cast[TOWN, "mediator"].post).update(
        held_to=BEGAN + timedelta(days=10)
    )
    assert coverage.silent(of, first(of), TOWN, after)[0].asked
    again = declared(cast[TOWN, "leader"], begins_on=after.date(), ends_on=after.date())
    assert not coverage.silent(again, turns(again, after)[0], BARE, after)[0].asked


def test_a_village_abolished_since_still_counts_in_its_own_turn(fresh_database: str) -> None:
    of = declared(make_cast()[TOWN, "leader"], repeats="week", times=2)
    before, later = villages(TOWN), BEGAN + timedelta(days=8)
    Division.objects.using("owner").filter(code=BARE).update(valid_to=later.date())
    second, one = turns(of, later)
    counted = [coverage.total(TOWN, coverage.parts(of, t, TOWN, later)).all for t in (one, second)]
    assert counted == [before, before - 1]


def test_turns_are_counted_apart(cast: Cast) -> None:
    of = declared(cast[TOWN, "leader"], repeats="week", times=2)
    by = cast[VILLAGE, "mediator"]
    answers.answer(of.id, 1, VILLAGE, seen=None, now=LATER, by=by)
    second, one = turns(of, BEGAN + timedelta(days=8))
    now = BEGAN + timedelta(days=8)
    assert coverage.total(TOWN, coverage.parts(of, one, TOWN, now)).answered == 1
    assert coverage.total(TOWN, coverage.parts(of, second, TOWN, now)).answered == 0
    assert coverage.progress([(of, one, TOWN)]) == {of.id: (villages(TOWN), 1)}


def test_every_place_stands_in_the_sheet(round_: Round) -> None:
    lines = {line.code: line for line in coverage.every(round_, first(round_), TOWN, AFTER)}
    assert len(lines) == villages(TOWN)
    assert lines[VILLAGE].found == 1 and lines[VILLAGE].title == "mediator"
    assert lines[BARE].late and lines[BARE].found == 0


def test_figures_are_one_statement_each(round_: Round, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        coverage.parts(round_, first(round_), COUNTY, AFTER)
    with django_assert_num_queries(1):
        coverage.silent(round_, first(round_), COUNTY, AFTER)
