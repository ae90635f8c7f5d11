"""What the one door lets through, and what it refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gongzhi.cases import numbers
from gongzhi.cases.changes import Faster, NewParty, NobodyTakesIt, NotFound, PlaceUnknown, Refused
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import Case, ClockRun, Entry, Party, Sealed
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, begin
from gongzhi.cases.tests import toys
from gongzhi.people.posts import NotYourPost, Resident
from gongzhi.people.scope import Scope, within

VILLAGE, TOWN = LINE[-1], LINE[-2]


def test_a_report_is_routed_to_the_nearest_unit(cast: Cast) -> None:
    row = begin(toys.toy).row()
    assert (row.unit, row.state, row.is_open) == (cast.units[VILLAGE], "new", True)
    assert numbers.parse(numbers.spaced(row.number)) == row.number


def test_a_report_passes_by_the_unit_it_complains_about(cast: Cast) -> None:
    accused = NewParty("respondent", name="村委会", who=cast.units[VILLAGE])
    row = begin(toys.toy, parties=[accused]).row()
    assert row.unit == cast.units[TOWN]


def test_a_report_where_nobody_takes_it_says_so(db: None) -> None:
    with pytest.raises(NobodyTakesIt):
        begin(toys.toy)


def test_a_report_from_nowhere_is_refused(cast: Cast) -> None:
    with pytest.raises(PlaceUnknown):
        begin(toys.toy, place="441226999999")


def test_the_same_key_acts_once(cast: Cast) -> None:
    one, two = begin(toys.toy, key="k"), begin(toys.toy, key="k")
    assert (one.receipt.id, two.receipt.again) == (two.receipt.id, True)
    first = one.act(toys.take, by=cast[VILLAGE, "clerk"], key="t")
    second = one.act(toys.take, by=cast[VILLAGE, "clerk"], key="t")
    assert (first.seq, second.seq, second.again) == (2, 2, True)
    assert one.row().seq == 2


def test_an_act_out_of_its_state_is_refused(cast: Cast) -> None:
    with pytest.raises(Faster):
        begin(toys.toy).act(toys.fix, by=cast[VILLAGE, "clerk"])


def test_whoever_fixed_it_may_not_verify_it(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(toys.take, by=clerk)
    case.act(toys.fix, by=clerk)
    with pytest.raises(Refused, match="他人"):
        case.act(toys.verify, by=clerk)
    case.act(toys.verify, by=cast[VILLAGE, "handler"])
    assert not case.row().is_open


def test_a_post_that_is_not_held_does_not_act(cast: Cast) -> None:
    case = begin(toys.toy)
    stranger = replace(cast[VILLAGE, "clerk"], account=cast[TOWN, "clerk"].account)
    with pytest.raises(NotYourPost):
        case.act(toys.take, by=stranger)


def test_a_resident_with_the_wrong_phone_does_not_find_the_case(cast: Cast) -> None:
    case = begin(toys.toy)
    case.act(toys.take, by=cast[VILLAGE, "clerk"])
    case.act(toys.fix, by=cast[VILLAGE, "handler"])
    with pytest.raises(NotFound):
        case.act(toys.undo, by=Resident(case=case.receipt.id, tail=b"wrong"))
    case.act(toys.undo, by=case.resident)
    assert case.row().state == "doing"


@pytest.mark.parametrize("place", [OUTSIDE, "court"])
def test_nobody_outside_touches_a_case(cast: Cast, place: str) -> None:
    case = begin(toys.toy)
    outsider = cast[place, "judge"]
    with pytest.raises(NotFound):
        case.act(toys.count, by=replace(outsider, unit=cast.units[VILLAGE]))


def test_the_application_reads_only_its_scope(cast: Cast) -> None:
    begin(toys.toy)
    seen = {}
    for name, holder in (("town", cast[TOWN, "clerk"]), ("out", cast[OUTSIDE, "clerk"])):
        with within(holder.scope):
            seen[name] = [m.objects.count() for m in (Case, Entry, Sealed, Party)]
    assert seen == {"town": [1, 1, 2, 2], "out": [0, 0, 0, 0]}
    with within(Scope()):
        assert Case.objects.count() == 0


def test_the_one_complained_about_sees_nothing(cast: Cast) -> None:
    clerk = cast[TOWN, "clerk"]
    case = begin(toys.toy, parties=[NewParty("respondent", name="甲", who=clerk.account)])
    with within(clerk.scope):
        assert Case.objects.count() == 0
    with within(cast[TOWN, "leader"].scope):
        assert Case.objects.get().id == case.receipt.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_entry SET act = 'x'",
        "DELETE FROM cases_entry",
        "TRUNCATE cases_entry",
        "INSERT INTO cases_case SELECT * FROM cases_case",
        "UPDATE cases_case SET state = 'done'",
        "SELECT gz_write('', NULL, NULL, '{}')",
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "SET ROLE gongzhi",
    ],
)
def test_the_application_cannot_write_past_the_door(cast: Cast, statement: str) -> None:
    begin(toys.toy)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_words_are_sealed_and_not_in_the_ledger(cast: Cast) -> None:
    case = begin(toys.toy)
    with within(Scope(case=case.receipt.id)):
        entry = Entry.objects.get()
        assert "三十八万" not in str(entry.data)
        assert set(entry.data["text"]) == {"sealed"}
        assert b"\xe5" not in bytes(Party.objects.exclude(phone=None).get().name or b"")[:4]


def test_clocks_start_pause_resume_and_extend(cast: Cast) -> None:
    def clock(name: str) -> ClockRun:
        with within(Scope(case=case.receipt.id)):
            return ClockRun.objects.filter(name=name).latest("seq")

    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(toys.take, by=clerk)
    assert clock("decide").status == "met"
    due = clock("work").due_at
    case.act(act_named(toys.toy, "extend_work"), by=cast[VILLAGE, "leader"])
    assert clock("work").due_at - due >= timedelta(days=5)
    with pytest.raises(Refused):
        case.act(act_named(toys.toy, "extend_work"), by=cast[VILLAGE, "leader"])
    longer = clock("work").due_at
    case.act(toys.fix, by=clerk)
    assert clock("work").status == "paused"
    case.travel(days=1)
    case.act(toys.undo, by=case.resident)
    assert clock("work").status == "running"
    assert clock("work").due_at >= longer + timedelta(days=1)
