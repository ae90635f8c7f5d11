"""What a firm sees of its checks, orders and hazards on its own pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import BEGAN, begin, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Check
from gongzhi.mechanisms.safety.tests.planning import Plans
from gongzhi.mechanisms.safety.tests.register import TOWN
from gongzhi.mechanisms.safety.tests.test_register_own import SECRET, ordered, reported
from gongzhi.people.models import Appointment, Post
from gongzhi.people.posts import Holder


@pytest.fixture
def town(fresh_database: str) -> Plans:
    found = Plans()
    found.now = timezone.now()
    return found


def page(by: Holder, name: str) -> str:
    answer = signed_in(by).get(reverse(f"safety:{name}"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_its_own_checks_lead_to_the_phone(town: Plans) -> None:
    other = town.add_firm("别家厂")
    town.add_site(other, "别家车间")
    town.staff("safety_officer", other)
    town.plan()
    town.plan(kind="department", unit=town.fire, name="消防检查")
    Check.objects.update(from_day=town.today)
    Check.objects.filter(site=town.workshop).update(due=town.today - timedelta(days=1))
    said = page(town.staff("safety_officer"), "own")
    assert (
        "现在要做 2 次，逾期 1 次" in said
        and f"{reverse('field:home')}#safety-site/{town.workshop.id}" in said
    )
    assert "别家" not in said and "消防检查" not in said


def test_an_order_says_the_five_things_and_what_time_is_left(town: Plans) -> None:
    staff = town.staff("safety_officer")
    ordered(town, staff)
    said = page(staff, "own")
    for told in ("五落实", "车间主任", "加装护罩", "5000", "停机", "拉警戒线"):
        assert told in said


def test_hazards_are_its_own_and_never_what_was_told_of_it(town: Plans) -> None:
    staff = town.staff("safety_officer")
    report, _order = reported(town), ordered(town, staff)
    Post.objects.filter(id=staff.post).update(valid_from=BEGAN)
    Appointment.objects.filter(post=staff.post).update(held_from=BEGAN)
    case = begin(
        m.safety, category="machinery", title="自查：电线老化", by=staff, place=town.workshop.place,
        unit=town.cast.units[TOWN], parties=[],
        data={"text": Words("电线老化"), "site": town.workshop.id, "enterprise": town.firm.id},
    )  # fmt: skip
    case.act(m.dismiss, {"reason": Words("不是")}, by=town.inspector)
    for name in ("own", "own_hazards"):
        said = page(staff, name)
        assert SECRET not in said and report.receipt.number not in said
    assert "冲床没有护罩" in said and "自查：电线老化" in said and "不构成隐患" in said


def test_another_firms_hazards_are_not_listed(town: Plans) -> None:
    ordered(town, town.staff("safety_officer"))
    other = town.add_firm("别家厂")
    said = page(town.staff("enterprise_head", other), "own_hazards")
    assert "没有登记隐患" in said
    assert signed_in(town.clerk).get(reverse("safety:own_hazards")).status_code == 404
