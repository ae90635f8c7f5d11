"""What petitions come to at each of the five levels, from counters, each with its formula."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import rollups
from gongzhi.declare import Level
from gongzhi.mechanisms.petitions.mechanism import petitions
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

Label = str | Promise
# Column: label, formula, numerator and denominator as figures of a level.
COLUMNS: Mapping[str, tuple[Label, Label]] = {
    "entered": (_("进入"), _("到过这一级的件数，每件在一级只计一次")),
    "accepted": (_("受理"), _("由这一级受理的件数")),
    "acceptance": (_("受理率"), _("受理 ÷（受理 + 不予受理）")),
    "answered": (_("答复"), _("由这一级出具处理意见的件数")),
    "on_time": (_("按期答复率"), _("期限内出具意见 ÷ 出具意见")),
    "settled": (_("办结落实"), _("在这一级核实办结的件数")),
    "repeated": (_("认定重复"), _("由这一级认定为重复的件数")),
    "repeats": (_("重复率"), _("认定重复 ÷ 进入")),
}
SMALL = 5  # below this many, a share says little and is marked


@dataclass(frozen=True, slots=True)
class Row:
    """One level: counts, and shares as (numerator, denominator)."""

    level: Level
    counts: Mapping[str, int]
    shares: Mapping[str, tuple[int, int]]

    def percent(self, name: str) -> int | None:
        over, under = self.shares[name]
        return round(100 * over / under) if under else None


def _row(level: Level, of: Mapping[str, int]) -> Row:
    name = level.name.lower()

    def n(figure: str) -> int:
        return of.get(f"{figure}.{name}", 0)

    entered = sum(v for k, v in of.items() if k.startswith(f"entered.{name}."))
    settled = sum(v for k, v in of.items() if k.startswith(f"settled.{name}."))
    return Row(
        level,
        {"entered": entered, "accepted": n("accepted"), "answered": n("answered"),
         "settled": settled, "repeated": n("repeated")},
        {"acceptance": (n("accepted"), n("accepted") + n("declined")),
         "on_time": (n("answered_in_time"), n("answered")),
         "repeats": (n("repeated"), entered)},
    )  # fmt: skip


def by_level(by: Holder, place: str, since: date, until: date) -> list[Row]:
    """From the province down, for cases of a place."""
    names = ["entered.%", "settled.%", "accepted.%", "declined.%", "answered.%",
             "answered_in_time.%", "repeated.%"]  # fmt: skip
    with within(by.scope):
        found = rollups.flows([place], names, since=since, until=until, mechanism=petitions.name)
    of = found.get(place, {})
    return [_row(level, of) for level in Level]
