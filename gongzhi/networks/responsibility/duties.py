"""Whose duty a matter is, by the responsibility list; where it is silent, by the usual routing.

The most specific row holds at each level: the deepest place first, then the category before all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors, level_of, span

TRIED = timedelta(days=30)
MOST = 50
DAY = timedelta(days=1)


def chain(place: str) -> list[str]:
    """The places a matter lies in, from the province down to where it happened."""
    return [*ancestors(place), place]


def rows_for(mechanism: str, category: str, place: str, on: date) -> dict[Level, Duty]:
    """The row that holds at each level on a day, where the list says anything."""
    found = Duty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), mechanism=mechanism,
        category__in=["", category], place__in=chain(place), valid_from__lte=on,
    )  # fmt: skip
    best: dict[Level, Duty] = {}
    for row in sorted(found, key=lambda d: (len(d.place), bool(d.category))):
        best[Level(row.level)] = row
    return best


def unit_of(duty: Duty, place: str) -> Unit | None:
    """The unit that leads there: the one named, or the first of its kind at that level."""
    if duty.lead_unit is not None:
        return Unit.objects.filter(id=duty.lead_unit, valid_to=None).first()
    here = [code for code in chain(place) if level_of(code) == duty.level]
    return _first([duty.lead], here[0]) if here else None


def _first(kinds: Sequence[str], code: str) -> Unit | None:
    """As gz_route chooses: in the order of the kinds, then of the units' ids."""
    found = Unit.objects.filter(kind__in=list(kinds), place=code, valid_to=None)
    return min(found, key=lambda u: (list(kinds).index(u.kind), u.id), default=None)


def routed(mechanism: Mechanism, code: str) -> Unit | None:
    """Who takes such a matter in at this place when the list is silent."""
    return _first(mechanism.routed_to, code)


def suggested(
    mechanism: str, category: str, place: str, *, on: date, but: UUID
) -> tuple[Unit, Duty] | None:
    """Whom the list names for a matter, the nearest level first; not the unit that asks."""
    for _level, duty in sorted(rows_for(mechanism, category, place, on).items(), reverse=True):
        unit = unit_of(duty, place)
        if unit is not None and unit.id != but:
            return unit, duty
    return None


@dataclass(frozen=True, slots=True)
class Tried:
    """A case of the last thirty days that another unit would lead."""

    case: Case
    lead: Unit


def tried(duty: Duty, *, now: datetime, by: Holder) -> list[Tried]:
    """Which of the last thirty days' cases another unit would lead, if this row had held."""
    low, high = span(duty.place)
    with within(by.scope):
        found = Case.objects.filter(
            mechanism=duty.mechanism, place__gte=low, place__lt=high, reported_at__gte=now - TRIED
        )
        cases = list(found.order_by("-reported_at"))
    follows = registry.get(duty.mechanism)
    mine = [c for c in cases if not duty.category or duty.category in {
        c.category, catalogue.origin(follows, c.category)}]  # fmt: skip
    leads: dict[str, Unit | None] = {}
    changed = []
    for case in mine:
        at = next((x for x in chain(case.place) if level_of(x) == duty.level), "")
        if at and at not in leads:
            leads[at] = unit_of(duty, case.place)
        lead = leads.get(at)
        if lead is not None and lead.id != case.unit:
            changed.append(Tried(case, lead))
    return changed


def enter(duty: Duty, *, now: datetime, by: Holder) -> Duty:
    """From its day on; the row before it ends on that day. Raises Refused."""
    if not may_set(by, Level.COUNTY, duty.place):
        raise Refused(_("县级以上的领导或管理员才能修改本地的责任清单。"))
    duty.account, duty.post, duty.entered_at = by.account, by.post, now
    with transaction.atomic():
        same = Duty.objects.filter(
            mechanism=duty.mechanism, category=duty.category, level=duty.level, place=duty.place,
            valid_to=None,
        )  # fmt: skip
        if same.filter(valid_from__gte=duty.valid_from).exists():
            raise Refused(_("这天或以后已有同一项的新规定，请另选日期。"), field="valid_from")
        same.update(valid_to=duty.valid_from)
        duty.save(force_insert=True)
    return duty


def end(id_: UUID, *, on: date, by: Holder) -> None:
    """From that day on the list says nothing here. Raises Refused."""
    row = Duty.objects.filter(id=id_, valid_to=None).first()
    if row is None or not may_set(by, Level.COUNTY, row.place):
        raise Refused(_("没有这一条，或者不归您修改。"))
    Duty.objects.filter(id=id_).update(valid_to=max(on, row.valid_from + DAY))
