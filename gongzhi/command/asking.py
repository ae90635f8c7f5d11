"""What is asked of a leader's page: a place in sight, a mechanism or all, and a span of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Mechanism, registry
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.ui.period import month_after

SPANS: Final[Mapping[str, str | Promise]] = {
    "days": _("近 30 天"), "weeks": _("近 13 周"), "year": _("今年"), "months": _("近 12 个月"),
}  # fmt: skip


def year_before(day: date) -> date:
    """A day up to which one counts: up to 29 February is up to 1 March in other years."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 3, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """`since` is the first day of the span, `until` the one after its last."""

    here: Division
    by: Holder
    mechanism: str
    span: str
    since: date
    until: date

    @property
    def code(self) -> str:
        return self.here.code

    @property
    def by_month(self) -> bool:
        """Whole months, but for the last: read from sums of months, drawn by month."""
        return self.span in {"year", "months"}

    @property
    def short(self) -> str | Promise:
        """What a week or month is called of which only a part lies in the span."""
        return _("不满一个月") if self.by_month else _("不满一周")

    @property
    def label(self) -> str | Promise:
        return SPANS[self.span]

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def before(self) -> tuple[date, date]:
        """The same days of last year."""
        return year_before(self.since), year_before(self.until)

    @property
    def trail(self) -> list[str]:
        """The places above, as far as the post sees."""
        return [c for c in ancestors(self.code) if c.startswith(self.by.place)]

    @property
    def mechanisms(self) -> list[Mechanism]:
        return [m for m in registry.every() if self.mechanism in {"", m.name}]

    @property
    def query(self) -> str:
        """What stays the same from place to place."""
        return urlencode({"mechanism": self.mechanism, "span": self.span})

    @property
    def cases(self) -> str:
        """The same as a filter of the desk's lists."""
        return f"&mechanism={self.mechanism}" if self.mechanism else ""


def since(span: str, today: date) -> date:
    """The first day of a span that ends today."""
    if span == "days":
        return today - timedelta(days=29)
    if span == "weeks":  # this week is the thirteenth
        return today - timedelta(days=today.weekday(), weeks=12)
    if span == "year":
        return date(today.year, 1, 1)
    return date.fromisoformat(month_after(f"{today:%Y-%m}", -11) + "-01")


def asked(request: HttpRequest, by: Holder) -> Asked:
    """Of what the post does not see there is no page. Raises Http404."""
    said = request.GET
    code, span = said.get("place", by.place), said.get("span", "days")
    mechanism, today = said.get("mechanism", ""), timezone.localdate()
    known = {"", *(m.name for m in registry.every())}
    if not (by.sees_place and code.startswith(by.place) and span in SPANS and mechanism in known):
        raise Http404
    here = Division.objects.filter(code=code).defer("pairs").first()
    if here is None:
        raise Http404
    return Asked(here, by, mechanism, span, since(span, today), today + timedelta(days=1))
