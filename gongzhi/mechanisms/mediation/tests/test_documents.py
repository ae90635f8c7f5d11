"""The two letters of mediation say what was done, and go on saying it."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from gongzhi.cases import act, files
from gongzhi.cases.changes import NewFile, Words
from gongzhi.cases.models import Task
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import CaseView, case_for
from gongzhi.cases.testing import LINE, PHONE, Cast, Told, begin, make_cast, signed_in
from gongzhi.documents import texts
from gongzhi.documents.facts import facts
from gongzhi.documents.letters import letter, letters_of
from gongzhi.documents.typesetting import pdf
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

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


def made(view: CaseView, name: str) -> bytes:
    return pdf(letter(view, name))


def known(view: CaseView, name: str) -> dict[str, Any]:
    return facts(view, next(d for d in view.mechanism.documents if d.name == name))


def text_of(file: bytes) -> str:
    pages = PdfReader(io.BytesIO(file)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def named(case: Told, who: Holder) -> list[str]:
    return [d.name for d in letters_of(case_for(who, *case.ref))]


def test_there_is_no_letter_before_its_act(cast: Cast) -> None:
    case = begin(m.mediation)
    assert named(case, cast[VILLAGE, "clerk"]) == ["application"]


def test_the_acceptance_notice_tells_the_rights_and_the_term(cast: Cast) -> None:
    case = accepted(cast)
    text = text_of(made(seen(case, cast), "acceptance"))
    said = ["受理通知书", "张三：", "某果蔬合作社", "拖欠农民工工资纠纷", "待指派", "12345",
            "不收取任何费用", "可以拒绝", "可以要求更换", "向人民法院起诉",
            "2026年1月5日", "2026年2月4日前"]  # fmt: skip
    assert [s for s in said if s not in text] == []


def test_the_agreement_tells_terms_money_and_confirmation(cast: Cast) -> None:
    case = agreed(cast)
    file = made(seen(case, cast), "agreement")
    text = text_of(file)
    said = ["人民调解协议书", "申请人：张三，联系电话：13800001234", "合作社拖欠十七名工人工资。",
            "双方对数额没有异议。", "合作社分三期付清。#panic()", "银行转账", "380000.00元",
            "叁拾捌万元整", "第3期", "126666.00", "2026年9月30日", "三十日内", "司法确认",
            "申请人（签名）", "对方当事人（签名）", "调解员（签名）",
            "2026年1月8日09:00:00"]  # fmt: skip
    assert [s for s in said if s not in text] == []
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(file)).pages) == 3


def test_a_letter_stays_as_it_was_whatever_is_done_later(cast: Cast) -> None:
    case = accepted(cast)
    before = made(seen(case, cast), "acceptance")
    mediator = cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    case.travel(days=1)
    with translation.override("en"):
        assert made(seen(case, cast), "acceptance") == before


def test_a_named_mediator_is_told(cast: Cast) -> None:
    case = agreed(cast)
    told = known(seen(case, cast), "agreement")
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
    text = text_of(made(seen(case, cast), "agreement"))
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
    text = text_of(made(seen(case, cast), "oral_agreement"))
    assert (
        "口头协议登记表" in text and "2026-02-01改好水管" in text and "签名）：mediator" not in text
    )


def test_a_written_agreement_tells_whose_signature_it_holds(cast: Cast) -> None:
    case = agreed(cast)
    assert "oral_agreement" not in named(case, cast[VILLAGE, "mediator"])
    told = known(seen(case, cast), "agreement")["signatures"]
    digests = [s["digest"] for s in told]
    assert len({*digests}) == 3 and all(len(d) == 16 for d in digests)
    text = text_of(made(seen(case, cast), "agreement"))
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
    read = {}
    for case in cases:
        view = seen(case, cast)
        for document in letters_of(view):
            read[document.name] = text_of(made(view, document.name))
    declared = {d.name for d in m.mediation.documents} - {"oral_agreement"}
    assert {*read} == declared
    for name, words in SAID.items():
        assert [w for w in words if w not in read[name]] == [], name


def test_an_invitation_tells_the_room_also_of_a_session_that_was_moved(cast: Cast) -> None:
    case, mediator = accepted(cast), cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    at = {"begins_at": case.now + timedelta(days=1), "minutes": 60}
    case.act(m.schedule, {**at, "mode": "site", "where": "二楼调解室"}, by=mediator)
    assert "地点：二楼调解室" in text_of(made(seen(case, cast), "invitation"))
    case.act(m.adjourn, {**at, "reason": Words("有事")}, by=mediator)
    with within(case.resident.scope):
        (moved,) = Task.objects.filter(case_id=case.receipt.id, name="session", done_at=None)
    assert moved.data["where"] == "二楼调解室"


def test_a_letter_leaves_as_pdf_and_as_word_under_its_own_name(cast: Cast) -> None:
    case, clerk = accepted(cast), cast[VILLAGE, "clerk"]
    client = signed_in(clerk)
    page = client.get(reverse("desk:case", args=case.ref)).content.decode()
    address = reverse("desk:letter", args=[*case.ref, "acceptance"])
    assert f'href="{address}"' in page and f'href="{address}?as=docx"' in page
    shown, saved = client.get(address), client.get(f"{address}?as=docx")
    name = quote("受理通知书 ") + spaced(case.receipt.number)
    assert shown.headers["Content-Disposition"] == f"inline; filename*=utf-8''{name}.pdf"
    assert saved.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{name}.docx"
    word = docx.Document(io.BytesIO(saved.content))
    assert word.paragraphs[0].text == "受理通知书"
    assert any("张三：" in p.text for p in word.paragraphs)
    stranger = signed_in(cast[LINE[0], "clerk"])
    assert stranger.get(address).status_code == 404


def test_a_party_gets_the_letters_written_to_parties_and_no_other(cast: Cast) -> None:
    case, client = accepted(cast), Client()
    client.post("/track/", {"number": case.receipt.number, "tail": PHONE[-4:]})
    page = client.get("/case/").content.decode()
    notice = reverse("portal:letter", args=["acceptance"])
    assert notice in page and reverse("portal:letter", args=["application"]) not in page
    answer = client.get(notice)
    assert "张三：" in text_of(answer.content)
    assert answer.headers["Cache-Control"] == "private, no-store"
    for name in ("application", "agreement", "invitation", "nothing"):
        assert client.get(reverse("portal:letter", args=[name])).status_code == 404


def test_what_parties_get_tells_no_phone_or_address(cast: Cast) -> None:
    ours = [name for of, name in texts.every() if of == "mediation"]
    written = [name for name in ours if texts.shipped("mediation", name).to_party]
    assert written == ["acceptance", "invitation", "ending", "stopping"]
    for name in written:
        assert "persons" not in texts.shipped("mediation", name).text


def test_of_a_private_talk_only_that_it_was_held(cast: Cast) -> None:
    case, mediator = accepted(cast), cast[VILLAGE, "mediator"]
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    case.act(m.hold, {"setting": "private", "present": ["applicant"]}, by=mediator)
    assert "内容不作记录" in text_of(made(seen(case, cast), "record"))
