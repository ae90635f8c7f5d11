"""One story for each article that mediation carries out, in the words of the field."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gongzhi.cases import replay, rollups
from gongzhi.cases.changes import NewParty, Refused, Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.reading import acts_open_to, seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.declare import Act
from gongzhi.mechanisms.mediation import forms
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.people.sealing import blind_index

VILLAGE = LINE[-1]
WORDS = {"reason": Words("说明"), "way": "court"}
TERMS = {
    "facts": Words("拖欠十七人工资"), "terms": Words("分两期付清"), "method": Words("银行转账"),
    "instalments": [{"on": date(2026, 2, 1), "amount": Decimal(190_000)},
                    {"on": date(2026, 3, 1), "amount": Decimal(190_000)}],
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def clerk(cast: Cast) -> Holder:
    return cast[VILLAGE, "clerk"]


@pytest.fixture
def mediator(cast: Cast) -> Holder:
    return cast[VILLAGE, "mediator"]


def accepted(clerk: Holder) -> Told:
    case = begin(m.mediation)
    case.act(m.accept, by=clerk)
    return case


def mediating(clerk: Holder, mediator: Holder) -> Told:
    case = accepted(clerk)
    case.act(m.assign, {"mediator": mediator.post}, by=clerk)
    return case


def performing(clerk: Holder, mediator: Holder) -> Told:
    case = mediating(clerk, mediator)
    case.act(m.agree, TERMS, by=mediator)
    return case


def open_to(who: Holder, case: Told) -> list[Act]:
    return acts_open_to(who, seen_by(who, *case.ref))


def late(case: Told, clock: str) -> bool:
    with within(case.resident.scope):
        return ClockRun.objects.filter(name=clock, status="late").exists()


def test_article_3_whoever_applied_may_stop(clerk: Holder, mediator: Holder) -> None:
    case = mediating(clerk, mediator)
    case.act(m.withdraw, WORDS, by=case.resident)
    assert case.row().state == m.withdrawn.name
    with pytest.raises(Refused):
        case.act(m.hold, {"record": Words("继续")}, by=mediator)


def test_article_17_anybody_applies_and_staff_apply_for_them(cast: Cast, clerk: Holder) -> None:
    for by in (None, clerk, cast[LINE[-2], "judicial_officer"]):
        assert begin(m.mediation, by=by).row().state == m.registered.name
    with pytest.raises(Refused):  # a leader decides about cases, but does not take them in
        begin(m.mediation, by=cast[VILLAGE, "leader"])


def test_a_refusal_points_out_the_right_way(clerk: Holder) -> None:
    case = begin(m.mediation)
    assert "way" in forms.Refuse.base_fields and forms.Refuse.base_fields["way"].required
    case.act(m.refuse, WORDS, by=clerk)
    assert case.row().state == m.refused.name and not case.row().is_open


def test_article_19_nobody_with_an_interest_is_offered_as_mediator(
    cast: Cast, clerk: Holder, mediator: Holder
) -> None:
    case = accepted(clerk)

    def offered(case: Told) -> set[object]:
        seen = seen_by(clerk, *case.ref)
        return {h.post for h in forms.Assign(case=seen, by=clerk, now=BEGAN).candidates()}

    assert mediator.post in offered(case)
    Account.objects.filter(id=mediator.account).update(
        phone_index=blind_index("phone", "13800009999")
    )
    parties = [NewParty("applicant", name="张三", phone="13800009999")]
    own = begin(m.mediation, parties=parties)
    own.act(m.accept, by=clerk)
    assert mediator.post not in offered(own)


def test_article_23_a_party_may_have_the_mediator_changed(clerk: Holder, mediator: Holder) -> None:
    case = mediating(clerk, mediator)
    case.act(m.object_, WORDS, by=case.resident)
    row = case.row()
    assert (row.state, row.post) == (m.accepted.name, None)
    with pytest.raises(Refused, match="另选"):
        case.act(m.assign, {"mediator": mediator.post}, by=clerk)


def test_article_26_without_agreement_the_other_ways_are_named(
    clerk: Holder, mediator: Holder
) -> None:
    case = mediating(clerk, mediator)
    case.act(m.hold, {"record": Words("各执一词")}, by=mediator)
    case.act(m.fail, WORDS, by=mediator)
    assert case.row().state == m.unsettled.name
    assert forms.Fail.base_fields["way"].required


def test_judges_and_officials_who_were_called_in_mediate_too(
    cast: Cast, clerk: Holder, mediator: Holder
) -> None:
    case, judge = mediating(clerk, mediator), cast["court", "judge"]
    case.act(act_named(m.mediation, "join"), {"units": [judge.unit], **WORDS}, by=clerk)
    assert m.hold in open_to(judge, case)
    case.act(m.hold, {"record": Words("释法明理")}, by=judge)
    assert case.row().facts["sessions"] == 1
    assert m.agree not in open_to(judge, case)


def test_articles_28_and_29_an_agreement_is_performed_part_by_part(
    clerk: Holder, mediator: Holder
) -> None:
    case = performing(clerk, mediator)
    with within(clerk.scope):
        parts = list(Task.objects.filter(name="instalment").order_by("due_at"))
    assert [t.data["amount"] for t in parts] == ["190000", "190000"]
    case.act(m.perform, {"n": 1, "note": Words("到账")}, by=mediator)
    with pytest.raises(Refused, match="2"):
        case.act(m.close, {"note": Words("核实")}, by=clerk)
    case.act(m.perform, {"n": 2, "note": Words("到账")}, by=mediator)
    with pytest.raises(Refused):
        case.act(m.perform, {"n": 2, "note": Words("再记一次")}, by=mediator)
    case.act(m.close, {"note": Words("核实")}, by=clerk)
    assert case.row().state == m.settled.name


def test_article_31_who_does_not_perform_is_called_back(clerk: Holder, mediator: Holder) -> None:
    case = performing(clerk, mediator)
    case.act(m.default, WORDS, by=mediator)
    assert case.row().state == m.mediating.name
    with within(clerk.scope):
        assert not Task.objects.filter(name="instalment", done_at=None).exists()


def test_whoever_made_the_agreement_does_not_close_it(cast: Cast, clerk: Holder) -> None:
    case = accepted(clerk)
    case.act(m.assign, {"mediator": clerk.post}, by=clerk)
    case.act(m.agree, {**TERMS, "instalments": []}, by=clerk)
    assert m.close not in open_to(clerk, case)
    with pytest.raises(Refused):
        case.act(m.close, {"note": Words("自己核实")}, by=clerk)
    case.act(m.close, {"note": Words("核实")}, by=cast[VILLAGE, "judicial_officer"])


def test_a_closed_case_is_rated_once_and_may_be_reopened(clerk: Holder) -> None:
    case = begin(m.mediation)
    case.act(m.refuse, WORDS, by=clerk)
    case.act(m.rate, {"satisfied": False}, by=case.resident)
    with pytest.raises(Refused):
        case.act(m.rate, {"satisfied": True}, by=case.resident)
    with within(Scope(place=VILLAGE)):
        day, figures = BEGAN.date(), ["closed.%", "rated"]
        (counted,) = rollups.flows(
            [VILLAGE], figures, since=day, until=day + timedelta(days=1)
        ).values()
    # Rated after it was closed, and not closed again by that.
    assert counted["rated"] == 1
    assert sum(n for name, n in counted.items() if name.startswith("closed.")) == 1
    case.act(m.reopen, WORDS, by=case.resident)
    assert case.row().state == m.registered.name and case.row().is_open
    case.act(m.accept, by=clerk)


def test_rule_33_a_month_and_once_more(cast: Cast, clerk: Holder, mediator: Holder) -> None:
    case, leader = mediating(clerk, mediator), cast[VILLAGE, "leader"]
    extend = act_named(m.mediation, "extend_mediate")
    case.act(extend, WORDS, by=leader)
    with pytest.raises(Refused):
        case.act(extend, WORDS, by=leader)
    sweep(BEGAN + timedelta(days=31))
    assert not late(case, "mediate")
    sweep(BEGAN + timedelta(days=62))
    assert late(case, "mediate")


@pytest.mark.parametrize(("clock", "days"), [("accept", 4), ("total", 366)])
def test_a_case_that_nobody_takes_up_is_noticed(cast: Cast, clock: str, days: int) -> None:
    case = begin(m.mediation)
    sweep(BEGAN + timedelta(days=days))
    assert late(case, clock) and case.row().overdue
    with within(cast[LINE[-2], "leader"].scope):
        assert Task.objects.filter(name="overdue", unit=cast.units[LINE[-2]]).exists()


def test_a_case_without_mediator_and_one_without_follow_up_are_noticed(
    clerk: Holder, mediator: Holder
) -> None:
    waiting, agreed = accepted(clerk), performing(clerk, mediator)
    sweep(BEGAN + timedelta(days=3))
    assert late(waiting, "assign") and not late(agreed, "follow_up")
    sweep(BEGAN + timedelta(days=183))  # the last day was a Saturday
    assert late(agreed, "follow_up")


def test_what_happened_can_be_told_again(
    fresh_database: str,
) -> None:
    cast = make_cast()
    clerk, mediator = cast[VILLAGE, "clerk"], cast[VILLAGE, "mediator"]
    case = performing(clerk, mediator)
    for n in (1, 2):
        case.act(m.perform, {"n": n, "note": Words("到账")}, by=mediator)
    case.act(m.close, {"note": Words("核实")}, by=clerk)
    assert replay.verify() == []


def test_every_act_has_its_story() -> None:
    told = Path(__file__).read_text("utf-8")
    for act in m.mediation.acts:
        name = "object_" if act is m.object_ else act.name
        assert f"m.{name}" in told, act.label
