"""A letter's text is filled with words that stay words, and what cannot be filled is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.documents import texts
from gongzhi.documents.composing import compose
from gongzhi.documents.examples import example
from gongzhi.documents.filling import LONGEST, TextRefused
from gongzhi.documents.tree import Paragraph, Seal, Signatures, Style, Table
from gongzhi.documents.trials import tried

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
NASTY = '#read("/etc/passwd") *a* **b** [c](d) | {{ 7*7 }} {% if x %} \\ <b> & # 1. > `e` $f$'
FACTS: dict[str, Any] = {
    "title": "试用函", "number": "1", "unit": "综治中心", "date": "2026年11月23日",
    "said": {"terms": "甲\n\n  乙", "note": ""}, "due": {"mediate": ""}, "actor": "",
    "instalments": [{"n": 1, "amount": "5.00", "due": "2026年12月1日"}], "count": 0,
    "applicant": {"names": "示例甲"},
}  # fmt: skip


def body(text: str, **more: Any) -> tuple[Any, ...]:
    return compose(text, {**FACTS, **more}, made_at=AT).body


def said(text: str, **more: Any) -> list[str]:
    return ["".join(r.text for r in p.runs) for p in body(text, **more)]


def refused(text: str, **more: Any) -> TextRefused:
    with pytest.raises(TextRefused) as caught:
        body(text, **more)
    return caught.value


def test_the_heading_is_the_title_and_a_text_without_one_has_the_declared() -> None:
    assert compose("# {{ applicant.names }}的函\n\n正文", FACTS, made_at=AT).title == "示例甲的函"
    assert compose("正文", FACTS, made_at=AT).title == "试用函"


def test_each_line_is_a_paragraph_and_what_was_written_in_lines_too() -> None:
    assert said("一\n二\n\n　　三\n\n{{ said.terms }}") == ["一", "二", "三", "甲", "乙"]


def test_what_nobody_said_leaves_no_paragraph() -> None:
    assert said("前\n\n{{ said.note }}\n\n后") == ["前", "后"]
    assert said("{{ count }}") == ["0"]


@pytest.mark.parametrize(
    "around", ["{{ x }}", "前{{ x }}后", "**{{ x }}**", "- {{ x }}", "> {{ x }}"]
)
def test_words_filled_in_are_never_markup(around: str) -> None:
    (line,) = body(around, x=NASTY)
    assert NASTY in "".join(run.text for run in line.runs)
    assert {run.bold for run in line.runs if run.text == NASTY} == {"**" in around}


def test_words_filled_into_a_table_stay_in_their_cell() -> None:
    (table,) = body("| 甲 | 乙 |\n| :-- | --: |\n| {{ x }} | {{ said.terms }} |", x=NASTY)
    assert isinstance(table, Table)
    assert [cell.runs[0].text for cell in table.rows[1]] == [NASTY, "甲\n\n  乙"]
    assert [cell.align for cell in table.rows[1]] == ["left", "right"]


@given(st.text())
def test_any_words_come_out_as_they_went_in(words: str) -> None:
    (table,) = body("| 甲 |\n| --- |\n| {{ x }} |", x=words)
    assert "".join(run.text for run in table.rows[1][0].runs) == words


def test_a_mark_that_somebody_wrote_stands_for_nothing() -> None:
    assert said("{{ x }}{{ y }}", x="\ue0001\ue001", y="秘密") == ["\ue0001\ue001秘密"]
    assert "不能用的符号" in refused("\ue0000\ue001").reason


def test_bold_needs_no_blanks_around_it() -> None:
    (line,) = body("**注意：**请按时到场，\\*不收费")
    assert (line.runs[0].text, line.runs[0].bold) == ("注意：", True)
    assert "".join(r.text for r in line.runs if not r.bold) == "请按时到场，*不收费"


def test_headings_lists_and_notes_have_their_style() -> None:
    found = body("## 一、甲\n\n### （一）乙\n\n3. 丙\n4. 丁\n   - 戊\n\n> 己")
    assert [p.style for p in found] == [
        Style.SECTION, Style.PART, Style.ITEM, Style.ITEM, Style.ITEM, Style.NOTE,
    ]  # fmt: skip
    assert [("".join(r.text for r in p.runs), p.depth) for p in found[2:5]] == [
        ("3．丙", 0), ("4．丁", 0), ("· 戊", 1),
    ]  # fmt: skip


def test_links_pictures_and_html_stay_words() -> None:
    written = "![x](/etc/passwd) <script>1</script> [y](http://z) `code`"
    assert said(written) == [written]


def test_rows_are_repeated_without_tearing_the_table() -> None:
    head, row = "| 期 | 元 |\n| - | - |", "| {{ i.n }} | {{ i.amount }} |"
    text = f"{head}\n{{% for i in instalments %}}\n{row}\n{{% endfor %}}"
    (table,) = body(text, instalments=FACTS["instalments"] * 3)
    assert len(table.rows) == 4


def test_blocks_stand_for_what_words_cannot_lay_out() -> None:
    called = [
        'addressee(applicant.names, "乙")', "instalments_table()", 'signatures("甲")',
        'seal("章")', "dated()",
    ]  # fmt: skip
    found = body("\n".join(f"{{{{ {call} }}}}" for call in called))
    first, table, signed, seal, dated = found
    assert isinstance(first, Paragraph) and first.runs[0].text == "示例甲、乙："
    assert isinstance(table, Table) and table.rows[1][1].runs[0].text == "5.00"
    assert isinstance(signed, Signatures) and [s.who for s in signed.signed] == ["甲"]
    assert isinstance(seal, Seal) and (seal.unit, seal.note) == ("综治中心", "（章）")
    assert dated.style is Style.DATED


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("一\n{{ nobody }}", 2, "nobody"),
        ("一\n\n{% if due.mediate %}\n{{ said.nothing }}\n{% endif %}", 4, "said.nothing"),
        ("{{ said.terms.upper() }}", 1, "版块"),
        ("{{ said.__class__ }}", 1, "__class__"),
        ("{{ applicant.names.__class__ }}", 1, "__class__"),
        ("{% for i in instalments %}{{ i.format }}{% endfor %}", 1, "format"),
        ("{{ said }}", 1, "具体的一项"),
        ("{{ 9 ** 9 }}", 1, "别的命令"),
        ("{{ range(9) }}", 1, "版块"),
        ("{% include 'x' %}", 1, "别的命令"),
        ("{% set x = 1 %}", 1, "别的命令"),
        ("{% macro x() %}{% endmacro %}", 1, "别的命令"),
        ("{{ said.terms|safe }}", 1, "safe"),
        ("一\n二\n{% if count %}", 3, "endif"),
        ("{{ }}", 1, "成对"),
        ("一\n盖章处：{{ seal() }}", 2, "单独占一行"),
        ("{% for a in instalments %}" * 3 + "x" + "{% endfor %}" * 3, 1, "再套一层"),
        ("{{ seal(note='x') }}", 1, "版块"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_refused_with_its_line(text: str, line: int, why: str) -> None:
    error = refused(text)
    assert (error.line, why in str(error)) == (line, True), str(error)


def test_a_text_without_end_is_refused() -> None:
    assert str(LONGEST) in str(refused("字" * (LONGEST + 1)))


@pytest.mark.parametrize(("mechanism", "name"), list(texts.every()))
def test_every_letter_that_we_ship_can_be_made_of_every_case(mechanism: str, name: str) -> None:
    made = tried(mechanism, name, texts.shipped(mechanism, name).text, now=AT)
    assert all(letter.title and letter.body for letter in made.values())


@pytest.mark.parametrize("kind", ["usual", "long", "bare"])
def test_an_example_says_what_a_letter_of_a_case_may_say(kind: str) -> None:
    found = example("mediation", "agreement", kind)
    assert {"said", "answers", "applicant", "instalments", "signatures"} <= {*found}
    assert "示例" in found["applicant"]["names"]
