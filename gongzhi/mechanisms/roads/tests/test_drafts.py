"""Thirty-eight drafts, each with departments that exist, duties of their own and a named law."""

from datetime import date
from pathlib import Path

from gongzhi.declare import Unit
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.mechanisms.roads.registers.matters import GROUPS, MATTERS
from gongzhi.people.kinds import UNIT_KINDS

LISTS = drafts.lists("4412", date(2026, 1, 1))
LAW = Path(__file__).parents[4] / "docs" / "law" / "roads.md"


def test_there_is_a_list_for_each_of_thirty_eight_matters() -> None:
    assert [row.category for row in LISTS] == [name for name, _label in MATTERS]
    assert [len(matters) for _label, matters in GROUPS.values()] == [10, 10, 9, 9]


def test_each_has_one_lead_and_few_helpers_that_exist() -> None:
    for row in LISTS:
        kinds = [line.kind for line in row.lines]
        assert 2 <= len(kinds) <= 6 and len({*kinds}) == len(kinds), row.category
        assert [line.leads for line in row.lines] == [True] + [False] * (len(kinds) - 1)
        # Any department would answer to so wide a name.
        assert {*kinds} <= {*UNIT_KINDS} - {"department"}


def test_no_duty_is_written_twice() -> None:
    for row in LISTS:
        said = [line.does for line in row.lines]
        assert len({*said}) == len(said) and all(len(does) >= 6 for does in said), row.category


def test_each_basis_is_a_named_law_that_the_docs_tell_of() -> None:
    told = LAW.read_text("utf-8")
    for row in LISTS:
        for line in row.lines:
            for part in line.basis.split("；"):
                found = drafts.LAW.fullmatch(part)
                assert found and found[1] in drafts.SOURCES, part
    assert {*drafts.SOURCES} == {
        m[1] for r in LISTS for x in r.lines for m in drafts.LAW.finditer(x.basis)
    }  # fmt: skip
    assert [law for law in drafts.SOURCES if law not in told] == []


def test_what_is_urgent_is_not_slower() -> None:
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WORKING_DAYS: 24}
    for row in LISTS:
        for line in row.lines:
            assert line.within and line.urgent
            usual, urgent = (s.n * hours[s.unit] for s in (line.within, line.urgent))
            assert urgent <= usual, (row.category, line.kind)
