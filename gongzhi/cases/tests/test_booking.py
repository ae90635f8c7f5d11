"""Nobody is in two places at once: time of posts and rooms is taken once."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from gongzhi.cases import replay
from gongzhi.cases.changes import Booked, Changes, NewTask
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.cases.tests import toys
from gongzhi.declare import OPEN, Act, Clock, Mechanism, days, registry
from gongzhi.people.permissions import Actor

VILLAGE = LINE[-1]
ROOM, OTHER = uuid4(), uuid4()


def meet_at(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    begins = BEGAN + timedelta(hours=data["hour"])
    taken = {"begins_at": begins.isoformat(), "books": [str(b) for b in data["books"]],
             "ends_at": (begins + timedelta(hours=1)).isoformat()}  # fmt: skip
    return Changes(tasks=(NewTask("meeting", due=begins, data=taken),))


meet = Act("meet", "约时间", when=OPEN, by=toys.handler, effect=meet_at)
cancel = Act("cancel", "取消", when=OPEN, by=toys.handler,
             effect=lambda case, data, by: Changes(done=("meeting",)))  # fmt: skip
meetings = Mechanism(
    "meetings", "约见", starts=toys.begin, keep=days(30), routed_to=("governance_centre",),
    acts=[toys.take, toys.fix, toys.verify, toys.undo, meet, cancel],
    clocks=[Clock("whole", "总时限", days(60), runs_in=OPEN, law="toy")],
    tasks=[("meeting", "会面", meet)],
)  # fmt: skip


def at(hour: float, *books: UUID) -> dict[str, Any]:
    return {"hour": hour, "books": books or (ROOM,)}


def test_a_room_is_taken_once(cast: Cast) -> None:
    clerk = cast[VILLAGE, "clerk"]
    with registry.with_toy(meetings):
        one, other = begin(meetings), begin(meetings)
        one.act(meet, at(10), by=clerk)
        for taken in (at(10), at(10.5), at(9.5), at(10.5, OTHER, ROOM)):
            with pytest.raises(Booked):
                other.act(meet, taken, by=clerk)
        other.act(meet, at(11), by=clerk)
        other.act(meet, at(9), by=clerk)
        other.act(meet, at(10, OTHER), by=clerk)


def test_what_was_cancelled_or_closed_is_free_again(cast: Cast) -> None:
    clerk = cast[VILLAGE, "clerk"]
    with registry.with_toy(meetings):
        one, other = begin(meetings), begin(meetings)
        one.act(meet, at(10), by=clerk)
        one.act(cancel, by=clerk)
        other.act(meet, at(10), by=clerk)
        for what, by in ((toys.take, clerk), (toys.fix, clerk)):
            other.act(what, by=by)
        other.act(toys.verify, by=cast[VILLAGE, "handler"])
        one.act(meet, at(10), by=clerk)


def test_two_who_come_at_once_do_not_both_get_it(fresh_database: str) -> None:
    cast = make_cast()
    clerk = cast[VILLAGE, "clerk"]
    with registry.with_toy(meetings):
        cases = [begin(meetings) for _ in range(6)]
        refused: list[Told] = []

        def book(case: Told) -> None:
            try:
                case.act(meet, at(10, OTHER, ROOM), by=clerk)
            except Booked:
                refused.append(case)
            finally:
                connection.close()

        threads = [Thread(target=book, args=[case]) for case in cases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == len(cases) - 1
        assert replay.verify() == []
