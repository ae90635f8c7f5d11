"""How often the database is asked: counted on the wire, where nothing can hide."""

import re
import tempfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from gongzhi.cases import bulk, rollups
from gongzhi.cases.bulk import report_many
from gongzhi.cases.calendar import forget_calendar, working_calendar
from gongzhi.cases.linkage import act_named
from gongzhi.cases.reading import case_for
from gongzhi.cases.retention import erase_due
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin, make_cast, told
from gongzhi.cases.tests import toys
from gongzhi.people.posts import Resident

VILLAGE = LINE[-1]
SENT = re.compile(r"\bF\t\d+\t(?:Query|Parse)\t(?P<text>.*)")
DOOR = re.compile(r"\b(gz_\w+|\w+_v\d+)\(")
FRAME = {"BEGIN", "COMMIT", "SET"}  # how a transaction begins, is scoped, and ends


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    """Committed, so that transactions are on the wire as they are in use."""
    forget_calendar()
    working_calendar()  # read now, and then not for a minute, which is longer than a test takes
    return make_cast()


def on_the_wire(do: Callable[[], object], *, alias: str = "default") -> list[str]:
    """What libpq sends while this is done: the functions or the first word of each message."""
    connections[alias].ensure_connection()
    pgconn = connections[alias].connection.pgconn
    with tempfile.TemporaryFile("w+") as log:
        pgconn.trace(log.fileno())
        try:
            do()
        finally:
            pgconn.untrace()
        log.seek(0)
        texts = [m["text"] for m in map(SENT.search, log) if m]
    return ["; ".join(DOOR.findall(t)) or re.findall(r"\w+", t)[0] for t in texts]


def asked(do: Callable[[], object]) -> list[str]:
    """The same without the frame of a transaction."""
    return [word for word in on_the_wire(do) if word not in FRAME]


def test_reporting_is_one_round_trip_and_no_more(cast: Cast) -> None:
    once = ["report_v1; tell_v1"]
    assert on_the_wire(lambda: begin(toys.toy)) == once
    assert on_the_wire(lambda: begin(toys.toy, by=cast[LINE[-2], "clerk"])) == once


def every_act(cast: Cast, case: Told) -> list[Callable[[], object]]:
    clerk, leader = cast[VILLAGE, "clerk"], cast[VILLAGE, "leader"]
    units = {"units": [cast.units["court"]]}
    return [
        lambda: case.act(toys.take, by=clerk),
        lambda: case.act(act_named(toys.toy, "extend_work"), by=leader),
        lambda: case.act(act_named(toys.toy, "join"), units, by=clerk),
        lambda: case.act(act_named(toys.toy, "add"), by=case.resident),
        lambda: case.act(toys.fix, by=clerk),
        lambda: case.act(act_named(toys.toy, "escalate"), by=clerk),
        lambda: case.act(toys.verify, by=cast[LINE[-2], "handler"]),
    ]


def test_acting_is_a_look_under_lock_and_a_write(cast: Cast) -> None:
    for one in every_act(cast, begin(toys.toy)):
        assert asked(one) == ["lock_v1", "act_v1; tell_v1"]


def test_sent_again_nothing_is_written(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(toys.take, by=clerk, key="k")
    assert asked(lambda: case.act(toys.take, by=clerk, key="k")) == ["lock_v1"]


def test_a_case_is_read_at_once(cast: Cast) -> None:
    county, id_ = begin(toys.toy).ref
    assert asked(lambda: case_for(cast[VILLAGE, "clerk"], county, id_)) == ["whole_v1"]


def test_many_reports_are_one_statement_for_each_chunk(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 4)
    places = [VILLAGE] * 9 + [OUTSIDE]
    reports = [(f"k{n}", told(place=p)) for n, p in enumerate(places)]

    def take_in() -> None:
        report_many(toys.toy, reports, now=BEGAN, by=Resident())

    # Nine of one county, one of another.
    assert on_the_wire(take_in) == ["report_many_v1"] * 4


@pytest.mark.parametrize(
    ("work", "alias"),
    [
        (lambda: sweep(BEGAN + timedelta(days=5)), "default"),
        (lambda: sweep(BEGAN + timedelta(days=100)), "default"),
        (rollups.fold, "default"),
        (lambda: erase_due(BEGAN + timedelta(days=100)), "owner"),
    ],
    ids=["breaches", "everything due", "fold", "erase"],
)
def test_what_workers_do_asks_as_often_for_many_cases_as_for_none(
    cast: Cast, work: Callable[[], int], alias: str
) -> None:
    none = on_the_wire(work, alias=alias)
    for _ in range(12):
        begin(toys.toy)
        closed = begin(toys.toy)
        for act, kind in ((toys.take, "clerk"), (toys.fix, "clerk"), (toys.verify, "handler")):
            closed.act(act, by=cast[VILLAGE, kind])
    done = 0

    def counted() -> None:
        nonlocal done
        done = work()

    assert on_the_wire(counted, alias=alias) == none != []
    assert done >= 12
