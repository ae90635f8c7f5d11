"""The catalogue of checks: every part of it, read as it is shipped."""

import csv
import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from django.utils import translation

from gongzhi.mechanisms.safety.registers import groups
from gongzhi.mechanisms.safety.registers.facts import FACTS

CATALOGUE = Path(__file__).parents[1] / "catalogue"
PARTS = sorted(p.stem.removeprefix("categories_") for p in CATALOGUE.glob("categories_*.csv"))
COLUMNS = {
    "categories": "code,name,name_en,group,group_en,way,industries,needs",
    "items": "code,category,check,how,not_met,basis,industries,needs,rank,evidence",
    "bases": "key,name,number,year,kind",
}
RANKS = {"blue", "yellow", "orange", "red", "major"}
EVIDENCE = {"photo", "document", "reading", "interview"}
KINDS = {"law", "regulation", "rule", "standard", "notice"}
LENGTHS = {"check": (12, 60), "how": (10, 60), "not_met": (8, 50)}
# Last division of each section of GB/T 4754-2017, in order.
LAST = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRST",
        [5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97],
        strict=True,
    )
)
DIVISIONS = {
    section: {f"{section}{n:02}" for n in range(before + 1, last + 1)}
    for (section, last), before in zip(LAST.items(), [0, *LAST.values()], strict=False)
}
ARTICLE = re.compile(r"第.+[条款项章节]|\d+(\.\d+)*|附录.+")


def read(kind: str, part: str) -> list[dict[str, str]]:
    with (CATALOGUE / f"{kind}_{part}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, strict=True)
        assert ",".join(lines.fieldnames or []) == COLUMNS[kind]
        return list(lines)


CATEGORIES, ITEMS, BASES = ([r for p in PARTS for r in read(kind, p)] for kind in COLUMNS)


def cited(item: dict[str, str]) -> list[tuple[str, str]]:
    """Key and article, which may be empty."""
    return [(k, a) for k, _, a in (one.partition(":") for one in item["basis"].split(";"))]


def divisions(said: str) -> set[str]:
    if said == "*":
        return set().union(*DIVISIONS.values())
    return set().union(*(DIVISIONS.get(s, {s}) for s in said.split()))


def bigrams(text: str) -> frozenset[str]:
    signs = re.sub(r"\W", "", text)
    return frozenset(a + b for a, b in pairwise(signs))


def alike(column: str, bound: float) -> list[tuple[str, str, float]]:
    said = [(item["code"], bigrams(item[column])) for item in ITEMS]
    return [
        (one, other, round(share, 2))
        for (one, a), (other, b) in combinations(said, 2)
        if (share := len(a & b) / len(a | b)) >= bound
    ]


def twice(values: list[str]) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]


def test_every_line_has_as_many_fields_as_its_header() -> None:
    wrong = [r for r in (*CATEGORIES, *ITEMS, *BASES) if None in r or None in r.values()]
    assert not wrong
    rows = [(r, value) for r in (*CATEGORIES, *ITEMS, *BASES) for value in r.values()]
    assert not [r for r, value in rows if value != value.strip()]


def test_together_the_parts_are_the_whole_catalogue() -> None:
    if len(PARTS) > 1:
        assert len(CATEGORIES) >= 95
        assert len(ITEMS) >= 500


def test_categories() -> None:
    assert not twice([c["code"] for c in CATEGORIES])
    assert not twice([c["name"] for c in CATEGORIES])
    assert not twice([c["name_en"] for c in CATEGORIES])
    for c in CATEGORIES:
        assert re.fullmatch(r"[A-Z]\d\d", c["code"]), c
        assert 4 <= len(c["name"]) <= 14, c
        assert all(c[k] for k in ("name_en", "group", "group_en", "industries")), c
    named = {(c["group"], c["group_en"]) for c in CATEGORIES}
    assert not twice([group for group, _ in named]), "a group has one English name"


