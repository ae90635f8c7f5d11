"""A city changes the text of a letter: tried before it is used; old letters stay as they were."""

import io
from datetime import timedelta

import docx
import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.cases.testing import LINE, Cast, begin, signed_in
from gongzhi.desk.letters import compared
from gongzhi.documents import texts
from gongzhi.documents.models import LetterText
from gongzhi.mechanisms.mediation import mechanism as m

VILLAGE, COUNTY = LINE[-1], LINE[2]
ADDRESS = "/desk/letters/mediation/acceptance/"
NEW = "# 受理通知书（本市）\n\n您的申请已收到：{{ matter }}。\n\n{{ seal() }}\n"


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[COUNTY, "leader"])


def letter_words(client: Client, case: tuple[str, object]) -> str:
    address = f"/desk/cases/{case[0]}/{case[1]}/letters/acceptance.pdf?as=docx"
    opened = docx.Document(io.BytesIO(client.get(address).content))
    return "\n".join(p.text for p in opened.paragraphs)


def test_the_new_text_is_for_new_letters_and_the_old_letter_stays(
    cast: Cast, leader: Client
) -> None:
    clerk = cast[VILLAGE, "clerk"]
    old, new = begin(m.mediation), begin(m.mediation)
    old.now = timezone.now() - timedelta(minutes=1)
    old.act(m.accept, {}, by=clerk)
    assert leader.post(ADDRESS, {"text": NEW, "after": 0}).status_code == 302
    new.now = timezone.now() + timedelta(minutes=1)
    new.act(m.accept, {}, by=clerk)
    desk = signed_in(clerk)
    assert "您的申请已收到" in letter_words(desk, new.ref)
    assert "您的申请已收到" not in letter_words(desk, old.ref)
    page = leader.get(ADDRESS).content.decode()
    assert "第 1 版" in page and "<ins>＋ # 受理通知书（本市）</ins>" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [("一\n{{ nobody }}", "第 2 行"), ("{% for i in x %}", "endfor"), ("", "必填")],
)
def test_a_text_that_makes_no_letter_is_refused_and_stays_on_the_page(
    leader: Client, text: str, said: str
) -> None:
    answer = leader.post(ADDRESS, {"text": text, "after": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert not LetterText.objects.exists()
    assert text.replace("{{", "{{") in page
    if text:
        shown = leader.post(f"{ADDRESS}preview/", {"text": text, "after": 0})
        assert shown.status_code == 422 and said in shown.content.decode()


def test_who_was_second_is_told_and_loses_nothing(leader: Client) -> None:
    leader.post(ADDRESS, {"text": NEW, "after": 0})
    answer = leader.post(ADDRESS, {"text": NEW + "再加一句。", "after": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and "刚被别人改过" in page and "再加一句。" in page
    # With the other's text before them they may save over it.
    assert 'name="after" value="1"' in page
    assert leader.post(ADDRESS, {"text": NEW + "再加一句。", "after": 1}).status_code == 302


def test_one_goes_back_by_a_new_version(leader: Client) -> None:
    leader.post(ADDRESS, {"text": NEW, "after": 0})
    shipped = texts.shipped("mediation", "acceptance").text
    page = leader.get(f"{ADDRESS}?from=0")
    assert page.context["form"].initial == {"text": shipped, "after": 1}
    leader.post(ADDRESS, {"text": shipped, "after": 1})
    found = texts.versions("mediation", "acceptance")
    assert [v.version for v in found] == [2, 1]
    assert "没有不同" in leader.get(ADDRESS).content.decode()
    assert "（本市）" in leader.get(f"{ADDRESS}?against=1").content.decode()
    assert leader.get(f"{ADDRESS}?against=9").status_code == 404


@pytest.mark.parametrize("kind", ["usual", "long", "bare"])
def test_what_was_typed_is_shown_as_a_letter_and_not_kept(leader: Client, kind: str) -> None:
    said = {"text": NEW, "after": 0, "kind": kind}
    answer = leader.post(f"{ADDRESS}preview/", said)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    answer = leader.post(f"{ADDRESS}preview/", {**said, "as": "docx"})
    opened = docx.Document(io.BytesIO(answer.content))
    assert any("您的申请已收到" in p.text for p in opened.paragraphs)
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(("place", "kind"), [(COUNTY, "clerk"), (LINE[3], "leader")])
def test_others_read_the_texts_and_change_none(cast: Cast, place: str, kind: str) -> None:
    client = signed_in(cast[place, kind])
    page = client.get(ADDRESS).content.decode()
    assert "县级以上" in page and "保存</button>" not in page
    assert client.post(ADDRESS, {"text": NEW, "after": 0}).status_code == 422
    assert client.post(f"{ADDRESS}preview/", {"text": NEW, "after": 0}).status_code == 404
    assert not LetterText.objects.exists()


def test_all_letters_are_listed_with_what_may_stand_in_them(leader: Client) -> None:
    page = leader.get("/desk/letters/").content.decode()
    for title in ("受理通知书", "人民调解协议书", "人民调解工作月报表"):
        assert title in page
    contents = leader.get("/desk/letters/mediation/agreement/").content.decode()
    assert "{% for i in instalments %} {{ i.n }}" in contents
    assert "{{ applicant.names }}" in contents and "示例甲" in contents
    assert leader.get("/desk/letters/mediation/nonsense/").status_code == 404


def test_a_comparison_shows_lines_around_a_change() -> None:
    old = "\n".join("abcdefghij")
    found = compared(old, old.replace("e", "E"))
    assert [(x.mark, x.text) for x in found] == [
        ("", "c"), ("", "d"), ("-", "e"), ("+", "E"), ("", "f"), ("", "g"),
    ]  # fmt: skip
