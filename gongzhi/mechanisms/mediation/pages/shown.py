"""How a site is shown: its kind in the reader's words, and whether it is open today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from gongzhi.cases.calendar import working_calendar
from gongzhi.mechanisms.mediation.network import hours
from gongzhi.mechanisms.mediation.network.coverage import Offer
from gongzhi.mechanisms.mediation.network.sites import Known
from gongzhi.mechanisms.mediation.pages.map import SHAPES
from gongzhi.people.kinds import UNIT_KINDS


@dataclass(frozen=True, slots=True)
class Shown:
    known: Known
    kind: str
    week: Sequence[str]
    today: Sequence[hours.Line]
    is_open: bool
    # A holiday on a weekday, or work on a weekend: what the week says may not hold.
    unusual: bool
    offer: Offer | None = None
    serves: bool = False

    @property
    def mark(self) -> tuple[str, str | Promise]:
        """The shape and letter it has on the map."""
        return SHAPES[self.known.unit.kind]


def kind_label(kind: str) -> str:
    chinese, english = UNIT_KINDS[kind]
    return english if (get_language() or "").startswith("en") else chinese


def shown(
    known: Known, now: datetime, offer: Offer | None = None, *, serves: bool = False
) -> Shown:
    local = timezone.localtime(now)
    working = working_calendar().is_working(local.date())
    kept = known.site.hours
    return Shown(
        known=known,
        kind=kind_label(known.unit.kind),
        week=hours.said(kept),
        today=hours.on(kept, local.date()),
        is_open=hours.is_open(kept, local),
        unusual=working != (local.weekday() < 5),
        offer=offer,
        serves=serves,
    )


def all_shown(found: Iterable[Known], now: datetime) -> list[Shown]:
    return [shown(k, now) for k in found]
