"""What a code says by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.declare import Level
from gongzhi.places.levels import BadCode, ancestors, county_of, level_of, parent_of, span

JIUSHI = "441226114"
codes = st.sampled_from(list(Level)).flatmap(
    lambda level: st.text("0123456789", min_size=level.digits, max_size=level.digits)
)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("44", Level.PROVINCE),
        ("4412", Level.CITY),
        ("441226", Level.COUNTY),
        (JIUSHI, Level.TOWN),
        ("441226114201", Level.VILLAGE),
    ],
)
def test_the_length_tells_the_level(code: str, level: Level) -> None:
    assert level_of(code) is level


@pytest.mark.parametrize("code", ["", "4", "44122", "4412261142011", "44a2", "４４", "44 2"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(BadCode):
        level_of(code)


def test_ancestors_go_from_the_province_down() -> None:
    assert ancestors(JIUSHI) == ["44", "4412", "441226"]
    assert ancestors("44") == []
    assert parent_of(JIUSHI) == "441226"
    assert parent_of("44") == ""


def test_a_matter_of_a_city_or_province_has_a_key_too() -> None:
    assert [county_of(c) for c in (JIUSHI, "441226", "4412", "44")] == [
        "441226",
        "441226",
        "441200",
        "440000",
    ]


@given(scope=st.just("") | codes, code=codes)
def test_a_span_holds_what_begins_with_the_code_and_nothing_else(scope: str, code: str) -> None:
    low, high = span(scope)
    assert (low <= code < high) == code.startswith(scope)


@given(codes)
def test_the_last_ancestor_is_the_parent(code: str) -> None:
    assert ["", *ancestors(code)][-1] == parent_of(code)