def test_groups_are_the_mechanisms_categories_in_both_languages() -> None:
    assert groups.GROUPS[-1][0] == "other"
    known = {label for _name, label in groups.GROUPS[:-1]}
    assert known == {c["group"] for c in CATEGORIES}
    english = {c["group"]: c["group_en"] for c in CATEGORIES}
    with translation.override("en"):
        said = {label: str(groups.LABELS[name]) for name, label in groups.GROUPS[:-1]}
    assert said == english


def test_items_belong_to_a_category_and_every_category_has_some() -> None:
    assert not twice([i["code"] for i in ITEMS])
    assert not [
        i["code"] for i in ITEMS if not re.fullmatch(re.escape(i["category"]) + r"-\d\d", i["code"])
    ]
    found = Counter(i["category"] for i in ITEMS)
    assert set(found) == {c["code"] for c in CATEGORIES}
    assert not [code for code, n in found.items() if n < 4]


@pytest.mark.parametrize("column", LENGTHS)
def test_lengths(column: str) -> None:
    least, most = LENGTHS[column]
    wrong = [(i["code"], len(i[column])) for i in ITEMS if not least <= len(i[column]) <= most]
    assert not wrong


def test_industries_and_needs() -> None:
    known = set(DIVISIONS) | set().union(*DIVISIONS.values())
    of_category = {c["code"]: divisions(c["industries"]) for c in CATEGORIES}
    for row in (*CATEGORIES, *ITEMS):
        said = row["industries"]
        assert said in ("", "*") or set(said.split()) <= known, row
        assert set(row["needs"].split()) <= set(FACTS), row
    for i in ITEMS:
        narrower = divisions(i["industries"]) <= of_category[i["category"]]
        assert narrower, f"{i['code']} is for industries its category is not for"


def test_ranks_and_evidence() -> None:
    for i in ITEMS:
        assert i["rank"] in RANKS, i
        assert 1 <= len(i["evidence"].split()) <= 2, i
        assert set(i["evidence"].split()) <= EVIDENCE, i


def test_bases_are_known_and_used() -> None:
    by_key: dict[str, set[tuple[str, str]]] = {}
    for b in BASES:
        assert re.fullmatch(r"[a-z0-9_]+", b["key"]), b
        assert b["name"] and not re.search("[《》]", b["name"]), b
        assert re.fullmatch(r"(19|20)\d\d", b["year"]), b
        assert b["kind"] in KINDS, b
        name = b["name"].removeprefix("中华人民共和国")
        by_key.setdefault(b["key"], set()).add((name, b["year"]))
    assert not [key for key, named in by_key.items() if len(named) > 1], "one key, two things"
    assert not twice(["{}, {}".format(*n) for named in by_key.values() for n in named])
    for part in PARTS:
        assert not twice([b["key"] for b in read("bases", part)])
    for i in ITEMS:
        for key, article in cited(i):
            assert key in by_key, f"{i['code']} cites {key}"
            assert not article or ARTICLE.fullmatch(article), f"{i['code']} cites {article}"
        assert not twice([key + article for key, article in cited(i)]), i
    used = {key for i in ITEMS for key, _ in cited(i)}
    assert set(by_key) == used, "a basis that no item cites"


def test_standards_are_named_with_number_and_year() -> None:
    for b in BASES:
        if b["kind"] == "standard":
            assert b["number"].endswith(f"-{b['year']}"), b


def test_major_cites_a_criterion() -> None:
    criteria = {b["key"] for b in BASES if "重大" in b["name"] and "判定" in b["name"]}
    majors = [i for i in ITEMS if i["rank"] == "major"]
    assert not [i["code"] for i in majors if not criteria & {key for key, _ in cited(i)}]


def test_nothing_is_asked_twice() -> None:
    assert not twice([re.sub(r"\W", "", i["check"]) for i in ITEMS])
    assert not alike("check", 0.6)
    assert not alike("not_met", 0.75)
