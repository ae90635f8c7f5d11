"""What neighbours see of a request: as much as whoever told it has allowed, never who it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from gongzhi.cases import catalogue, sealed
from gongzhi.cases.models import Case, Sealed
from gongzhi.declare import Phase
from gongzhi.mechanisms.neighbourhoods.mechanism import gathered, neighbourhoods
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.people.masking import mask_text
from gongzhi.people.scope import Scope, within
from gongzhi.people.sealing import SealBroken
from gongzhi.ui import words

LATELY = timedelta(days=30)
MOST = 20
KIND, WORDS = "kind", "words"


@dataclass(frozen=True, slots=True)
class Shared:
    """A request as the building may know it."""

    id: UUID
    kind: str
    phase: str
    told_at: datetime
    closed_at: datetime | None
    text: str


def _rows(building: Building, now: datetime) -> list[Case]:
    lately = Q(is_open=False, closed_at__gte=now - LATELY, erased_at=None)
    lately &= ~Q(state=gathered.name)
    # Each half has an index of its own; what is in facts none that the wall would let it use.
    return [
        case
        for part in (Q(is_open=True), lately)
        for case in Case.objects.filter(
            part, mechanism=neighbourhoods.name, place=building.community, confined=False
        ).order_by("-reported_at")
        if case.facts.get("building") == str(building.id)
        and case.facts.get("shown") in {KIND, WORDS}
    ][:MOST]


def _texts(cases: list[Case]) -> dict[UUID, str]:
    """What was written, of those that may be read; numbers of persons in it masked."""
    found = Sealed.objects.filter(case_id__in=[c.id for c in cases], seq=1, field="text")
    texts = {}
    for row in found:
        try:
            said = sealed.opened(row.county, row.case_id, row.seq, row.field, bytes(row.body))
        except SealBroken:
            continue
        texts[row.case_id] = mask_text(said)
    return texts


def shared(building: Building, *, now: datetime) -> list[Shared]:
    """What is open, the newest first, and then what was lately closed."""
    with within(Scope(place=building.community)):
        rows = _rows(building, now)
        texts = _texts([c for c in rows if c.facts.get("shown") == WORDS])
    return [
        Shared(
            c.id, str(catalogue.kind(neighbourhoods, c.category)), words.phase(Phase(c.phase)),
            c.reported_at, c.closed_at, texts.get(c.id, ""),
        )
        for c in rows
    ]  # fmt: skip
