"""Opening times: as people write them, as they are kept, and whether a site is open today."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby, pairwise
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

CHINESE = "一二三四五六日"
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS = {c: n for n, c in enumerate(CHINESE, 1)} | {"天": 7}
_DAYS |= {name.lower(): n for n, name in enumerate(ENGLISH, 1)} | {str(n): n for n in range(1, 8)}
_DAY = rf"(?:周|星期)?([{CHINESE}天1-7]|{'|'.join(ENGLISH)})"
_FROM_TO = re.compile(rf"{_DAY}(?:(?:至|到|[-–—~～])\s*{_DAY})?", re.IGNORECASE)
_TIMES = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:至|到|[-–—~～])\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，、和;；:：]*")


class Line(NamedTuple):
    """One span of one weekday (1 is Monday)."""

    weekday: int
    opens: str
    shuts: str


class Unreadable(ValueError):
    """看不懂开放时间。"""


def read(text: str) -> list[Line]:
    """Each line: weekdays, then times. Raises Unreadable with the line that is wrong."""
    found: list[Line] = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        spans, days = _spans(line), _weekdays(_TIMES.sub(" ", line))
        if not spans or not days:
            raise Unreadable(
                _("看不懂这一行：“%(line)s”。请这样写：%(usual)s")
                % {"line": line, "usual": _("周一至周五 8:30-12:00 14:30-17:30")}
            )
        found += [Line(day, *span) for day in days for span in spans]
    return _in_order(found)


def _weekdays(text: str) -> list[int]:
    """None at all when something is left over that is no weekday."""
    days: list[int] = []
    for first, last in _FROM_TO.findall(text):
        begin, end = _DAYS[first.lower()], _DAYS[(last or first).lower()]
        days += range(begin, end + 1)
    left = _BETWEEN.sub("", _FROM_TO.sub("", text))
    return [] if left else days


def _spans(line: str) -> list[tuple[str, str]]:
    spans = []
    for found in _TIMES.findall(line):
        h, m, to_h, to_m = map(int, found)
        try:
            opens, shuts = time(h, m), time(to_h, to_m)
        except ValueError:
            raise Unreadable(_("没有这样的钟点：“%(line)s”。") % {"line": line}) from None
        if opens >= shuts:
            raise Unreadable(_("关门要晚于开门：“%(line)s”。") % {"line": line})
        spans.append((f"{opens:%H:%M}", f"{shuts:%H:%M}"))
    return spans


def _in_order(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(set(lines))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.shuts:
            raise Unreadable(
                _("%(day)s的时间有重叠：%(a)s 和 %(b)s。")
                % {
                    "day": _named(before.weekday, before.weekday),
                    "a": "-".join(before[1:]),
                    "b": "-".join(after[1:]),
                }
            )
    return ordered


def lines_of(kept: Sequence[Sequence[object]]) -> list[Line]:
    """From what the register keeps."""
    return [Line(int(str(day)), str(opens), str(shuts)) for day, opens, shuts in kept]


def said(kept: Sequence[Sequence[object]]) -> list[str]:
    """For reading, in the reader's language; `read` understands it again."""
    by_day = {
        day: " ".join(f"{line.opens}-{line.shuts}" for line in lines)
        for day, lines in groupby(sorted(lines_of(kept)), key=lambda line: line.weekday)
    }
    shown = []
    for (times, _run), days in groupby(
        enumerate(sorted(by_day)), key=lambda pair: (by_day[pair[1]], pair[1] - pair[0])
    ):
        run = [day for _n, day in days]
        shown.append(f"{_named(run[0], run[-1])} {times}")
    return shown


def _named(first: int, last: int) -> str:
    english = (get_language() or "").startswith("en")
    names = ENGLISH if english else [f"周{c}" for c in CHINESE]
    between = "-" if english else "至"
    return names[first - 1] if first == last else names[first - 1] + between + names[last - 1]


def on(kept: Sequence[Sequence[object]], day: date) -> list[Line]:
    """The spans of this day, by its weekday alone."""
    return [line for line in sorted(lines_of(kept)) if line.weekday == day.isoweekday()]


def is_open(kept: Sequence[Sequence[object]], now: datetime) -> bool:
    """`now` in local time."""
    clock = f"{now:%H:%M}"
    return any(line.opens <= clock < line.shuts for line in on(kept, now.date()))
