"""Data come out as they went in, the same each time, in our own font, and never as source."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import typst
from django.conf import settings as configured
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from gongzhi.documents import typesetting
from gongzhi.documents.typesetting import FontsMissing, has_type, render

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LETTER = {"title": "试用函", "number": "441226-26-4821093-5", "unit": "九市镇综治中心"}
HOSTILE = '#panic() *a* _b_ $x^2$ `code` <tag> @ref // 注释 \\ "引号" #read("/etc/passwd")'
SHOWS = """
#import "/documents/templates/letter.typ": *
#show: letter
#words(data.text)
#data.text
#for p in data.at("pictures", default: ()) { image(bytes(p), width: 2cm) }
#seal(data.unit, "2026年11月23日")
"""


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Templates must lie within the package: the press reads nothing outside it."""
    path = Path(configured.ROOT) / "gongzhi/documents/tests" / f"{uuid4().hex}.typ"
    path.write_text(SHOWS, encoding="utf-8")
    yield path
    path.unlink()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def shown(template: Path, text: str) -> str:
    return text_of(render(template, {**LETTER, "text": text}, made_at=AT))


def test_the_text_can_be_read_and_copied(template: Path) -> None:
    text = shown(template, "合作社拖欠工资共三十八万元。")
    for said in ("试用函", "编号：441226-26-4821093-5", "合作社拖欠工资共三十八万元。", "— 1 —"):
        assert said.replace(" ", "") in text.replace(" ", "")


def test_markup_in_data_is_only_text(template: Path) -> None:
    assert HOSTILE.replace(" ", "") in shown(template, HOSTILE).replace(" ", "").replace("\n", "")


@given(st.text(st.characters(codec="utf-8"), max_size=40))
@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_letter(template: Path, text: str) -> None:
    assert render(template, {**LETTER, "text": text}, made_at=AT).startswith(b"%PDF-")


def test_the_same_letter_is_the_same_file(template: Path) -> None:
    told = {**LETTER, "text": "同样的内容"}
    first = render(template, told, made_at=AT)
    typesetting._press.cache_clear()
    assert render(template, told, made_at=AT) == first
    assert render(template, told, made_at=AT.replace(day=24)) != first
    assert render(template, {**told, "text": "别的内容"}, made_at=AT) != first


def test_only_our_font_is_used_and_it_is_embedded(template: Path) -> None:
    reader = PdfReader(io.BytesIO(render(template, {**LETTER, "text": "字体"}, made_at=AT)))
    fonts = [f.get_object() for f in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        assert "NotoSerifSC" in font["/BaseFont"]
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in described or "/FontFile3" in described


def test_the_page_is_a4_and_long_texts_are_numbered(template: Path) -> None:
    pdf = render(template, {**LETTER, "text": "此处写明事实。" * 400}, made_at=AT)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 5
    box = pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (210, 297)
    assert [f"—{n}—" in p.extract_text().replace(" ", "") for n, p in enumerate(pages, 1)] == [
        True
    ] * len(pages)


def test_a_line_has_twenty_eight_signs(template: Path) -> None:
    text = shown(template, "甲" * 26 + "乙" * 28)
    assert "甲" * 26 + "\n" + "乙" * 28 in text


def test_a_sign_the_font_has_not_is_left_to_be_written_in(template: Path) -> None:
    assert has_type("䶮")
    assert not has_type("𠮷")
    text = shown(template, "当事人𠮷某")
    assert "当事人〓某" in text
    assert "请手写补正" in text
    assert "请手写补正" not in shown(template, "当事人吉某")


def test_pictures_are_given_as_bytes(template: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (60, 20), "black").save(out, "PNG")
    told = {**LETTER, "text": "签名", "pictures": [out.getvalue()]}
    pdf = PdfReader(io.BytesIO(render(template, told, made_at=AT)))
    assert len(pdf.pages[0].images) == 1


def test_a_template_reads_nothing_outside_the_package(tmp_path: Path) -> None:
    outside = tmp_path / "outside.typ"
    outside.write_text("#data", encoding="utf-8")
    with pytest.raises((typst.TypstError, RuntimeError)):
        render(outside, LETTER, made_at=AT)


def test_letters_may_be_made_at_the_same_time(template: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        texts = [f"第{n}封" for n in range(12)]
        made = list(pool.map(lambda text: shown(template, text), texts))
    assert all(text in said for text, said in zip(texts, made, strict=True))


def test_missing_fonts_are_said(settings: Settings, tmp_path: Path) -> None:
    settings.ROOT = tmp_path
    typesetting._press.cache_clear()
    with pytest.raises(FontsMissing, match="make setup"):
        typesetting._press()
    typesetting._press.cache_clear()
