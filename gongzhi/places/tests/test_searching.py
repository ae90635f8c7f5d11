"""Finding places: any part of a name, pinyin, initials, code; the best first, with its path."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from gongzhi.declare import Level
from gongzhi.places.models import Division
from gongzhi.places.names import forget_names
from gongzhi.places.search import children, name_of, path_of, paths, search

pytestmark = pytest.mark.django_db

JIUSHI = "441226114"


@pytest.fixture(autouse=True)
def _no_names_of_other_tests() -> Iterator[None]:
    forget_names()
    yield
    forget_names()


def codes(text: str, within: str = "", near: str = "") -> list[str]:
    return [f.code for f in search(text, within=within, near=near)]


@pytest.mark.parametrize(
    "said",
    [
        "九市镇", "九市", "市镇", "jiushizhen", "jiushi", "JIUSHI", "jiu shi zhen", "jsz",
        "441226114", "Jiushi Town", "德庆 九市镇", "德庆县九市镇", "广东省肇庆市德庆县九市镇",
        "广东省 / 肇庆市 / 德庆县 / 九市镇", "Zhaoqing City / Deqing County / Jiushi Town",
        "deqing jiushi", " 九市 镇 ",
    ],
)  # fmt: skip
def test_a_town_is_found_by(said: str) -> None:
    assert JIUSHI in codes(said)


@pytest.mark.parametrize("said", ["九市", "jiushi", "九市镇", "jiushizhen", "德庆 九市"])
def test_the_town_comes_before_the_villages_of_its_name(said: str) -> None:
    found = codes(said)
    assert found[0] == JIUSHI


def test_an_exact_name_comes_before_longer_ones() -> None:
    assert search("德庆县")[0].name == "德庆县"
    names = [f.name for f in search("新村村委会")]
    assert names[0] == "新村村委会"
    assert names == sorted(names, key=lambda n: n != "新村村委会")


def test_a_beginning_comes_before_a_middle() -> None:
    names = [f.name for f in search("山村", within="4412")]
    begins = [n.startswith("山村") for n in names]
    assert begins == sorted(begins, reverse=True)
    assert False in begins


def test_namesakes_are_told_apart_by_their_paths() -> None:
    found = [f for f in search("圩镇社区居委会", limit=50) if f.name == "圩镇社区居委会"]
    named = Division.objects.filter(name="圩镇社区居委会").count()
    assert len(found) == named == len({f.path for f in found}) == 14
    for f in found:
        assert f.path.startswith("广东省 / 肇庆市 / ")
        assert f.path.endswith(" / 圩镇社区居委会")


def test_nothing_outside_the_scope_is_found() -> None:
    assert codes("九市", within="441202") == []
    assert JIUSHI in codes("九市", within="441226")
    assert all(c.startswith("441226") for c in codes("x", within="441226"))


def test_what_is_near_comes_first() -> None:
    far = codes("新", near="441284")
    assert far[0].startswith("441284")
    assert any(not c.startswith("441284") for c in far)


def test_only_the_levels_asked_for_are_found() -> None:
    found = search("德", levels=[Level.COUNTY, Level.TOWN])
    assert {f.level for f in found} <= {Level.COUNTY, Level.TOWN}
    assert "德庆县" in [f.name for f in found]


def test_one_character_finds_the_middle_of_names_where_places_are_few() -> None:
    assert any("山" in f.name[1:] for f in search("山", within="441226"))


def test_a_code_finds_its_subtree_from_the_top() -> None:
    assert codes("441226")[0] == "441226"
    assert set(map(len, codes("441226"))) == {6, 9, 12}


@pytest.mark.parametrize("said", ["", "   ", "%", "_", "\\", "\x00", "没有这个地方"])
def test_nonsense_finds_nothing(said: str) -> None:
    assert codes(said) == []


def test_characters_that_no_database_takes_are_left_out() -> None:
    assert codes("\x00九市\x00")[0] == JIUSHI


def test_no_more_than_the_limit_is_found() -> None:
    assert len(search("x", limit=7)) == 7


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_retired_place_is_not_found_but_still_has_its_name() -> None:
    Division.objects.using("owner").create(
        code="95", level=1, name="旧省", pinyin="jiusheng", valid_to="2020-01-01"
    )
    assert codes("旧省") == []
    assert codes("95") == []


def test_many_paths_cost_one_query(django_assert_num_queries: pytest.FixtureRequest) -> None:
    wanted = list(Division.objects.filter(level=5).values_list("code", flat=True)[:300])
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = paths(wanted)
    assert found.keys() == set(wanted)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert paths(wanted) == found


def test_a_path_may_leave_out_what_everybody_knows() -> None:
    assert path_of(JIUSHI) == "广东省 / 肇庆市 / 德庆县 / 九市镇"
    assert path_of(JIUSHI, below="4412") == "德庆县 / 九市镇"


def test_names_follow_the_reader() -> None:
    with override("en"):
        assert name_of(JIUSHI) == "Jiushi Town"
        assert path_of(JIUSHI, below="4412") == "Deqing County / Jiushi Town"
    with override("zh-hans"):
        assert name_of(JIUSHI) == "九市镇"


def test_an_unknown_place_is_called_by_its_code() -> None:
    assert name_of("999999") == "999999"


def test_children_stand_in_the_order_of_their_codes() -> None:
    found = [d.code for d in children("441226")]
    assert found == sorted(found)
    assert JIUSHI in found
    assert {len(c) for c in found} == {9}
