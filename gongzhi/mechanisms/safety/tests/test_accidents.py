"""The register of accidents: who records and reads, how it is corrected, what was known before."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.testing import OUTSIDE, make_post, make_unit
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Accident, Answer, Inspection
from gongzhi.mechanisms.safety.registers import accidents, accidents_known, editions
from gongzhi.mechanisms.safety.tests.accidents import USUAL, happened
from gongzhi.mechanisms.safety.tests.conftest import CITY, COUNTY, SEEN, TOWN, YELLOW, Stage
from gongzhi.mechanisms.safety.tests.register import Register
from gongzhi.people.posts import Holder


def other_town(by: Holder) -> Holder:
    return make_post(make_unit(OUTSIDE, "emergency"), OUTSIDE, "leader", unit_kind="emergency")


class TestRecording:
    def test_the_class_follows_from_what_is_entered(self, register: Register) -> None:
        assert happened(register.bureau, deaths=3).grade == "larger"
        assert happened(register.bureau, loss_yuan=Decimal(50_000_000)).grade == "major"

    def test_only_whoever_keeps_the_register_there_records(self, register: Register) -> None:
        grid = register.cast[TOWN, "grid_member"]
        for by in (grid, other_town(grid), register.staff("enterprise_head")):
            with pytest.raises(Refused, match="应急管理部门"):
                happened(by)

    def test_who_reads(self, register: Register) -> None:
        row = happened(register.bureau)
        sees = {by.kind for by in register.cast.everyone
                if by.place == TOWN and accidents.may_read(by, row.place)}  # fmt: skip
        assert {"clerk", "handler", "leader", "safety_inspector", "administrator"} <= sees
        assert not sees & {"grid_member", "expert", "mediator", "judge", "building_chief"}
        firm, outside = register.staff("enterprise_head"), register.cast[OUTSIDE, "leader"]
        for by in (firm, outside):
            assert accidents.accident_for(by, row.id) is None

    def test_not_in_the_future_and_not_known_before_it_was(self, register: Register) -> None:
        now = timezone.now()
        with pytest.raises(Refused, match="晚于现在"):
            happened(register.bureau, now + timedelta(hours=1))
        with pytest.raises(Refused, match="早于发生"):
            happened(register.bureau, now, known_at=now - timedelta(hours=1))

    def test_what_may_be_the_same_is_hinted_at(self, register: Register) -> None:
        row = happened(register.bureau, enterprise_id=register.firm.id)
        facts = {**USUAL, "at": row.at + timedelta(hours=5)}
        assert accidents.alike(facts) == [row]
        assert accidents.alike({**facts, "kind": "fire"}) == []
        firm = {**facts, "kind": "fire", "enterprise_id": register.firm.id}
        assert accidents.alike(firm) == [row]
        assert accidents.alike({**facts, "at": row.at + timedelta(days=2)}) == []


class TestCorrecting:
    def correct(
        self, register: Register, row: Accident, reason: str = "核实", **facts: object
    ) -> bool:
        by, now = register.bureau, timezone.now()
        stood_on = facts.pop("stood_on", None)
        return accidents.correct(row.id, facts, reason, stood_on=stood_on, now=now, by=by)  # type: ignore[arg-type]

    def test_deaths_grow_and_the_class_with_them(self, register: Register) -> None:
        row = happened(register.bureau, deaths=2)
        assert self.correct(register, row, deaths=3, stood_on=timezone.localdate())
        row.refresh_from_db()
        assert row.grade == "larger"
        (change,) = row.changes.all()
        assert change.facts == {"deaths": [2, 3], "grade": ["general", "larger"]}
        assert (change.reason, change.account) == ("核实", register.bureau.account)

    def test_after_thirty_days_they_grow_no_more(self, register: Register) -> None:
        at = timezone.now() - timedelta(days=40)
        row, last = happened(register.bureau, at), timezone.localdate(at) + timedelta(days=30)
        with pytest.raises(Refused, match="不再计入"):
            self.correct(register, row, deaths=1, stood_on=last + timedelta(days=1))
        row.refresh_from_db()
        assert row.deaths == 0
        assert self.correct(register, row, deaths=1, stood_on=last)

    def test_after_a_fire_seven(self, register: Register) -> None:
        at = timezone.now() - timedelta(days=20)
        row = happened(register.bureau, at, kind="fire")
        day = timezone.localdate(at) + timedelta(days=8)
        with pytest.raises(Refused, match="不再计入"):
            self.correct(register, row, deaths=1, stood_on=day)
        assert self.correct(register, row, deaths=1)  # it was entered wrongly

    def test_nothing_without_a_reason(self, register: Register) -> None:
        row = happened(register.bureau)
        with pytest.raises(Refused, match="为什么更正"):
            self.correct(register, row, " ", deaths=1)
        with pytest.raises(Refused, match="登记有误"):
            self.correct(register, row, kind="fire", stood_on=timezone.localdate())
        assert not self.correct(register, row, deaths=0)

    def test_entered_twice_it_counts_no_more_and_stays(self, register: Register) -> None:
        row = happened(register.bureau)
        assert self.correct(register, row, "重复", void=True)
        assert not accidents.of_place(COUNTY).exists()
        assert accidents.page(COUNTY, {}).rows == [row]

    def test_another_time_of_report_wants_a_reason(self, register: Register) -> None:
        row = happened(register.bureau)
        by, now = register.bureau, timezone.now()
        accidents.reported(row.id, "county", row.at + timedelta(hours=1), "", now=now, by=by)
        later = row.at + timedelta(hours=2)
        with pytest.raises(Refused, match="为什么更正"):
            accidents.reported(row.id, "county", later, "", now=now, by=by)
        accidents.reported(row.id, "county", later, "看错了", now=now, by=by)
        assert row.changes.get().facts.keys() == {"reported.county"}
        with pytest.raises(Refused, match="事故发生以后"):
            accidents.reported(row.id, "city", now + timedelta(hours=1), "", now=now, by=by)


class TestWasItKnown:
    def accident(self, stage: Stage, **facts: object) -> Accident:
        at = timezone.now() - timedelta(minutes=1)
        facts = {"site_id": stage.site.id, "enterprise_id": stage.enterprise.id, **facts}
        return happened(stage.first, at, group="machinery", **facts)

    def test_hazards_of_the_site_open_or_eliminated_are_shown(self, stage: Stage) -> None:
        gone = stage.ordered()
        gone.act(m.rectify, SEEN, by=stage.firm)
        gone.act(m.pass_, SEEN, by=stage.second)
        still = stage.found(category="fire")
        still.act(m.rank, YELLOW, by=stage.first)
        stage.found(data={"site": "", "enterprise": ""})
        row = self.accident(stage)
        found = {h.case.number: h for h in accidents_known.hazards(row, stage.first)}
        assert found.keys() == {gone.receipt.number, still.receipt.number}
        one, other = found[gone.receipt.number], found[still.receipt.number]
        assert (one.same_group, other.same_group, other.rank) == (True, False, "yellow")
        assert other.was_open
        tally = accidents_known.tally([one, other])
        assert (tally["all"], tally["connected"]) == (2, 0)

    def test_of_the_firm_where_the_site_is_not_known(self, stage: Stage) -> None:
        case = stage.found()
        row = self.accident(stage, site_id=None)
        assert [h.case.number for h in accidents_known.hazards(row, stage.first)] == [
            case.receipt.number
        ]
        row = self.accident(stage, site_id=None, enterprise_id=None)
        assert accidents_known.hazards(row, stage.first) == []

    def test_whether_it_is_connected_is_said_by_people_with_a_reason(self, stage: Stage) -> None:
        case, row = stage.found(), self.accident(stage)
        now, number = timezone.now(), case.receipt.number
        with pytest.raises(Refused, match="请写理由"):
            accidents_known.connect(row, number, True, " ", now=now, by=stage.first)
        with pytest.raises(Refused, match="没有这件隐患"):
            accidents_known.connect(row, "x", True, "同一台冲床", now=now, by=stage.first)
        accidents_known.connect(row, number, True, "同一台冲床", now=now, by=stage.first)
        accidents_known.connect(row, number, False, "看错了", now=timezone.now(), by=stage.second)
        (hazard,) = accidents_known.hazards(row, stage.first)
        assert hazard.said is not None and not hazard.said.connected
        assert row.connections.count() == 2
        with pytest.raises(Refused, match="由登记事故的单位"):
            accidents_known.connect(row, number, True, "x", now=now, by=stage.firm)

    def test_inspections_before_it_with_what_they_asked_of_the_group(self, stage: Stage) -> None:
        edition = editions.ship(CITY, now=timezone.now())
        assert edition is not None
        of = edition.categories.filter(group="machinery").first()
        assert of is not None
        item, row = of.items.order_by("code").first(), self.accident(stage)
        assert item is not None
        for days, asked in ((10, 1), (400, 1)):
            at = row.at - timedelta(days=days)
            made = Inspection.objects.create(
                id=uuid4(), site=stage.site, place=stage.site.place, kind="self",
                edition=edition, unit=stage.firm.unit, post=stage.firm.post,
                account=stage.firm.account, began_at=at, finished_at=at, received_at=at,
                asked=asked, met=1, not_met=0, not_applicable=0,
            )  # fmt: skip
            Answer.objects.create(inspection=made, code=item.code, verdict="met")
            Answer.objects.create(inspection=made, code="ZZ-99", verdict="not_met")
        (found,) = accidents_known.inspections(row, stage.first)
        assert found.related == {"met": 1} and found.asked == 1

    def test_what_a_worker_told_is_read_by_officials_alone(self, stage: Stage) -> None:
        stage.told(data={"text": Words("冲床")})
        row = self.accident(stage)
        assert len(accidents_known.hazards(row, stage.first)) == 1
        assert accidents_known.hazards(row, stage.firm) == []
