"""Whether a hazard that is found was thought gone 隐患再次出现: it is then the same case again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gongzhi.cases.models import Case
from gongzhi.people.permissions import Actor
from gongzhi.people.scope import within
from gongzhi.places.distance import metres

SAME_PLACE: Final = 50  # metres within which it is the same hazard: our default
COMES_BACK: Final = timedelta(days=90)  # after it was struck off: our default


@dataclass(frozen=True, slots=True)
class Sight:
    """A hazard as it is found: what, in which place, at which position."""

    place: str
    category: str
    spot: tuple[float, float] | None


def _near(case: Case, sight: Sight) -> bool:
    if sight.spot is None or case.longitude is None or case.latitude is None:
        return False
    return metres((case.longitude, case.latitude), sight.spot) <= SAME_PLACE


def come_back(
    sights: Sequence[Sight], *, now: datetime, by: Actor
) -> list[tuple[str, UUID] | None]:
    """For each, the case that was struck off there not long ago, among those that `by` may see."""
    counties = {s.place[:6] for s in sights if s.spot}
    if not counties:
        return [None] * len(sights)
    with within(by.scope):
        gone = list(
            Case.objects.filter(
                county__in=counties, mechanism="roads", state="cleared",
                place__in={s.place for s in sights if s.spot}, closed_at__gt=now - COMES_BACK,
            ).order_by("-closed_at")
        )  # fmt: skip
    return [_of(sight, gone) for sight in sights]


def _of(sight: Sight, gone: Iterable[Case]) -> tuple[str, UUID] | None:
    for case in gone:
        if case.place == sight.place and case.category == sight.category and _near(case, sight):
            return case.county, case.id
    return None
