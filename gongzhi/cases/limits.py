"""The period of a clock as it is in force on a day: as declared, or as the city has set it since.

Laws change by the year, and what is our own promise is the city's to change. A clock that runs
keeps the day it was given: a change holds for clocks that begin on its day or later.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from time import monotonic
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks, grounds, transition
from gongzhi.cases.changes import Refused
from gongzhi.cases.registers import Limit
from gongzhi.declare import Clock, Level, Mechanism, Span, Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder

STALE = 60.0  # seconds
# Clocks of all mechanisms: of custody, of the green channel, of the whistle.
SHARED = (*transition.SHARED, *grounds.CLOCKS)
Changed = Mapping[tuple[str, str], list[tuple[date, Span]]]


class _Kept(NamedTuple):
    read_at: float
    changed: Changed


_kept: list[_Kept] = []


def _read() -> Changed:
    found: dict[tuple[str, str], list[tuple[date, Span]]] = {}
    for row in Limit.objects.order_by("valid_from"):
        span = Span(row.n, Unit(row.unit))
        found.setdefault((row.mechanism, row.clock), []).append((row.valid_from, span))
    return found


def _changed() -> Changed:
    """Read anew once a minute, like the calendar: another process may have changed them."""
    kept = [*_kept]
    if kept and monotonic() - kept[0].read_at <= STALE:
        return kept[0].changed
    changed = _read()
    keep(changed)
    return changed


def keep(changed: Changed) -> None:
    """Know these for a minute."""
    _kept[:] = [_Kept(monotonic(), changed)]


def forget() -> None:
    """After a limit was set."""
    _kept.clear()


def in_force(mechanism: str, clock: Clock, at: datetime) -> Clock:
    """The clock with its period of that day; clocks of all mechanisms stand under no name."""
    changed = _changed()
    steps = changed.get((mechanism, clock.name)) or changed.get(("", clock.name))
    if not steps:
        return clock
    day = clocks.local(at).date()
    n = bisect_right([since for since, _span in steps], day)
    return replace(clock, span=steps[n - 1][1]) if n else clock


def clocks_of(mechanism: Mechanism | None) -> Sequence[Clock]:
    """Those of a mechanism; without one, those of all mechanisms."""
    return SHARED if mechanism is None else mechanism.clocks


def set_from(
    mechanism: Mechanism | None, clock: Clock, span: Span, since: date, law: str, *, now: datetime,
    by: Holder,
) -> Limit:  # fmt: skip
    """From a day to come; the law or decision it rests on is named. Raises Refused."""
    if not may_set(by, Level.CITY):
        raise Refused(_("市级以上的领导或管理员才能改期限。"))
    if since <= clocks.local(now).date():
        raise Refused(_("新期限只能从明天或以后起算，已经在走的期限不变。"), field="since")
    if clock not in clocks_of(mechanism):
        raise Refused
    if span.unit is not clock.span.unit and clock.pauses_in:
        raise Refused(_("会暂停的期限不能换计算单位。"), field="unit")
    limit, _made = Limit.objects.update_or_create(
        mechanism=_name(mechanism), clock=clock.name, valid_from=since,
        defaults={"n": span.n, "unit": span.unit.value, "law": law, "account": by.account,
                  "post": by.post, "entered_at": now},
    )  # fmt: skip
    forget()
    return limit


def _name(mechanism: Mechanism | None) -> str:
    return mechanism.name if mechanism else ""


def history(mechanism: Mechanism | None) -> Mapping[str, list[Limit]]:
    """What was set for each clock, the first day first."""
    found: dict[str, list[Limit]] = {}
    for row in Limit.objects.filter(mechanism=_name(mechanism)).order_by("valid_from"):
        found.setdefault(row.clock, []).append(row)
    return found
