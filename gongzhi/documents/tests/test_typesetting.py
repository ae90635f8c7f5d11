"""What a letter says comes out as it went in, the same each time, in our own font."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from gongzhi.documents import typesetting
from gongzhi.documents.tree import Bars, Letter, Paragraph, Run, Seal, Signatures, Signed
from gongzhi.documents.typesetting import FontsMissing, has_type, pdf

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
HOSTILE = '#panic() *a* _b_ $x^2$ `code` <tag> @ref // 注释 \\ "引号" #read("/etc/passwd")'


def letter(*texts: str, made_at: datetime = AT, signed: tuple[Signed, ...] = ()) -> Letter:
    body = [Paragraph((Run(text),)) for text in texts]
    sealed = Seal("九市镇综治中心", "2026年11月23日", "（盖章）")
    return Letter(
        "试用函", "441226-26-4821093-5", "九市镇综治中心", made_at,
        (*body, Signatures(signed), sealed) if signed else (*body, sealed),
    )  # fmt: skip


def text_of(file: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def shown(text: str) -> str:
    return text_of(pdf(letter(text)))


def test_the_text_can_be_read_and_copied() -> None:
    text = shown("合作社拖欠工资共三十八万元。")
    for said in ("试用函", "编号：441226-26-4821093-5", "合作社拖欠工资共三十八万元。", "— 1 —"):
        assert said.replace(" ", "") in text.replace(" ", "")


def test_markup_in_data_is_only_text() -> None:
    assert HOSTILE.replace(" ", "") in shown(HOSTILE).replace(" ", "").replace("\n", "")


@given(st.text(st.characters(codec="utf-8"), max_size=40))
@tried(max_examples=60, deadline=None)
def test_no_text_breaks_a_letter(text: str) -> None:
    assert pdf(letter(text)).startswith(b"%PDF-")


def test_the_same_letter_is_the_same_file() -> None:
    first = pdf(letter("同样的内容"))
    typesetting._press.cache_clear()
    assert pdf(letter("同样的内容")) == first
    assert pdf(letter("同样的内容", made_at=AT.replace(day=24))) != first
    assert pdf(letter("别的内容")) != first


def test_only_our_font_is_used_and_it_is_embedded() -> None:
    reader = PdfReader(io.BytesIO(pdf(letter("字体"))))
    fonts = [f.get_object() for f in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        assert "NotoSerifSC" in font["/BaseFont"]
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in described or "/FontFile3" in described


def test_the_page_is_a4_and_long_texts_are_numbered() -> None:
    pages = PdfReader(io.BytesIO(pdf(letter("此处写明事实。" * 600)))).pages
    assert len(pages) > 5
    box = pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (210, 297)
    assert [f"—{n}—" in p.extract_text().replace(" ", "") for n, p in enumerate(pages, 1)] == [
        True
    ] * len(pages)


def test_a_line_has_twenty_eight_signs() -> None:
    text = shown("甲" * 26 + "乙" * 28)
    assert "甲" * 26 + "\n" + "乙" * 28 in text


def test_a_sign_the_font_has_not_is_left_to_be_written_in() -> None:
    assert has_type("䶮")
    assert not has_type("𠮷")
    text = shown("当事人𠮷某")
    assert "当事人〓某" in text
    assert "请手写补正" in text
    assert "请手写补正" not in shown("当事人吉某")


def test_a_signature_is_shown_beside_a_line_for_another() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (60, 20), "black").save(out, "PNG")
    signed = (Signed("申请人", out.getvalue(), "0123456789abcdef"), Signed("对方当事人"))
    page = PdfReader(io.BytesIO(pdf(letter("签名", signed=signed)))).pages[0]
    assert len(page.images) == 1
    text = page.extract_text().replace(" ", "")
    assert "申请人（签名）" in text and "对方当事人（签名）" in text and "0123456789abcdef" in text


@pytest.mark.parametrize("standing", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 13, 90])
def test_bars_stand_or_lie_however_many(rows: int, standing: bool) -> None:
    drawn = tuple((f"地{n}", (n, 0, 7 * n)) for n in range(rows))
    bars = Bars(("新登记", "化解", "超期"), drawn, standing=standing)
    told = text_of(pdf(Letter("图", "", "", AT, (bars,))))
    assert "新登记" in told and "编号" not in told
    assert standing or all(f"地{n}" in told and str(7 * n) in told for n in range(rows))


def test_letters_may_be_made_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        texts = [f"第{n}封" for n in range(12)]
        made = list(pool.map(shown, texts))
    assert all(text in said for text, said in zip(texts, made, strict=True))


def test_missing_fonts_are_said(settings: Settings, tmp_path: Path) -> None:
    settings.ROOT = tmp_path
    typesetting._press.cache_clear()
    with pytest.raises(FontsMissing, match="make setup"):
        typesetting._press()
    typesetting._press.cache_clear()
