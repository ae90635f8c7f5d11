"""Whose duty a matter is, by the responsibility list; where it is silent, by the usual routing.

The most specific row holds at each level: the deepest place first, then the category before all.
A draft decides nothing, but for who asks for drafts too: there it stands behind what is confirmed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from gongzhi.cases import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.whistles import whistle
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors, level_of, span

TRIED = timedelta(days=30)
MOST = 50


def chain(place: str) -> list[str]:
    """The places a matter lies in, from the province down to where it happened."""
    return [*ancestors(place), place]


def names_of(mechanism: str, category: str) -> tuple[str, str, str]:
    """Under which a row may stand that holds for this kind of matter, the most special last."""
    return "", catalogue.origin(registry.get(mechanism), category), category


def best(rows: Iterable[Duty], names: Sequence[str]) -> dict[Level, Duty]:
    """Of rows that hold, the most specific at each level."""
    found = sorted(rows, key=lambda d: (not d.draft, len(d.place), names.index(d.category)))
    return {Level(row.level): row for row in found}


def rows_for(
    mechanism: str, category: str, place: str, on: date, *, drafts: bool = False
) -> dict[Level, Duty]:
    """The row that holds at each level on a day, where the list says anything."""
    names = names_of(mechanism, category)
    found = Duty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), mechanism=mechanism,
        category__in=names, place__in=chain(place), valid_from__lte=on,
    )  # fmt: skip
    return best(found if drafts else found.exclude(confirmed_at=None), names)


def routes(mechanism: str) -> bool:
    """Whether its lists say who takes a case in. Where a whistle is declared they say whom to
    call: the case stays with who whistles."""
    return all(act.name != whistle.name for act in registry.get(mechanism).acts)


class Leads:
    """The units that lead by some rows, read at once: the one named, or the first of its kind."""

    def __init__(self, rows: Iterable[Duty], *, at: Sequence[str] | None = None) -> None:
        """`at`: only these places are asked about."""
        rows = list(rows)
        ids = {d.lead.unit for d in rows if d.lead.unit}
        kind = Q(kind__in={d.lead.kind for d in rows if not d.lead.unit})
        if at is not None:
            kind &= Q(place__in=at)
        self.named: dict[UUID, Unit] = {}
        self.first: dict[tuple[str, str], Unit] = {}
        # In the order of ids, as gz_route chooses.
        for unit in Unit.objects.filter(kind | Q(id__in=ids), valid_to=None).order_by("id"):
            self.named[unit.id] = unit
            self.first.setdefault((unit.kind, unit.place), unit)

    def of(self, duty: Duty, place: str) -> Unit | None:
        """Who leads there, where anybody does."""
        if duty.lead.unit is not None:
            return self.named.get(duty.lead.unit)
        here = [code for code in chain(place) if level_of(code) == duty.level]
        return self.first.get((duty.lead.kind, here[0])) if here else None


def routed(mechanism: Mechanism, code: str) -> Unit | None:
    """Who takes such a matter in at this place when the list is silent, as gz_route chooses."""
    kinds = list(mechanism.routed_to)
    found = Unit.objects.filter(kind__in=kinds, place=code, valid_to=None)
    return min(found, key=lambda u: (kinds.index(u.kind), u.id), default=None)


def suggested(
    mechanism: str, category: str, place: str, *, on: date, but: UUID
) -> tuple[Unit, Duty] | None:
    """Whom the list names for a matter, the nearest level first; not the unit that asks."""
    rows = rows_for(mechanism, category, place, on)
    leads = Leads(rows.values(), at=chain(place))
    for _level, duty in sorted(rows.items(), reverse=True):
        unit = leads.of(duty, place)
        if unit is not None and unit.id != but:
            return unit, duty
    return None


@dataclass(frozen=True, slots=True)
class Tried:
    """A case of the last thirty days that another unit would lead."""

    case: Case
    lead: Unit


def tried(rows: Sequence[Duty], *, now: datetime, by: Holder) -> list[Tried]:
    """Which of the last thirty days' cases another unit would lead, if these rows had held."""
    rows = [row for row in rows if routes(row.mechanism)]
    leads = Leads(rows)
    by_place: dict[tuple[str, str], list[Duty]] = {}
    for row in rows:
        by_place.setdefault((row.mechanism, row.place), []).append(row)
    changed = []
    for case in _lately(rows, now, by):
        names = names_of(case.mechanism, case.category)
        here = (r for code in chain(case.place) for r in by_place.get((case.mechanism, code), ()))
        found = best((r for r in here if r.category in names), names)
        units = (leads.of(found[level], case.place) for level in sorted(found, reverse=True))
        lead = next((u for u in units if u), None)
        if lead is not None and lead.id != case.unit:
            changed.append(Tried(case, lead))
    return changed


def _lately(rows: Sequence[Duty], now: datetime, by: Holder) -> list[Case]:
    """The last thirty days' cases of the matters and places that the rows are about."""
    about = Q(pk__in=[])
    for mechanism in {r.mechanism for r in rows}:
        places = sorted({r.place for r in rows if r.mechanism == mechanism})
        widest = [p for p in places if not any(p != q and p.startswith(q) for q in places)]
        for low, high in map(span, widest):
            about |= Q(mechanism=mechanism, place__gte=low, place__lt=high)
    with within(by.scope):
        found = Case.objects.filter(about, reported_at__gte=now - TRIED)
        return list(found.order_by("-reported_at"))
