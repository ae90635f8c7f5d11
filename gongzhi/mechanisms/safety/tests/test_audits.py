"""An audit from opening to follow-up: who may, what is compared, two persons, the index."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Case
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, begin, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Answer, Inspection
from gongzhi.mechanisms.safety.registers import (
    audit_figures,
    audit_findings,
    audit_method,
    audit_rights,
    audits,
    honesty,
)
from gongzhi.mechanisms.safety.tests.auditing import FOLLOW, Auditing, answers, later
from gongzhi.mechanisms.safety.tests.conftest import FIVE, SEEN, YELLOW
from gongzhi.mechanisms.safety.tests.register import COUNTY, TOWN, VILLAGE
from gongzhi.people.models import Appointment, Post, Unit
from gongzhi.people.posts import Holder, as_holder
from gongzhi.people.scope import within


class TestOpening:
    @pytest.mark.parametrize("kind", ["safety_inspector", "leader"])
    def test_by_an_official_of_a_county(self, auditing: Auditing, kind: str) -> None:
        assert audit_rights.may_open(auditing.cast[COUNTY, kind], auditing.firm)

    @pytest.mark.parametrize(
        ("place", "kind"),
        [(TOWN, "leader"), (COUNTY, "mediator"), (COUNTY, "grid_member"), (COUNTY, "expert")],
    )
    def test_by_nobody_else(self, auditing: Auditing, place: str, kind: str) -> None:
        assert not audit_rights.may_open(auditing.cast[place, kind], auditing.firm)
        with pytest.raises(Refused, match="县级以上"):
            audits.open_(auditing.asked(), by=auditing.cast[place, kind], now=auditing.now)

    def test_not_of_another_county(self, auditing: Auditing) -> None:
        assert not audit_rights.may_open(auditing.elsewhere, auditing.firm)

    def test_not_of_ones_own_department(self, auditing: Auditing) -> None:
        auditing.checked(auditing.store, "department", auditing.bureau, {})
        with pytest.raises(Refused, match="任职"):
            audits.open_(auditing.asked(auditing.department), by=auditing.bureau, now=auditing.now)
        assert auditing.department not in audit_rights.departments(auditing.bureau)
        assert auditing.department in audit_rights.departments(auditing.first)

    def test_not_of_who_stands_above(self, auditing: Auditing) -> None:
        """The bureau's parent is the county's centre."""
        centre = Unit.objects.get(id=auditing.cast.units[COUNTY])
        assert not audit_rights.may_open(auditing.bureau, centre)
        assert audit_rights.may_open(auditing.cast[COUNTY, "leader"], auditing.department)

    def test_not_from_another_post_either(self, auditing: Auditing) -> None:
        by = second_post(auditing.first, auditing.bureau)
        assert not audit_rights.may_open(by, auditing.department)
        assert audit_rights.may_open(auditing.first, auditing.department)

    def test_of_days_that_were(self, auditing: Auditing) -> None:
        tomorrow, yesterday = (auditing.today + timedelta(days=n) for n in (1, -1))
        wrong: tuple[dict[str, Any], ...] = (
            {"until": tomorrow},
            {"since": auditing.today, "until": yesterday},
        )
        for other in wrong:
            with pytest.raises(Refused, match="期间"):
                auditing.open(**other)

    def test_nothing_to_draw_from_is_no_audit(self, auditing: Auditing) -> None:
        with pytest.raises(Refused, match="没有可以抽查"):
            auditing.open(auditing.department)


def second_post(by: Holder, beside: Holder) -> Holder:
    """The same person, who also holds a post in the other's unit."""
    post = Post.objects.create(
        unit_id=beside.unit, kind="clerk", title="兼职", place=COUNTY, valid_from=BEGAN
    )
    Appointment.objects.create(post=post, account_id=by.account, held_from=BEGAN)
    return as_holder(by.account, by.post, at=BEGAN + timedelta(days=1))


