"""The two letters of mediation say what was done, and go on saying it."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from gongzhi.cases import act, files
from gongzhi.cases.changes import NewFile, Words
from gongzhi.cases.reading import CaseView, case_for
from gongzhi.cases.testing import LINE, Cast, Told, begin, make_cast
from gongzhi.documents.letters import facts, letter, letters_of
from gongzhi.mechanisms.mediation import mechanism as m

VILLAGE = LINE[-1]
INSTALMENTS = [
    {"on": date(2026, 3, 31), "amount": "126667"},
    {"on": date(2026, 6, 30), "amount": "126667"},
    {"on": date(2026, 9, 30), "amount": "126666"},
]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = str(tmp_path)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signature(colour: str) -> NewFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 20), colour).save(out, "PNG")
    return files.accept(out.getvalue())


def accepted(cast: Cast) -> Told:
    case = begin(m.mediation)
    case.act(m.accept, {}, by=cast[VILLAGE, "clerk"])
    return case


def agreed(cast: Cast) -> Told:
    case = accepted(cast)
    mediator = cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    case.travel(days=3)
    data = {
        "facts": Words("合作社拖欠十七名工人工资。\n双方对数额没有异议。"),
        "terms": Words("合作社分三期付清。#panic()"),
        "method": Words("银行转账"),
        "instalments": INSTALMENTS,
    }
    signed = [signature(colour) for colour in ("black", "blue", "gray")]
    act.act(case.ref, m.agree, data, key="agreed", now=case.now, by=mediator, files=signed)
    return case


def seen(case: Told, cast: Cast) -> CaseView:
    return case_for(cast[VILLAGE, "mediator"], *case.ref, unmasked=True)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_there_is_no_letter_before_its_act(cast: Cast) -> None:
    case = begin(m.mediation)
    assert letters_of(case_for(cast[VILLAGE, "clerk"], *case.ref)) == []


def test_the_acceptance_notice_tells_the_rights_and_the_term(cast: Cast) -> None:
    case = accepted(cast)
    text = text_of(letter(seen(case, cast), "acceptance"))
    said = ["受理通知书", "张三：", "某果蔬合作社", "拖欠农民工工资纠纷", "待指派", "12345",
            "不收取任何费用", "可以拒绝", "可以要求更换", "向人民法院起诉",
            "2026年1月5日", "2026年2月4日前"]  # fmt: skip
    assert [s for s in said if s not in text] == []


def test_the_agreement_tells_terms_money_and_confirmation(cast: Cast) -> None:
    case = agreed(cast)
    pdf = letter(seen(case, cast), "agreement")
    text = text_of(pdf)
    said = ["人民调解协议书", "申请人：张三，联系电话：13800001234", "合作社拖欠十七名工人工资。",
            "双方对数额没有异议。", "合作社分三期付清。#panic()", "银行转账", "380000.00元",
            "叁拾捌万元整", "第3期", "126666.00", "2026年9月30日", "三十日内", "司法确认",
            "申请人（签名）", "对方当事人（签名）", "调解员（签名）",
            "2026年1月8日09:00:00"]  # fmt: skip
    assert [s for s in said if s not in text] == []
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages) == 3


def test_a_letter_stays_as_it_was_whatever_is_done_later(cast: Cast) -> None:
    case = accepted(cast)
    before = letter(seen(case, cast), "acceptance")
    mediator = cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    case.travel(days=1)
    with translation.override("en"):
        assert letter(seen(case, cast), "acceptance") == before


def test_a_named_mediator_is_told(cast: Cast) -> None:
    case = agreed(cast)
    told = facts(seen(case, cast), "agreement")
    assert (told["assigned"], told["actor"]) == ("mediator", "mediator")
    assert [s["who"] for s in told["signatures"]] == ["申请人", "对方当事人", "调解员"]


def test_an_agreement_without_money_has_no_table(cast: Cast) -> None:
    case = accepted(cast)
    mediator = cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    data = {"facts": Words("邻里口角"), "terms": Words("互相道歉"), "method": Words("当场履行"),
            "instalments": []}  # fmt: skip
    case.travel(seconds=timedelta(hours=1).seconds)
    case.act(m.agree, data, by=mediator)
    text = text_of(letter(seen(case, cast), "agreement"))
    assert "互相道歉" in text
    assert "大写" not in text
    assert "期次" not in text
