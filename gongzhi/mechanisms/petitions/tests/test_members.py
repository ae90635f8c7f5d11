"""Of a group each member is told of every notice: read by themselves, or noted by the clerk."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from gongzhi.cases import informing, linkage
from gongzhi.cases.changes import NewParty, Refused
from gongzhi.cases.models import Entry
from gongzhi.cases.reading import case_for
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.testing import Told, signed_in
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.pages.members import told_of
from gongzhi.mechanisms.petitions.pages.notices import notices
from gongzhi.mechanisms.petitions.tests.conftest import NOTE, PROVINCE, WHY, Stage
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within

GROUP = [("王五", "13700000001"), ("赵六", "13700000002"), ("钱七", "13799990002")]


def group(stage: Stage, *people: tuple[str, str], served: str = "online") -> Told:
    """An accepted petition of 张三, who came, and of these."""
    case = stage.registered()
    more = [NewParty("applicant", name=n, phone=p) for n, p in people or GROUP]
    case.act(linkage.add_parties, {"count": len(more), "people": more}, by=stage.clerk)
    case.act(m.accept, {**NOTE, "served": served}, by=stage.clerk)
    return case


def ids(stage: Stage, case: Told) -> dict[str, str]:
    view = case_for(stage.clerk, *case.ref, unmasked=True)
    return {p.name: str(p.id) for p in view.people if p.side == "applicant"}


def counts(stage: Stage, case: Told) -> dict[str, tuple[int, int]]:
    view = case_for(stage.clerk, *case.ref)
    return {n.document.name: (t.n, t.of) for n in notices(view) if (t := told_of(view, n))}


def tracking(case: Told, phone: str) -> Client:
    client = Client()
    client.post("/track/", {"number": case.receipt.number, "tail": phone[-4:]})
    return client


def opens(case: Told, phone: str, name: str = "acceptance") -> int:
    address = reverse("portal:letter", args=[name])
    return tracking(case, phone).get(address).status_code


def page_of(case: Told) -> str:
    return reverse("petitions:members", args=case.ref)


def notes(stage: Stage, case: Told, **said: Any) -> Any:
    """The clerk fills in the page of members."""
    notice = notices(case_for(stage.clerk, *case.ref))[-1].seq
    told = {"notice": notice, "way": "post", "on": "2026-03-02", "key": "k", **said}
    return signed_in(stage.clerk).post(f"{page_of(case)}?notice={notice}", told)


def test_a_member_who_opens_the_letter_is_noted_once(stage: Stage) -> None:
    case = group(stage)
    assert counts(stage, case) == {"acceptance": (0, 4)}
    assert [opens(case, GROUP[0][1]) for _ in range(3)] == [200, 200, 200]
    assert counts(stage, case) == {"acceptance": (1, 4)}
    with within(Scope(case=case.receipt.id)):
        assert Entry.objects.filter(act="read_letter").count() == 1


def test_of_two_whose_phones_end_alike_nobody_is_noted(stage: Stage) -> None:
    case = group(stage)
    assert opens(case, GROUP[1][1]) == 200
    assert counts(stage, case) == {"acceptance": (0, 4)}
    by = Resident(case=case.receipt.id, tail=tail_index(GROUP[1][1]))
    both = [str(p.id) for p in case_for(by, *case.ref).snapshot.parties_of(by.tail)]
    assert len(both) == 2
    for members in (both, both[:1]):
        with pytest.raises(Refused):
            case.act(informing.read_letter, {"notice": 3, "members": members}, by=by)


def test_nobody_reads_for_another(stage: Stage) -> None:
    case = group(stage)
    by = Resident(case=case.receipt.id, tail=tail_index(GROUP[0][1]))
    with pytest.raises(Refused):
        said = {"notice": 3, "members": [ids(stage, case)["张三"]]}
        case.act(informing.read_letter, said, by=by)


def test_a_letter_opened_by_a_member_names_no_other(stage: Stage) -> None:
    case = group(stage)
    letter = tracking(case, GROUP[0][1]).get(reverse("portal:letter", args=["acceptance"]))
    text = PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()
    assert "王五" in text and not any(name in text for name in ("张三", "赵六", "钱七"))


def test_the_clerk_notes_many_at_once_with_the_day_and_the_way(stage: Stage) -> None:
    case = group(stage)
    known = ids(stage, case)
    assert notes(stage, case, members=[known["王五"], known["赵六"]]).status_code == 302
    assert counts(stage, case) == {"acceptance": (2, 4)}
    page = signed_in(stage.clerk).get(page_of(case)).content.decode()
    assert "4 人中已告知 2 人" in page and "钱*" in page
    assert "王*" not in page, "who has been told is not asked for"
    assert notes(stage, case, all="1", key="2").status_code == 302
    assert counts(stage, case) == {"acceptance": (4, 4)}
    found = signed_in(stage.clerk).get(page_of(case), {"show": "told"}).content.decode()
    assert found.count("2026-03-02") == 4 and "邮寄" in found


def test_what_was_noted_by_mistake_is_taken_back_and_what_was_read_is_not(stage: Stage) -> None:
    case = group(stage)
    known = ids(stage, case)
    opens(case, GROUP[0][1])
    notes(stage, case, members=[known["赵六"]])
    both = [known["王五"], known["赵六"]]
    assert notes(stage, case, members=both, way="mistaken", key="2").status_code == 302
    assert counts(stage, case) == {"acceptance": (1, 4)}


@pytest.mark.parametrize("said", [{"on": "2026-01-01"}, {"on": "2999-01-01"}, {"members": []}])
def test_a_day_that_cannot_be_is_refused(stage: Stage, said: dict[str, Any]) -> None:
    case = group(stage)
    answer = notes(stage, case, **{"members": [ids(stage, case)["王五"]], **said})
    assert answer.status_code == 422 and counts(stage, case) == {"acceptance": (0, 4)}


def test_whoever_is_not_of_the_case_cannot_be_told(stage: Stage) -> None:
    case, other = group(stage), stage.registered(key="2")
    stranger = next(iter(ids(stage, other).values()))
    with pytest.raises(Refused):
        said = {"notice": 3, "members": [stranger], "way": "post", "on": "2026-03-02"}
        case.act(informing.tell_members, said, by=stage.clerk)


def test_who_petitioned_first_is_told_by_the_delivery(stage: Stage) -> None:
    case = group(stage, served="post")
    assert counts(stage, case) == {"acceptance": (1, 4)}


def test_each_notice_is_told_apart_and_also_after_closing(stage: Stage) -> None:
    case = group(stage)
    notes(stage, case, all="1")
    case.act(m.divert, {**WHY, "way": "court"}, by=stage.clerk)
    assert not case.row().is_open
    assert counts(stage, case) == {"acceptance": (4, 4), "diversion": (0, 4)}
    assert opens(case, GROUP[0][1], "diversion") == 200
    notes(stage, case, members=[ids(stage, case)["赵六"]], key="2")
    assert counts(stage, case)["diversion"] == (2, 4)


def test_what_the_clerk_has_noted_is_not_noted_again(stage: Stage) -> None:
    case = group(stage)
    notes(stage, case, all="1")
    assert opens(case, GROUP[0][1]) == 200
    with within(Scope(case=case.receipt.id)):
        assert not Entry.objects.filter(act="read_letter").exists()


def test_a_single_petitioner_has_no_list(stage: Stage) -> None:
    case = stage.accepted()
    assert opens(case, "13800001234") == 200
    with within(Scope(case=case.receipt.id)):
        assert not Entry.objects.filter(act="read_letter").exists()
    assert counts(stage, case) == {}
    assert signed_in(stage.clerk).get(page_of(case)).status_code == 404


def test_the_list_is_for_the_units_of_the_case_and_masked_until_asked_for(stage: Stage) -> None:
    case = group(stage)
    leader = stage.cast[PROVINCE, "leader"]
    assert signed_in(leader).get(page_of(case)).status_code == 404
    beside = signed_in(leader).get(reverse("petitions:beside", args=case.ref)).content.decode()
    assert "4 人中已告知 0 人" in beside and page_of(case) not in beside
    client = signed_in(stage.clerk)
    assert "王五" not in client.get(page_of(case)).content.decode()
    client.post(reverse("desk:do", args=[*case.ref, "reveal"]), {"reason": "逐户告知", "key": "r"})
    assert "王五" in client.get(page_of(case)).content.decode()
    with within(Scope(case=case.receipt.id)):
        assert Entry.objects.filter(act="reveal").count() == 1


def test_the_list_of_those_not_told_is_exported_masked(stage: Stage) -> None:
    case = group(stage)
    opens(case, GROUP[0][1])
    sheet = signed_in(stage.clerk).get(page_of(case), {"as": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].values)
    assert sorted(str(row[0]) for row in rows[1:]) == ["张*", "赵*", "钱*"]
    assert "13700000002" not in str(rows)


def test_reading_is_no_line_of_the_story_but_a_count(stage: Stage) -> None:
    case = group(stage)
    opens(case, GROUP[0][1])
    page = signed_in(stage.clerk).get(reverse("desk:case", args=case.ref)).content.decode()
    assert "本人已阅" not in page
    assert "本人已阅" not in tracking(case, GROUP[1][1]).get("/case/").content.decode()


def test_five_hundred_members_are_listed_at_once(
    stage: Stage, django_assert_max_num_queries: Any
) -> None:
    people = [(f"王{n}", f"137{n:08}") for n in range(500)]
    case = group(stage, *people)
    client = signed_in(stage.clerk)
    client.get(page_of(case))
    with django_assert_max_num_queries(8):
        page = client.get(page_of(case)).content.decode()
    assert page.count('name="members"') == 501
    assert notes(stage, case, all="1").status_code == 302
    assert counts(stage, case) == {"acceptance": (501, 501)}


def test_of_several_tellings_the_first_counts() -> None:
    def entry(seq: int, act: str, **data: Any) -> Entry:
        return Entry(seq=seq, act=act, data={"notice": 2, "members": ["a"], **data})

    first = entry(3, "tell_members", way="post", on="2026-03-02")
    again = entry(4, "tell_members", way="read", on="2026-03-09")
    found = informing.informed([first, again])[2]["a"]
    assert (found.way, found.on) == ("post", date(2026, 3, 1) + timedelta(days=1))