class TestReading:
    def test_the_department_sees_nothing_before_the_report_is_issued(
        self, auditing: Auditing
    ) -> None:
        auditing.checked(auditing.workshop, "department", auditing.bureau, {})
        auditing.checked(auditing.store, "department", auditing.bureau, {})
        made = auditing.drawn_up(answers(auditing.codes, "nm"), auditing.department)
        outsiders = (auditing.bureau, auditing.clerk, auditing.elsewhere,
                     auditing.cast[COUNTY, "mediator"])  # fmt: skip
        for by in outsiders:
            assert audit_rights.audit_seen(by, made.id) is None, by.title
            papers = Inspection.objects.filter(audit_rights.open_papers(by))
            assert not papers.filter(kind="audit").exists() and papers.count() == 2
        for by in (auditing.first, auditing.cast[COUNTY[:4], "leader"]):
            assert audit_rights.audit_seen(by, made.id) == made, by.title
        with pytest.raises(Refused, match="任职"):
            audits.give_back(made, "不服", by=auditing.bureau, now=auditing.now)
        audits.issue(made, by=auditing.second, now=auditing.now)
        assert audit_rights.audit_seen(auditing.bureau, made.id) == made
        assert audit_rights.audit_seen(auditing.elsewhere, made.id) is None

    def test_the_firm_reads_its_own_once_issued_and_answers_once(self, auditing: Auditing) -> None:
        head, officer = auditing.staff("enterprise_head"), auditing.staff("safety_officer")
        made = auditing.drawn_up(answers(auditing.codes, "nm"))
        assert audit_rights.audit_seen(head, made.id) is None
        with pytest.raises(Refused):
            audits.state(made, "有异议", by=head, now=auditing.now)
        audits.issue(made, by=auditing.second, now=auditing.now)
        assert audit_rights.audit_seen(officer, made.id) == made
        with pytest.raises(Refused):
            audits.state(made, "有异议", by=officer, now=auditing.now)
        audits.state(made, "护罩当天已装回", by=head, now=auditing.now)
        with pytest.raises(Refused, match="一次"):
            audits.state(made, "再说一次", by=head, now=auditing.now)
        other = auditing.staff("enterprise_head", auditing.add_firm("别家"))
        assert audit_rights.audit_seen(other, made.id) is None


class TestPapers:
    def test_what_is_not_met_begins_a_hazard(self, auditing: Auditing) -> None:
        made = auditing.open()
        paper = auditing.paper(made, auditing.workshop, answers(auditing.codes, "nmx"))
        assert (paper.asked, paper.met, paper.not_met, paper.not_applicable) == (3, 1, 1, 1)
        number = Answer.objects.get(inspection=paper, verdict="not_met").number
        with within(auditing.first.scope):
            case = Case.objects.get(number=number)
        assert case.facts["inspection"] == str(paper.id)
        assert case.facts["item"] == auditing.codes[0] and case.place == VILLAGE

    def test_sent_twice_it_is_one(self, auditing: Auditing) -> None:
        made = auditing.open()
        paper = auditing.form(answers(auditing.codes, "n"))
        for _n in range(2):
            auditing.record(made, auditing.workshop, paper, auditing.first)
        assert Inspection.objects.count() == 1
        with within(auditing.first.scope):
            assert Case.objects.count() == 1

    def test_a_hazard_that_is_open_is_not_begun_again(self, auditing: Auditing) -> None:
        """Another audit finds the same: it is that hazard's case still."""
        first, second = (
            auditing.paper(auditing.open(), auditing.workshop, answers(auditing.codes, "n"))
            for _n in range(2)
        )
        numbers = {row.answers.get().number for row in (first, second)}
        assert len(numbers) == 1 and "" not in numbers
        with within(auditing.first.scope):
            assert Case.objects.count() == 1

    def test_an_item_is_looked_at_once(self, auditing: Auditing) -> None:
        made = auditing.open()
        auditing.paper(made, auditing.workshop, answers(auditing.codes, "n"))
        with pytest.raises(Refused, match="已经看过"):
            auditing.paper(made, auditing.workshop, answers(auditing.codes, "m"))

    def test_nobody_audits_what_they_checked(self, auditing: Auditing) -> None:
        auditing.checked(auditing.workshop, "department", auditing.first, {})
        made = auditing.open()
        with pytest.raises(Refused, match="由您检查过"):
            auditing.paper(made, auditing.workshop, answers(auditing.codes, "m"))
        auditing.paper(made, auditing.workshop, answers(auditing.codes, "m"), by=auditing.second)

    def test_only_of_the_sample_and_by_who_audits(self, auditing: Auditing) -> None:
        made = auditing.open(size=1)
        left = made.frame.get(turn=None).site
        with pytest.raises(Refused, match="样本"):
            auditing.paper(made, left, answers(auditing.codes, "m"))
        drawn = made.frame.get(turn=1).site
        with pytest.raises(Refused, match="发起审计"):
            auditing.paper(made, drawn, answers(auditing.codes, "m"), by=auditing.bureau)


