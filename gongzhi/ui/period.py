"""From which month to which: the usual spans to press, any other to choose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
LONGEST = 120  # months


def month_after(month: str, n: int) -> str:
    """The month that many later; earlier, if negative."""
    year, of = map(int, month.split("-"))
    count = year * 12 + of - 1 + n
    return f"{count // 12:04}-{count % 12 + 1:02}"


def months_between(since: str, until: str) -> list[str]:
    """All of them, both ends counted."""
    found = [since]
    while found[-1] < until:
        found.append(month_after(found[-1], 1))
    return found


STEPS = {"month": _("按月"), "quarter": _("按季度"), "year": _("按年")}


def step_of(month: str, step: str) -> str:
    """The month, quarter or year that a month lies in: 2026-11, 2026-Q4, 2026."""
    year, of = month.split("-")
    return {"month": month, "quarter": f"{year}-Q{(int(of) + 2) // 3}", "year": year}[step]


@dataclass(frozen=True, slots=True)
class Span:
    """Some months that are often asked for."""

    label: str | Promise
    since: str
    until: str


def usual(today: date) -> Iterator[Span]:
    """The spans that reports are written about."""
    this = f"{today:%Y-%m}"
    quarter = month_after(this, -((today.month - 1) % 3))
    yield Span(_("本月"), this, this)
    yield Span(_("上月"), month_after(this, -1), month_after(this, -1))
    yield Span(_("本季度"), quarter, this)
    yield Span(_("上季度"), month_after(quarter, -3), month_after(quarter, -1))
    yield Span(_("今年"), f"{today.year}-01", this)
    yield Span(_("去年"), f"{today.year - 1}-01", f"{today.year - 1}-12")
    yield Span(_("近 12 个月"), month_after(this, -11), this)


class MonthField(forms.RegexField):
    """A month as browsers send it, 2026-11; those without a chooser show it as text."""

    widget = forms.DateInput(attrs={"type": "month"})

    def __init__(self, **rest: Any) -> None:
        wrong = {"invalid": _("月份请写成 2026-11 的样子。")}
        super().__init__(MONTH, required=False, error_messages=wrong, **rest)


class Period(forms.Form):
    """The last twelve months unless said."""

    since = MonthField(label=_("从"))
    until = MonthField(label=_("到"))

    def months(self) -> tuple[str, str]:
        """First and last month, both counted."""
        said = self.cleaned_data if self.is_valid() else {}
        until = said.get("until") or f"{timezone.localdate():%Y-%m}"
        return said.get("since") or month_after(until, -11), until

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and since > until:
            raise forms.ValidationError(_("开始的月份不能晚于结束的月份。"))
        if since and len(months_between(since, until or f"{timezone.localdate():%Y-%m}")) > LONGEST:
            raise forms.ValidationError(_("最多看十年。"))
        return said
