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
from gongzhi.people.posts import Holder

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
        "kind": "written",
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


def named(case: Told, who: Holder) -> list[str]:
    return [d.name for d in letters_of(case_for(who, *case.ref))]


def test_there_is_no_letter_before_its_act(cast: Cast) -> None:
    case = begin(m.mediation)
    assert named(case, cast[VILLAGE, "clerk"]) == ["application"]


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
    data = {"kind": "written", "facts": Words("邻里口角"), "terms": Words("互相道歉"),
            "method": Words("当场履行"), "instalments": []}  # fmt: skip
    case.travel(seconds=timedelta(hours=1).seconds)
    case.act(m.agree, data, by=mediator)
    text = text_of(letter(seen(case, cast), "agreement"))
    assert "互相道歉" in text
    assert "大写" not in text
    assert "期次" not in text


def test_an_oral_agreement_is_registered_and_has_no_signatures(cast: Cast) -> None:
    case = accepted(cast)
    mediator = cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    data = {"kind": "oral", "facts": Words("墙根渗水"), "terms": Words("改排水管"),
            "method": Words("自行改造"), "duties": Words("2026-02-01 改好水管"),
            "duty_days": [date(2026, 2, 1)]}  # fmt: skip
    case.act(m.agree, data, by=mediator)
    letters = named(case, mediator)
    assert "oral_agreement" in letters and "agreement" not in letters
    text = text_of(letter(seen(case, cast), "oral_agreement"))
    assert (
        "口头协议登记表" in text and "2026-02-01改好水管" in text and "签名）：mediator" not in text
    )


def test_a_written_agreement_tells_whose_signature_it_holds(cast: Cast) -> None:
    case = agreed(cast)
    assert "oral_agreement" not in named(case, cast[VILLAGE, "mediator"])
    told = facts(seen(case, cast), "agreement")["signatures"]
    digests = [s["digest"] for s in told]
    assert len({*digests}) == 3 and all(len(d) == 16 for d in digests)
    text = text_of(letter(seen(case, cast), "agreement"))
    assert all(d in text for d in digests)


def told_all(cast: Cast) -> tuple[Told, Told, Told]:
    """Disputes in which every act with a letter has been done."""
    clerk, mediator = cast[VILLAGE, "clerk"], cast[VILLAGE, "mediator"]
    court = cast["court", "judge"].unit
    talked, failed, stopped = accepted(cast), accepted(cast), accepted(cast)
    for case in (talked, failed, stopped):
        case.act(m.assign, {"mediator": mediator.post}, by=clerk)
    at = case.now + timedelta(days=1)
    talked.act(m.schedule, {"begins_at": at, "minutes": 60, "mode": "phone",
                            "note": Words("请带借条")}, by=mediator)  # fmt: skip
    held = {"held_on": at, "setting": "apart", "present": ["applicant", "judge"],
            "record": Words("各执一词")}  # fmt: skip
    talked.act(m.hold, held, by=mediator)
    terms = {"kind": "written", "facts": Words("欠薪"), "terms": Words("分期付清"),
             "method": Words("转账"), "instalments": []}  # fmt: skip
    talked.act(m.agree, terms, by=mediator)
    quiet = {"how": "phone", "quiet": "good", "note": Words("都说好")}
    talked.act(m.follow_up, quiet, by=mediator)
    talked.act(m.apply_confirmation, {"unit": court}, by=mediator)
    failed.act(m.fail, {"way": "arbitration", "reason": Words("数额争议大")}, by=mediator)
    failed.act(m.refer, {"unit": court, "note": Words("欠条真伪有争议")}, by=mediator)
    stopped.act(m.stop, {"why": "absent", "reason": Words("三次未到")}, by=mediator)
    return talked, failed, stopped


SAID = {
    "application": ["人民调解申请书", "合作社拖欠工资三十八万元", "自愿申请调解"],
    "invitation": ["调解通知书", "2026年1月6日09:00", "以电话方式", "请带借条"],
    "record": ["调解笔录", "2026年1月6日09:00", "申请人、法官", "背对背，分别谈", "各执一词"],
    "follow_up": ["回访记录", "电话", "已和好，没有反复", "都说好"],
    "confirmation": ["司法确认申请书", "court441226：", "分期付清", "规避法律"],
    "ending": ["调解不成告知书", "劳动人事争议仲裁委员会", "数额争议大"],
    "referral": ["移送函", "court441226：", "欠条真伪有争议"],
    "stopping": ["终止调解告知书", "一方多次不到场或联系不上", "三次未到"],
}


def test_every_letter_says_what_its_act_was_about(cast: Cast) -> None:
    cases = told_all(cast)
    made = {}
    for case in cases:
        view = seen(case, cast)
        for document in letters_of(view):
            made[document.name] = text_of(letter(view, document.name))
    declared = {d.name for d in m.mediation.documents} - {"oral_agreement"}
    assert {*made} == declared
    for name, words in SAID.items():
        assert [w for w in words if w not in made[name]] == [], name


def test_of_a_private_talk_only_that_it_was_held(cast: Cast) -> None:
    case, mediator = accepted(cast), cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    case.act(m.hold, {"setting": "private", "present": ["applicant"]}, by=mediator)
    assert "内容不作记录" in text_of(letter(seen(case, cast), "record"))