class TestComparing:
    def test_with_the_last_check_at_the_same_items(self, auditing: Auditing) -> None:
        officer = auditing.staff("safety_officer")
        #                 self-check, older      n n m m m
        #                 self-check, the last   n m x - n
        #                 department             m n n m m
        #                 audit                  n n n n m
        codes = auditing.codes
        shop = auditing.workshop
        auditing.checked(shop, "self", officer, answers(codes, "nnmmm"), days=400)
        auditing.checked(shop, "self", officer, answers(codes, "nmx"), days=9)
        auditing.checked(shop, "self", officer, {codes[4]: "not_met"}, days=20)
        auditing.checked(shop, "department", auditing.bureau, answers(codes, "mnnmm"), days=50)
        made = auditing.open()
        auditing.paper(made, shop, answers(codes, "nnnnm"))
        found = audit_figures.figures(made, by=auditing.first)
        own = audit_figures.compared(found.lines, audit_method.ENTERPRISE)
        assert (own.agreed, own.passed_over, own.not_looked, own.only_before) == (1, 2, 1, 1)
        assert own.hazards == 4 and found.counts["agreement"] == (1, 4)
        other = audit_figures.compared(found.lines, audit_method.DEPARTMENT)
        assert (other.agreed, other.passed_over, other.not_looked) == (2, 2, 0)

    def test_what_is_said_after_the_audit_came_counts_for_nothing(self, auditing: Auditing) -> None:
        officer, shop = auditing.staff("safety_officer"), auditing.workshop
        made = auditing.open()
        auditing.paper(made, shop, answers(auditing.codes, "n"))
        auditing.checked(shop, "self", officer, answers(auditing.codes, "n"), days=-1)
        found = audit_figures.figures(made, by=auditing.first)
        assert found.counts["agreement"] == (0, 1)


