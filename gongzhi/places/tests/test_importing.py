"""Importing lists: everything or nothing, repeatable, and true in time."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gongzhi.places.changes import Recoded, roots
from gongzhi.places.city import UnknownCity
from gongzhi.places.load import Report, import_divisions, load_city
from gongzhi.places.models import Division

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

TREE = {
    "98": "试省",
    "9801": "甲市",
    "9802": "乙市",
    "980101": "东山县",
    "980102": "西县",
    "980201": "南县",
    "980101001": "河镇",
    "980101001201": "上村村委会",
    "980101001202": "下村村委会",
}
Import = Callable[[dict[str, str]], Report]


@pytest.fixture
def take(tmp_path: Path) -> Import:
    def take(tree: dict[str, str]) -> Report:
        path = tmp_path / "list.csv"
        path.write_text(
            "code,name\n" + "".join(f"{c},{n}\n" for c, n in tree.items()), encoding="utf-8"
        )
        return import_divisions(path)

    return take


def there() -> dict[str, str]:
    rows = Division.objects.using("owner").filter(code__startswith="98", valid_to=None)
    return dict(rows.values_list("code", "name"))


def counts(report: Report) -> tuple[int, int, int, int]:
    assert report.errors == []
    return report.added, report.renamed, report.retired, report.unchanged


def test_a_list_is_taken_in_and_repeating_it_changes_nothing(take: Import) -> None:
    assert counts(take(TREE)) == (9, 0, 0, 0)
    assert there() == TREE
    assert counts(take(TREE)) == (0, 0, 0, 9)
    village = Division.objects.using("owner").get(code="980101001201")
    assert (village.level, village.parent, village.pinyin, village.initials) == (
        5, "980101001", "shangcuncunweihui", "sccwh",
    )  # fmt: skip
    assert village.name_en == "Shang Village"
    assert village.valid_from is None


def test_one_fault_leaves_all_as_it_was(take: Import) -> None:
    take(TREE)
    report = take({**TREE, "980103": "新县", "980101": "改名县", "989901": "孤县"})
    assert "第 12 行" in report.errors[0]
    assert not report.ok
    assert len(report.errors) == 1
    assert there() == TREE


def test_a_new_name_is_taken_and_told(take: Import) -> None:
    take(TREE)
    report = take({**TREE, "980101001": "湖镇"})
    assert counts(report) == (0, 1, 0, 8)
    assert report.renames == [("980101001", "河镇", "湖镇")]
    town = Division.objects.using("owner").get(code="980101001")
    assert (town.name, town.name_en, town.pinyin, town.pairs) == (
        "湖镇", "Hu Town", "huzhen", ["湖镇"],
    )  # fmt: skip


def test_what_is_left_out_is_retired_and_kept(take: Import) -> None:
    take(TREE)
    less = {c: n for c, n in TREE.items() if not c.startswith("980101001")}
    report = take({**less, "980101002": "山镇", "980101002201": "上村村委会"})
    assert counts(report) == (2, 0, 3, 6)
    assert report.retirements[0] == ("980101001", "河镇")
    gone = Division.objects.using("owner").get(code="980101001201")
    assert (gone.name, gone.valid_to is None) == ("上村村委会", False)
    since = Division.objects.using("owner").get(code="980101002").valid_from
    assert since == gone.valid_to


def test_what_comes_back_is_valid_again(take: Import) -> None:
    take(TREE)
    take({c: n for c, n in TREE.items() if c != "980102"})
    assert "980102" not in there()
    assert counts(take(TREE)) == (0, 1, 0, 8)
    assert there() == TREE


def test_a_retired_place_is_no_parent(take: Import) -> None:
    take(TREE)
    take({c: n for c, n in TREE.items() if c != "980102"})
    report = take({"980102001": "孤镇"})
    assert "上级 980102 不存在" in report.errors[0]


@pytest.mark.parametrize(
    "part",
    [
        ["980101001201"],  # one village: nothing is said of the others
        ["980101", "980101001"],  # stops at towns: nothing is said of villages
        ["98", "9801", "980101", "980102"],  # one city, with its province named above it
        ["98", "9801", "9802"],  # provinces and cities only
    ],
)
def test_a_partial_list_retires_nothing_beyond_it(take: Import, part: list[str]) -> None:
    take(TREE)
    assert take({c: TREE[c] for c in part}).retired == 0
    assert there() == TREE


def test_another_part_of_the_nation_is_left_alone(take: Import) -> None:
    before = Division.objects.filter(code__startswith="44", valid_to=None).count()
    take(TREE)
    assert before == 1674
    assert Division.objects.filter(code__startswith="44", valid_to=None).count() == before


def test_a_list_is_complete_below_its_first_fork() -> None:
    assert roots({"44", "4412", "441202", "441203"}) == {"4412"}
    assert roots({"11", "1101", "12", "1201"}) == {"11", "12"}
    assert roots({"441226", "441226114"}) == {"441226114"}


def test_a_county_that_becomes_a_district_takes_its_towns_along(take: Import) -> None:
    take(TREE)
    report = take(
        {c.replace("980101", "980111"): n.replace("东山县", "东山区") for c, n in TREE.items()}
    )
    assert counts(report) == (4, 0, 4, 5)
    assert report.moved == [
        Recoded("980101", "980111", "东山区"),
        Recoded("980101001", "980111001", "河镇"),
        Recoded("980101001201", "980111001201", "上村村委会"),
        Recoded("980101001202", "980111001202", "下村村委会"),
    ]


def test_namesakes_are_not_taken_for_one(take: Import) -> None:
    take({**TREE, "980101001203": "上村村委会"})
    less = {c: n for c, n in TREE.items() if c != "980101001201"}
    assert take({**less, "980101001204": "上村村委会"}).moved == []


def test_an_official_english_name_outlives_a_list_without_any(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code,name,name_en\n97,某省,Official Province\n", encoding="utf-8")
    import_divisions(path)
    path.write_text("code,name\n97,某省\n", encoding="utf-8")
    assert counts(import_divisions(path)) == (0, 0, 0, 1)
    assert Division.objects.using("owner").get(code="97").name_en == "Official Province"


def test_quotes_and_backslashes_survive(take: Import) -> None:
    name = "双\\引{号},社区"
    take({"96": '"双\\引{号},社区"'})
    division = Division.objects.using("owner").get(code="96")
    assert (division.name, set(division.pairs)) == (
        name,
        {name[i : i + 2] for i in range(len(name) - 1)},
    )


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    assert len(import_divisions(tmp_path / "none.csv").errors) == 1


def test_zhaoqing_ships_with_seats_and_population() -> None:
    report = load_city("zhaoqing")  # the second time: the tests' database has it already
    assert counts(report) == (0, 0, 0, 1674)
    jiushi = Division.objects.get(code="441226114")
    assert jiushi.longitude is not None
    assert jiushi.latitude is not None
    assert 111 < jiushi.longitude < 113
    assert 22 < jiushi.latitude < 25
    assert Division.objects.filter(longitude__isnull=False).count() == 103
    population = Division.objects.filter(level=3).values_list("population", flat=True)
    assert sum(n or 0 for n in population) == 3_999_100


def test_loading_a_city_takes_less_than_three_seconds() -> None:
    Division.objects.using("owner").filter(code__startswith="44").delete()
    began = time.monotonic()
    assert load_city("zhaoqing").added == 1674
    assert time.monotonic() - began < 3


def test_an_unknown_city_is_refused() -> None:
    for name in ("atlantis", "../zhaoqing", ""):
        with pytest.raises(UnknownCity):
            load_city(name)
