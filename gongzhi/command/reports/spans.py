"""The weeks and months that reports are of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.command.asking import year_before
from gongzhi.ui.period import month_after

WEEK, MONTH = "week", "month"
SERIES: Final = 13  # of weeks a quarter; of months a year and the same month before it
KINDS: Final[Mapping[str, str | Promise]] = {WEEK: _("周报"), MONTH: _("月报")}
TITLES: Final[Mapping[str, str | Promise]] = {
    WEEK: _("%(place)s周报"), MONTH: _("%(place)s月报"),
}  # fmt: skip
BEFORE: Final[Mapping[str, str | Promise]] = {WEEK: _("上周"), MONTH: _("上一个月")}


def first(kind: str, day: date) -> date:
    """Of the week or month in which a day lies."""
    return day - timedelta(days=day.weekday()) if kind == WEEK else day.replace(day=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A whole week or month, by its first day."""

    kind: str
    since: date

    @property
    def until(self) -> date:
        if self.kind == WEEK:
            return self.since + timedelta(days=7)
        return date.fromisoformat(f"{month_after(f'{self.since:%Y-%m}', 1)}-01")

    @property
    def before(self) -> "Span":
        return Span(self.kind, first(self.kind, self.since - timedelta(days=1)))

    @property
    def compared(self) -> list[tuple[date, date]]:
        """Itself, the one before, and the same days of last year: each up to its second day."""
        return [
            (self.since, self.until), (self.before.since, self.since),
            (year_before(self.since), year_before(self.until)),
        ]  # fmt: skip

    @property
    def series(self) -> "list[Span]":
        """Thirteen weeks or months up to this one."""
        found = [self]
        while len(found) < SERIES:
            found.insert(0, found[0].before)
        return found

    @property
    def label(self) -> str:
        return f"{self.since:%Y-%m-%d}" if self.kind == WEEK else f"{self.since:%Y-%m}"

    @property
    def days(self) -> list[int]:
        return [(until - since).days for since, until in self.compared]


def last_over(kind: str, today: date) -> Span:
    return Span(kind, first(kind, today)).before