class TestFigures:
    def test_checks_and_rectifications_are_counted_by_when_they_were_due(
        self, auditing: Auditing
    ) -> None:
        officer, shop = auditing.staff("safety_officer"), auditing.workshop
        for days, done in ((30, 31), (30, 30), (20, 15), (10, None), (300, 300)):
            auditing.due(shop, officer.unit, days=days, done=done, kind="self")
        auditing.due(shop, auditing.bureau.unit, days=30, done=None, kind="department")
        rectified(auditing, officer, days=5)
        rectified(auditing, officer, days=40)
        begin(m.safety, category="machinery", unit=auditing.cast.units[TOWN],
              data={"text": Words("工人说的"), "site": shop.id})  # fmt: skip
        made = auditing.open(since=BEGAN.date())
        auditing.paper(made, shop, answers(auditing.codes, "mmmn"))
        found = audit_figures.figures(made, by=auditing.first)
        assert found.counts["items"] == (3, 4)
        assert found.counts["checks"] == (3, 5)
        assert found.counts["rectified"] == (1, 2)

    def test_the_score_is_the_weighted_mean_of_what_could_be_counted(self) -> None:
        counts = {"items": (9, 10), "checks": (1, 2), "rectified": (0, 0), "agreement": (1, 4)}
        parts = audit_method.scored(audit_method.FIRST, audit_method.ENTERPRISE, counts)
        assert [p.percent for p in parts] == [90.0, 50.0, None, None]
        assert audit_method.score(parts) == pytest.approx(
            100 * (40 * 0.9 + 20 * 0.5) / 60, abs=0.05
        )
        none = dict.fromkeys(counts, (0, 0))
        empty = audit_method.scored(audit_method.FIRST, audit_method.DEPARTMENT, none)
        assert audit_method.score(empty) is None

    @pytest.mark.parametrize("what", list(audit_method.FIRST.parts))
    def test_the_weights_make_a_hundred(self, what: str) -> None:
        assert sum(part.weight for part in audit_method.FIRST.parts[what]) == 100


def rectified(auditing: Auditing, officer: Holder, *, days: int) -> None:
    """Ordered, which gives thirty days, and done after so many."""
    by, shop = auditing.cast[TOWN, "safety_inspector"], auditing.workshop
    case = begin(
        m.safety, category="machinery", by=by, place=VILLAGE, parties=[],
        unit=auditing.cast.units[TOWN],
        data={"text": Words("没有护罩"), "site": shop.id, "enterprise": shop.enterprise_id},
    )  # fmt: skip
    case.act(m.rank, YELLOW, by=by)
    case.act(m.order, FIVE | {"firm": officer.unit, "until": later(case.now, days=10)}, by=by)
    case.travel(days=days)
    sweep(case.now)
    Appointment.objects.filter(account=officer.account).update(held_from=BEGAN)
    case.act(m.rectify, SEEN, by=officer)


class TestTheReport:
    def test_another_person_issues_it(self, auditing: Auditing) -> None:
        made = auditing.drawn_up(answers(auditing.codes, "nm"))
        with pytest.raises(Refused, match="另一人"):
            audits.issue(made, by=auditing.first, now=auditing.now)
        audits.give_back(made, "补充照片", by=auditing.second, now=auditing.now)
        audits.draw_up(made, "已补", by=auditing.second, now=auditing.now)
        with pytest.raises(Refused, match="另一人"):
            audits.issue(made, by=auditing.second, now=auditing.now)
        audits.issue(made, by=auditing.first, now=auditing.now)
        made.refresh_from_db()
        assert audits.number(made) == f"安审〔{auditing.today.year}〕1号"
        for again in (audits.issue, audits.withdraw):
            with pytest.raises(Refused, match="已经结束"):
                again(made, *("悔",) * (again is audits.withdraw), by=auditing.second,
                      now=auditing.now)  # fmt: skip

    def test_every_site_of_the_sample_is_accounted_for(self, auditing: Auditing) -> None:
        made = auditing.open()
        auditing.paper(made, auditing.workshop, answers(auditing.codes, "m"))
        with pytest.raises(Refused, match="没有工作底稿"):
            audits.draw_up(made, "", by=auditing.first, now=auditing.now)

    def test_every_finding_has_what_follows(self, auditing: Auditing) -> None:
        auditing.checked(
            auditing.workshop, "self", auditing.staff("safety_officer"),
            answers(auditing.codes, "m"),
        )  # fmt: skip
        made = auditing.open()
        auditing.seen(made, answers(auditing.codes, "n"))
        audits.draw_up(made, "", by=auditing.first, now=auditing.now)
        kinds = dict(made.findings.values_list("kind", "number"))
        assert kinds["item"] and set(kinds) == {"item", "passed_over"}
        with pytest.raises(Refused, match="后续措施"):
            audits.issue(made, by=auditing.second, now=auditing.now)
        row = made.findings.get(kind="passed_over")
        audit_findings.follow(row, FOLLOW["measure"], auditing.firm.id, FOLLOW["due"])
        audits.issue(made, by=auditing.second, now=auditing.now)

    def test_its_figures_stand_whatever_comes_later(self, auditing: Auditing) -> None:
        made = auditing.drawn_up(answers(auditing.codes, "nm"))
        before = audit_figures.figures(made, by=auditing.first)
        auditing.checked(
            auditing.workshop, "self", auditing.first, answers(auditing.codes, "n"), days=3
        )
        assert audit_figures.figures(made, by=auditing.first) == before

    def test_one_that_was_withdrawn_stays_with_its_reason(self, auditing: Auditing) -> None:
        made = auditing.open()
        audits.withdraw(made, "企业已停产", by=auditing.first, now=auditing.now)
        assert made.steps.get(what="withdrawn").note == "企业已停产"
        assert audit_rights.audit_seen(auditing.second, made.id) is not None


