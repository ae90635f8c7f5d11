"""A workbook is read or its faults are told by row and column; alike texts are found."""

from itertools import combinations
from typing import Any

import pytest
from django.utils import translation

from gongzhi.cases import sheets
from gongzhi.cases.workbooks import Row
from gongzhi.mechanisms.safety.registers import catalogue_workbooks, contents, shipped
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK, PARTED, WORDS, read

CATEGORY = {"code": "Z01", "name": "自定类别", "group": "消防安全", "industries": "C33 G",
            "needs": "动火作业、冲压和剪切"}  # fmt: skip
BASIS = {
    "key": "own_rule",
    "name": "本市重大事故隐患判定办法",
    "year": "2026",
    "kind": "规范性文件",
}
ITEM = {
    "code": "Z01-01", "category": "Z01", "what": "车间主通道宽度能让两人抬担架通过",
    "how": "拿卷尺量最窄的地方", "not_met": "主通道太窄", "basis": "own_rule：第三条",
    "industries": "", "needs": "", "rank": "重大事故隐患", "evidence": "拍照、测量读数",
}  # fmt: skip


def rows(**changed: dict[str, Any]) -> list[Row]:
    """One row of each sheet, each in line two, with some cells changed."""
    usual = {"categories": CATEGORY, "items": ITEM, "bases": BASIS}
    return [Row(name, 2, {**cells, **changed.get(name, {})}) for name, cells in usual.items()]


def test_words_of_either_language_and_names_are_understood() -> None:
    found = read(rows())
    assert not found.wrong
    [item], [category] = found.contents.items, found.contents.categories
    assert (item.category, item.rank, item.evidence) == (category, "major", ["photo", "reading"])
    assert item.basis == [["own_rule", "第三条"]]
    assert (category.industries, category.needs) == (["C33", "G"], ["hot_work", "stamping"])
    english = {"items": {"rank": "Red (work stops)", "evidence": "photo reading"}}
    with translation.override("en"):
        english["items"]["rank"] = str(WORDS["rank"]["red"])
    assert read(rows(**english)).contents.items[0].rank == "red"


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "said"),
    [
        ("categories", "code", "一", "A01"),
        ("categories", "group", "别的", "没有“别的”"),
        ("categories", "industries", "C99", "没有“C99”这个行业"),
        ("categories", "needs", "飞行", "没有“飞行”"),
        ("categories", "name", "长" * 41, "最多 40 个字"),
        ("items", "what", "", "不能空着"),
        ("items", "category", "Z09", "没有编号是“Z09”的类别"),
        ("items", "code", "Z02-01", "Z01-01"),
        ("items", "basis", "nothing：第一条", "没有代号“nothing”"),
        ("items", "basis", "own_rule；own_rule", "写了两次"),
        ("items", "rank", "紫色", "没有“紫色”"),
        ("bases", "year", "去年", "2021"),
        ("bases", "key", "本市", "work_safety_law"),
        ("bases", "kind", "传说", "没有“传说”"),
    ],
)
def test_a_fault_is_told_at_its_row_and_column(
    sheet: str, column: str, typed: str, said: str
) -> None:
    wrong = read(rows(**{sheet: {column: typed}})).wrong
    label = str(BOOK.pages[sheet][1][column])
    [one] = [w for w in wrong if w.sheet == sheet]
    assert (one.row, one.label) == (2, label) and said in one.said
    # What rests on a code that cannot be read has nothing to rest on.
    assert len(wrong) == 1 or (sheet, column) in {("categories", "code"), ("bases", "key")}


def test_major_needs_a_published_criterion() -> None:
    [wrong] = read(rows(bases={"name": "本市安全办法"})).wrong
    assert wrong.label == "默认等级" and "判定标准" in wrong.said


def test_a_code_stands_once_and_texts_are_not_alike() -> None:
    twice = [*rows(), Row("items", 3, {**ITEM, "what": "另一件完全不同的事情"})]
    [wrong] = read(twice).wrong
    assert (wrong.row, wrong.label) == (3, "检查项编号")
    other = {**ITEM, "code": "Z01-02", "what": ITEM["what"] + "。", "not_met": "别的情形"}
    found = read([*rows(), Row("items", 3, other)]).wrong
    assert [(w.row, w.label) for w in found] == [(2, "检查内容"), (3, "检查内容")]
    assert "Z01-01 太像" in found[1].said


def test_onto_an_edition_rows_follow_or_replace_and_none_goes() -> None:
    base = shipped.contents()
    new = {**ITEM, "basis": "work_safety_law：第四条；gongmao_major：第三条"}
    changed = Row("items", 3, {**catalogue_workbooks.cells(base.items[0]), "how": "换一种查法"})
    found = read([*rows(items=new), changed], onto=base)
    assert not found.wrong
    told = contents.differences(base, found.contents)
    assert [(d.key, d.columns) for d in told if d.columns] == [("A01-01", ["how"])]
    assert {d.key for d in told if d.old is None} == {"Z01", "Z01-01", "own_rule"}
    assert not [d for d in told if d.new is None]
    like = {**ITEM, "what": base.items[0].what}
    [wrong] = read(rows(items=like), onto=base).wrong
    assert "A01-01 太像" in wrong.said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_went_out_comes_in_again_the_same(language: str) -> None:
    held = shipped.contents()
    with translation.override(language):
        found = read(BOOK.rows(catalogue_workbooks.written(held)))
        blank = BOOK.rows(catalogue_workbooks.blank())
    assert not found.wrong and contents.digest(found.contents) == contents.digest(held)
    assert {row.sheet for row in blank} == set(BOOK.pages)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_word_has_in_it_what_parts_words(language: str) -> None:
    with translation.override(language):
        for column in ("needs", "evidence"):
            assert not [str(w) for w in WORDS[column].values() if PARTED.search(str(w))]


def test_a_workbook_without_our_sheets_is_refused() -> None:
    with pytest.raises(sheets.BadSheet, match="检查项"):
        BOOK.rows(sheets.made_of(["甲"], []))
    with pytest.raises(sheets.BadSheet, match="所属类别"):
        BOOK.rows(sheets.book_of([("检查项", ["检查项编号"], [])]))


def test_all_that_are_alike_are_found_and_no_others() -> None:
    """As comparing every two does."""
    texts = {i.code: i.what for i in shipped.contents().items[:200]}
    pairs = {code: contents._pairs(text) for code, text in texts.items()}
    for percent in (5, 10, 20):
        expected = {
            frozenset((a, b)) for a, b in combinations(texts, 2)
            if 100 * len(pairs[a] & pairs[b]) >= percent * len(pairs[a] | pairs[b])
        }  # fmt: skip
        assert expected
        assert {frozenset(two) for two in contents.alike(texts, percent)} == expected
