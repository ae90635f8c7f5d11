"""Three declines 三下降: accidents, deaths, injuries against the same days of the year before.

Counts side by side, and how often chance alone makes such a difference. Nothing here says why
there are more or fewer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongzhi.cases import chances
from gongzhi.cases.clocks import CHINA
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.registers import accidents
from gongzhi.mechanisms.safety.registers.industries import DIVISIONS, SECTIONS
from gongzhi.places.levels import level_of

MEASURES: Final = {
    "accidents": gettext_lazy("事故起数"), "deaths": gettext_lazy("死亡人数"),
    "injured": gettext_lazy("重伤人数"),
}  # fmt: skip
KINDS: Final = {
    "month": gettext_lazy("当月"), "quarter": gettext_lazy("当季"), "ytd": gettext_lazy("年初至今"),
    "year": gettext_lazy("全年"),
}  # fmt: skip
BASE: Final = 10  # below so many a change in percent says nothing; ours
Lots = Counter[tuple[int, int]]  # (deaths, injured) of an accident → how many such


@dataclass(frozen=True, slots=True)
class Period:
    """From a day up to another, and the same days of the year before; `whole`: it is over."""

    since: date
    until: date
    before_since: date
    before_until: date
    whole: bool

    @property
    def days(self) -> tuple[int, int]:
        """Of the year before, and of this one."""
        return (self.before_until - self.before_since).days, (self.until - self.since).days

    @property
    def within(self) -> dict[str, datetime]:
        """As a filter of accidents."""
        return {"at__gte": _start(self.since), "at__lt": _start(self.until)}

    @property
    def within_before(self) -> dict[str, datetime]:
        return {"at__gte": _start(self.before_since), "at__lt": _start(self.before_until)}

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def before_last(self) -> date:
        return self.before_until - timedelta(days=1)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _year_before(day: date) -> date:
    """A day up to which one counts: up to 29 February is up to 1 March in other years."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 3, 1)


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def period(kind: str, month: str, *, today: date) -> Period:
    """The period of a kind that a month lies in; of one that is not over, the days gone so far."""
    year, of = map(int, month.split("-"))
    quarter = of - (of - 1) % 3
    since, until = {
        "month": (_first(year, of), _first(year, of + 1)),
        "quarter": (_first(year, quarter), _first(year, quarter + 3)),
        "ytd": (_first(year, 1), _first(year, of + 1)),
        "year": (_first(year, 1), _first(year + 1, 1)),
    }[kind]
    cut = min(until, today + timedelta(days=1))
    return Period(since, cut, _year_before(since), _year_before(cut), cut == until)


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the three in both periods. `p`: how often chance alone makes a difference at least as
    large; `low` and `high` bound `ratio`, that of this period's rate to the one before."""

    name: str
    before: int
    after: int
    p: float
    ratio: float | None
    low: float
    high: float | None
    too_few: bool

    @property
    def label(self) -> Any:
        return MEASURES[self.name]

    @property
    def percent(self) -> int | None:
        """Only where there were enough to change from."""
        if self.before < BASE:
            return None
        return round(100 * (self.after - self.before) / self.before)

    @property
    def none(self) -> bool:
        return not self.before and not self.after

    @property
    def telling(self) -> bool:
        return not self.too_few and self.p < chances.ALPHA

    @property
    def intervals(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Exact 95 % intervals of both counts."""
        return chances.garwood(self.before), chances.garwood(self.after)

    @property
    def words(self) -> str:
        """In plain words; of causes nothing."""
        if self.none:
            return _("两个时期都没有。")
        if self.before == self.after:
            return _("和去年同期一样多。")
        more = self.after > self.before
        n = abs(self.after - self.before)
        if self.name == "accidents":
            said = (ngettext("增加了 %(n)d 起", "增加了 %(n)d 起", n) if more
                    else ngettext("降了 %(n)d 起", "降了 %(n)d 起", n))  # fmt: skip
        else:
            said = (ngettext("增加了 %(n)d 人", "增加了 %(n)d 人", n) if more
                    else ngettext("降了 %(n)d 人", "降了 %(n)d 人", n))  # fmt: skip
        return _("%(change)s；%(chance)s") % {"change": said % {"n": n}, "chance": self._chance()}

    def _chance(self) -> str:
        if self.too_few:
            return _("数量太少，就算全在一边也可能是偶然。")
        if self.p < chances.ALPHA:
            return _("这样的差别偶然出现的可能小于 5 %。")
        return _("这样的差别偶然也常出现。")

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Tally:
    """The accidents of both periods somewhere, by how many were killed and hurt in each."""

    before: Lots = field(default_factory=Counter)
    after: Lots = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.before += other.before
        self.after += other.after

    def measures(self, of: Period) -> list[Measure]:
        """Of the dead and hurt the whole accident is what chance may move: several of one accident
        are no more evidence than one. So of both tests the one that says less counts."""
        found, days = [], of.days
        for n, name in enumerate(MEASURES):
            sizes = (_sizes(self.before, n), _sizes(self.after, n))
            before, after = (sum(size * times for size, times in lots.items()) for lots in sizes)
            c = chances.compare(before, days[0], after, days[1])
            p = c.central if n == 0 else max(c.central, chances.central_in_lots(
                after, sizes[0] + sizes[1], days[1] / sum(days)))  # fmt: skip
            found.append(Measure(name, before, after, p, c.ratio, c.low, c.high, c.too_few))
        return found


def _sizes(lots: Lots, n: int) -> Counter[int]:
    """Size → how many: an accident counts one, its dead and its hurt as many as they are."""
    found: Counter[int] = Counter()
    for (deaths, injured), times in lots.items():
        found[(1, deaths, injured)[n]] += times
    return found


@dataclass(frozen=True, slots=True)
class Declines:
    """A place in a period: in all, by the places below it, by section and division of industry."""

    period: Period
    total: list[Measure]
    places: dict[str, list[Measure]]
    industries: dict[str, list[Measure]]


def of(place: str, period: Period, *, below: Sequence[str] = ()) -> Declines:
    """One query; places of `below` without an accident are there too, with nothing."""
    then, now = Q(**period.within_before), Q(**period.within)
    later = Case(When(now, then=Value(True)), default=Value(False), output_field=BooleanField())
    deeper = [level.digits for level in Level if level > level_of(place)]
    rows = (
        accidents.of_place(place).filter(then | now)
        .annotate(part=Left("place", deeper[0] if deeper else len(place)), later=later)
        .values_list("part", "industry", "later", "deaths", "injured").annotate(n=Count("id"))
    )  # fmt: skip
    total, parts, kinds = Tally(), {code: Tally() for code in below}, dict[str, Tally]()
    for part, industry, is_later, deaths, injured, n in rows:
        one = Tally()
        (one.after if is_later else one.before)[deaths, injured] = n
        for tally in (
            total, parts.setdefault(part, Tally()), kinds.setdefault(industry, Tally()),
            *((kinds.setdefault(industry[:1], Tally()),) if len(industry) > 1 else ()),
        ):  # fmt: skip
            tally.add(one)
    return Declines(
        period, total.measures(period), _measured(parts, sorted(parts), period),
        _measured(kinds, _in_order(kinds), period),
    )  # fmt: skip


def changed(name: str, place: str, since: date, until: date) -> tuple[int, int]:
    """How many more there were than on the same days of the year before, and how many then."""
    found = Period(since, until, _year_before(since), _year_before(until), whole=True)
    (one,) = [m for m in of(place, found).total if m.name == name]
    return one.after - one.before, one.before


def _measured(
    tallies: Mapping[str, Tally], order: Iterable[str], of: Period
) -> dict[str, list[Measure]]:
    return {name: tallies[name].measures(of) for name in order}


def _in_order(kinds: Mapping[str, Tally]) -> list[str]:
    """Each section before its divisions, as in GB/T 4754."""
    every = [code for section in SECTIONS for code in (section, *DIVISIONS[section])]
    return [code for code in every if code in kinds]
