"""Petitions as residents and clerks meet them: what is asked, what is shown, what is kept quiet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongzhi.cases import linkage
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.petitions.tests.conftest import TOWN, VILLAGE, Stage
from gongzhi.people.models import Unit

FORM = reverse("portal:new", args=["petitions", VILLAGE])
SAID = {
    "category": "construction", "text": "违建多年没有人管", "request": "拆除", "purpose": "request",
    "notice": "online", "name": "张三", "phone": "13800001111",
}  # fmt: skip


def test_the_public_is_not_told_that_somebody_here_complained(stage: Stage) -> None:
    assert Client().post(FORM, {**SAID, "category": "conduct"}).status_code == 302
    assert Client().get(FORM).context["nearby"] == []


def test_a_file_that_is_not_taken_is_named_at_its_field_and_nothing_typed_is_lost(
    stage: Stage,
) -> None:
    wrong = SimpleUploadedFile("清单.exe", b"MZ\x00\x00")
    answer = Client().post(FORM, {**SAID, "photos": wrong})
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["photos"]
    assert error.startswith("清单.exe：") and "拆除" in answer.content.decode()


def test_too_many_representatives_are_told_once(stage: Stage) -> None:
    said = {**SAID, "channel": "visit", "people": "20", "representatives": "7"}
    answer = signed_in(stage.clerk).post(
        reverse("desk:register", args=["petitions", VILLAGE]), said
    )
    assert len(answer.context["form"].errors["representatives"]) == 1


def test_a_petition_is_read_from_what_happened_to_what_is_asked(stage: Stage) -> None:
    answer = Client().post(FORM, SAID, follow=True)
    case = answer.context["view"].case
    (line,) = case_for(stage.clerk, case.county, case.id).lines
    assert [str(label) for label, _said in line.said] == ["发生了什么", "您的诉求"]


def test_clerk_and_petitioner_are_told_who_does_not_see_it(stage: Stage) -> None:
    about = Unit.objects.get(id=stage.cast.units["court"])
    Unit.objects.filter(id=about.id).update(name="被反映的法院", place=VILLAGE)
    client = Client()
    client.post(FORM, {**SAID, "accused": [str(about.id)]})
    page = client.get(reverse("portal:case"))
    assert "被反映的法院" in page.content.decode()
    case = page.context["view"].case
    desk = signed_in(stage.clerk).get(reverse("desk:case", args=[case.county, case.id]))
    assert desk.content.decode().count("被反映的法院") == 2  # as a party, and as shut out


@pytest.mark.parametrize(
    ("where", "step"),
    [("registered", "accept"), ("accepted", "answer"), ("answered", None), ("reviewed", None),
     ("in_effect", "verify")],
)  # fmt: skip
def test_the_next_step_is_what_the_petition_waits_for(
    stage: Stage, where: str, step: str | None
) -> None:
    case = getattr(stage, where)()
    page = signed_in(stage.clerk).get(reverse("desk:case", args=case.ref))
    assert getattr(page.context["step"], "name", None) == step


def test_the_petitioner_reads_which_limit_runs(stage: Stage) -> None:
    client = Client()
    client.post(FORM, SAID)
    assert "甄别转送期限" in client.get(reverse("portal:case")).content.decode()


def test_a_petition_is_not_joined_to_one_that_whom_it_is_about_handles(stage: Stage) -> None:
    first = stage.accepted()
    about = [NewParty("respondent", name="村", who=stage.cast.units[VILLAGE])]
    again = stage.registered(key="2", parties=about)
    town = signed_in(stage.cast[TOWN, "clerk"])
    said = {"number": first.row().number, "reason": "同一件事", "served": "online"}
    answer = town.post(reverse("desk:do", args=[*again.ref, "merge"]), said)
    assert "被反映的单位经手" in str(answer.context["form"].errors["number"])
    out = {"units": [stage.cast.units[VILLAGE]], "reason": Words("投诉")}
    first.act(linkage.exclude, out, by=stage.clerk)
    assert town.post(reverse("desk:do", args=[*again.ref, "merge"]), said).status_code == 302


def test_what_may_be_the_same_matter_can_be_joined_from_where_it_is_shown(stage: Stage) -> None:
    first, again = stage.accepted(), stage.registered(key="2")
    client, number = signed_in(stage.clerk), first.row().number
    hint = client.get(reverse("desk:like", args=again.ref)).content.decode()
    address = reverse("desk:do", args=[*again.ref, "merge"]) + f"?number={number}"
    assert address in hint
    assert f'value="{number}"' in client.get(address).content.decode()