class TestTheIndex:
    def test_below_five_hazards_no_share_is_told(self, auditing: Auditing) -> None:
        month = f"{auditing.today:%Y-%m}"
        officer = auditing.staff("safety_officer")
        auditing.checked(auditing.workshop, "self", officer, answers(auditing.codes, "nmmm"))
        auditing.issued(answers(auditing.codes, "nnnn"))
        [row] = honesty.rows(COUNTY, month, month, by=honesty.FIRMS)
        assert (row.hazards, row.agreed, row.small) == (4, 1, True)
        assert row.percent is None and row.interval is None

    def test_it_stands_among_the_indicators_unless_too_few(self, auditing: Auditing) -> None:
        officer, today = auditing.staff("safety_officer"), auditing.today
        auditing.checked(auditing.workshop, "self", officer, answers(auditing.codes, "nmmm"))
        auditing.issued(answers(auditing.codes, "nnnn"))
        assert honesty.agreed(COUNTY, today, today + timedelta(days=1)) == (1, 4)
        assert honesty.agreed(COUNTY, today - timedelta(days=9), today) == (0, 0)
        client = signed_in(auditing.cast[COUNTY, "leader"])
        shown = client.get(reverse("command:indicators"), {"mechanism": "safety"}).context["parts"]
        (row,) = [x for x in shown[0][1] if x.label == "自查一致率"]
        assert (row.over, row.percent, row.under, row.small) == (None, None, 4, True)

    def test_what_is_kept_by_site_is_what_the_report_says(self, auditing: Auditing) -> None:
        officer, today = auditing.staff("safety_officer"), auditing.today
        auditing.checked(auditing.workshop, "self", officer, answers(auditing.codes, "nnnnnnnnmm"))
        made = auditing.issued(answers(auditing.codes, "n" * 10))
        recounted = audit_figures.figures(made, by=auditing.first).counts["agreement"]
        assert honesty.agreed(COUNTY, today, today + timedelta(days=1)) == recounted == (8, 10)

    def test_of_firms_counties_and_towns_with_intervals(self, auditing: Auditing) -> None:
        month = f"{auditing.today:%Y-%m}"
        officer = auditing.staff("safety_officer")
        auditing.checked(auditing.workshop, "self", officer, answers(auditing.codes, "nnnnnnnnmm"))
        auditing.issued(answers(auditing.codes, "n" * 10))
        auditing.open()
        for by, place in ((honesty.FIRMS, VILLAGE), ("counties", COUNTY), ("towns", TOWN)):
            [row] = honesty.rows(COUNTY, month, month, by=by)
            assert (row.place, row.agreed, row.hazards) == (place, 8, 10)
            assert row.percent == 80 and row.interval == (49, 94)
        assert honesty.rows("441202", month, month, by="towns") == []
        assert honesty.rows(COUNTY, "2020-01", "2020-12", by="towns") == []
