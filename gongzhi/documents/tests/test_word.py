"""A letter as Word says the same as the PDF, looks like an office's, and is the same each time."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given
from hypothesis import settings as tried_with
from hypothesis import strategies as st

from gongzhi.documents import texts
from gongzhi.documents.tests.test_texts import NASTY
from gongzhi.documents.tree import Cell, Letter, Paragraph, Run, Style, Table
from gongzhi.documents.trials import tried
from gongzhi.documents.word import docx_of

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def letter(*nodes: Paragraph | Table) -> Letter:
    return Letter("试用函", "441226-26-4821093-5", "综治中心", AT, nodes)


def opened(made: Letter) -> "docx.document.Document":
    return docx.Document(io.BytesIO(docx_of(made)))


def agreement(kind: str = "usual") -> Letter:
    text = texts.shipped("mediation", "agreement").text
    return tried("mediation", "agreement", text, now=AT)[kind]


def test_the_page_is_that_of_an_official_letter() -> None:
    word = opened(agreement())
    page = word.sections[0]
    sides = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [round(s.mm) for s in sides if s is not None] == [37, 35, 28, 26]
    size = [page.page_width, page.page_height]
    assert [round(s.mm) for s in size if s is not None] == [210, 297]
    normal, title = word.styles["Normal"], word.paragraphs[0]
    assert (normal.font.size, normal.paragraph_format.line_spacing) == (Pt(16), Pt(29))
    assert normal.paragraph_format.line_spacing_rule is WD_LINE_SPACING.EXACTLY
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert title.text == "人民调解协议书" and word.styles["Title"].font.size == Pt(22)


def test_it_says_what_the_pdf_says() -> None:
    word = opened(agreement())
    text = "".join(p.text for p in word.paragraphs)
    for said in ("编号：441226-26-0000000-0", "申请人：示例甲", "二、协议内容", "司法确认",
                 "签名时间", "（调解组织印章）"):  # fmt: skip
        assert said in text
    instalments, signatures = word.tables
    assert [c.text for c in instalments.rows[1].cells] == ["第1期", "126667.00", "2026年1月28日"]
    assert [c.text for c in signatures.rows[0].cells] == [
        "申请人（签名）：", "对方当事人（签名）：", "调解员（签名）：",
    ]  # fmt: skip
    assert len(word.inline_shapes) == 3


def test_nasty_words_stay_words() -> None:
    made = letter(Paragraph((Run(NASTY), Run("粗", bold=True))), Table(((Cell((Run(NASTY),)),),)))
    word = opened(made)
    assert word.paragraphs[3].text == f"{NASTY}粗"
    assert [r.bold for r in word.paragraphs[3].runs] == [None, True]
    assert word.tables[0].rows[0].cells[0].text == NASTY


@given(st.text(st.characters(codec="utf-8"), max_size=40))
@tried_with(max_examples=60, deadline=None)
def test_no_words_break_it(words: str) -> None:
    made = replace(letter(Paragraph((Run(words),), Style.ITEM, 1)), title=words, unit=words)
    assert opened(made).core_properties.created is not None


def test_the_same_letter_is_the_same_file() -> None:
    assert docx_of(agreement()) == docx_of(agreement())
    assert docx_of(agreement()) != docx_of(replace(agreement(), made_at=AT.replace(day=24)))


def test_every_part_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(docx_of(agreement("long")))) as archive:
        assert archive.testzip() is None
        assert {i.date_time for i in archive.infolist()} == {(2026, 11, 23, 2, 30, 0)}
        assert b"FangSong" in archive.read("word/fontTable.xml")
