"""Posts change hands; calendars and keys change; the ledger stays true."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import connections
from django.test import override_settings

from gongzhi.cases import replay
from gongzhi.cases.calendar import (
    BadCalendar,
    forget_calendar,
    import_days,
    working_calendar,
)
from gongzhi.cases.changes import Refused
from gongzhi.cases.custody import hand_over
from gongzhi.cases.linkage import recount as recount_act
from gongzhi.cases.models import ClockRun, Entry
from gongzhi.cases.reading import case_for
from gongzhi.cases.recount import recount
from gongzhi.cases.rotation import rotate
from gongzhi.cases.testing import BEGAN, LINE, Cast, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import NotYourPost, Timer
from gongzhi.people.scope import Scope, within
from gongzhi.site.config import new_key

VILLAGE = LINE[-1]


def test_a_post_goes_with_its_cases(cast: Cast) -> None:
    case, mediator = begin(m.mediation), cast[VILLAGE, "mediator"]
    case.act(m.accept, by=cast[VILLAGE, "clerk"])
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    heir = Account.objects.create(username="heir", name="接任")
    post = Post.objects.get(id=mediator.post)
    assert hand_over(post, heir, now=BEGAN, by=cast[VILLAGE, "leader"]) == 1
    with within(Scope(case=case.receipt.id)):
        assert Entry.objects.latest("seq").act == "hand_over"
    assert Appointment.objects.get(post=post, held_to=None).account == heir
    with pytest.raises(NotYourPost):
        case.act(m.fail, {"way": "court"}, by=mediator)


def test_only_who_manages_the_unit_hands_over(cast: Cast) -> None:
    case, mediator = begin(m.mediation), cast[VILLAGE, "mediator"]
    case.act(m.accept, by=cast[VILLAGE, "clerk"])
    case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])
    heir = Account.objects.create(username="heir", name="接任")
    with pytest.raises(Refused):
        hand_over(Post.objects.get(id=mediator.post), heir, now=BEGAN, by=cast[VILLAGE, "clerk"])
    assert not Appointment.objects.filter(account=heir).exists()


def test_a_new_calendar_makes_provisional_times_final(fresh_database: str, tmp_path: Path) -> None:
    make_cast()
    case = begin(m.mediation)
    days = tmp_path / "2027.csv"
    days.write_text("date,working,note\n2027-01-01,0,元旦\n2027-10-01,0,国庆节\n")
    before = dict(connections["default"].settings_dict)
    with within(Scope(case=case.receipt.id)):
        assert ClockRun.objects.get(name="total").provisional
    owner = connections["owner"].settings_dict
    connections["default"].settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    connections["default"].close()
    try:
        import_days(days)
        assert recount(now=BEGAN + timedelta(days=1)) == 1
        assert replay.verify() == []
        assert not ClockRun.objects.filter(provisional=True).exists()
    finally:
        connections["default"].settings_dict.update(before)
        connections["default"].close()
        forget_calendar()


def test_a_calendar_with_a_wrong_row_is_not_taken(db: None, tmp_path: Path) -> None:
    days = tmp_path / "2027.csv"
    days.write_text("date,working,note\n2027-01-01,0,元旦\n2027-13-01,0,\n")
    with pytest.raises(BadCalendar, match="row 3"):
        import_days(days)
    assert working_calendar().is_working(date(2027, 1, 4))


def test_time_acts_in_nobodys_name_only_for_the_owner(cast: Cast) -> None:
    case = begin(m.mediation)
    with pytest.raises(Refused):
        case.act(recount_act, by=Timer())
    assert case.row().seq == 1


def test_data_come_under_the_new_key(fresh_database: str) -> None:
    cast = make_cast()
    case = begin(m.mediation)
    account = Account.objects.get(id=cast[VILLAGE, "clerk"].account)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(account)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    old, new = settings.FIELD_KEYS, f"k2:{new_key()}"
    with override_settings(FIELD_KEYS=f"{new},{old}"):
        assert rotate() > 0
        assert rotate() == 0
    with override_settings(FIELD_KEYS=new):
        view = case_for(cast[VILLAGE, "clerk"], case.receipt.county, case.receipt.id, unmasked=True)
        assert view.people[0].name == "张三"
        assert "三十八万" in view.words("register", "text")
        seen = {one.type: one for one in Authenticator.objects.all()}
        assert decrypt(seen["totp"].data["secret"]) == "JBSWY3DPEHPK3PXP"
        assert RecoveryCodes(seen["recovery_codes"]).get_unused_codes() == codes
    assert replay.verify() == []
