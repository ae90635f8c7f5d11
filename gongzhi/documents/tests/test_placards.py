"""Placards to put up: eight stand on a page, and a large one keeps to its own."""

import io
from datetime import UTC, datetime

import pypdf
import segno

from gongzhi.documents.tree import Placard, Placards
from gongzhi.documents.typesetting import placards_pdf

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def placard(*rows: tuple[str, str]) -> Placard:
    out = io.BytesIO()
    segno.make("https://example.org/roads/at/0192c2d0-0000-7000-8000-000000000000/").save(
        out, kind="svg"
    )
    return Placard(
        "X413 彩虹路", "县道 · 全长 12.3 公里", out.getvalue(), "扫码报告", rows, "热线 12345"
    )


def pages(*placards: Placard, large: bool) -> list[str]:
    made = placards_pdf(Placards("牌", "路长办公室", NOW, placards, large))
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_eight_stand_on_a_page() -> None:
    said = pages(*[placard()] * 9, large=False)
    assert [one.count("彩虹路") for one in said] == [8, 1]


def test_each_large_one_keeps_to_its_page_however_much_it_says() -> None:
    rows = [("村级路长", "凤凰社区第一段 支部书记 凤凰社区居民委员会 0758-2620000")] * 14
    said = pages(placard(*rows), placard(), large=True)
    assert len(said) == 2 and said[0].count("村级路长") == 14 and "热线 12345" in said[0]


def test_words_are_never_source() -> None:
    odd = placard(("#panic()", "*粗* $x$ \\ #{1+1}"))
    assert "#panic()" in pages(odd, large=True)[0].replace(" ", "")
