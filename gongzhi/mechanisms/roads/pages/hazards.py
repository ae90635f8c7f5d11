"""Hazards on roads as anybody may know them: kind, phase and day; never words, names, positions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from gongzhi.cases import catalogue
from gongzhi.cases.models import Case
from gongzhi.declare import Phase
from gongzhi.mechanisms.roads.mechanism import roads as declared
from gongzhi.mechanisms.roads.models import Section
from gongzhi.people.scope import Scope, within
from gongzhi.ui import words

LATELY = timedelta(days=90)
MOST = 50


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard; `closed_at` is when it was over."""

    section: UUID
    kind: str
    phase: str
    reported_at: datetime
    closed_at: datetime | None


def around(villages: Sequence[str]) -> Scope:
    """The smallest scope that holds some villages."""
    for digits in (12, 9, 6, 4, 2):
        above = {v[:digits] for v in villages}
        if len(above) == 1:
            return Scope(place=above.pop())
    return Scope()


def known(sections: Sequence[Section], *, now: datetime) -> list[Hazard]:
    """What is open on some sections, the newest first, and then what was lately closed."""
    ids, villages = {str(s.id) for s in sections}, {s.village for s in sections}
    lately = Q(is_open=False, closed_at__gte=now - LATELY, erased_at=None)
    with within(around(sorted(villages))):
        # Each half has an index of its own; what is in facts none that the wall would let it use.
        rows = [
            case
            for part in (Q(is_open=True), lately)
            for case in Case.objects.filter(
                part, mechanism=declared.name, place__in=villages
            ).order_by("-reported_at")
            if case.facts.get("section") in ids
        ]
    return [
        Hazard(UUID(c.facts["section"]), str(catalogue.kind(declared, c.category)),
               words.phase(Phase(c.phase)), c.reported_at, c.closed_at)
        for c in rows
    ]  # fmt: skip


def counted(found: Sequence[Hazard]) -> list[tuple[str, str, int]]:
    """How many of each kind stand in each phase."""
    counts = Counter((h.kind, h.phase) for h in found)
    return [(kind, phase, n) for (kind, phase), n in counts.most_common()]
