"""Which court a dispute belongs to, and which judge knows its village."""

from collections.abc import Sequence
from uuid import UUID

from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.mediation.models import Served, Visit
from gongzhi.people.models import Post, Unit
from gongzhi.places.levels import ancestors

COURTS = ("tribunal", "court")


def near(case: Snapshot, kinds: Sequence[str]) -> list[Unit]:
    """Courts (and arbitration) over the place, the nearest first; then others of the county.

    The court of first instance at the place of the mediating unit decides on confirmation:
    民事诉讼法 on confirming agreements [M].
    """
    asked = case.facts.get("court")
    above = [case.place, *ancestors(case.place)]
    found = Unit.objects.filter(kind__in=kinds, valid_to=None).exclude(id__in=[*case.hidden])
    near = found.filter(place__in=above) | found.filter(place__startswith=case.county)

    def order(unit: Unit) -> tuple[bool, bool, int, int, str]:
        # The court that delegated the dispute is asked to confirm what came of it.
        return (
            str(unit.id) != asked, unit.place not in above, -len(unit.place),
            kinds.index(unit.kind), unit.name,
        )  # fmt: skip

    return sorted(near, key=order)


def judge_of(case: Snapshot, court: UUID) -> UUID | None:
    """The post of the judge who visits the contact point of this village, if of this court."""
    points = Served.objects.filter(village=case.place, served_to=None).values("unit")
    visits = Visit.objects.filter(unit__in=points, cancelled_at=None).order_by("-begins_at")
    judge = visits.values_list("judge", flat=True).first()
    return judge if judge and Post.objects.filter(id=judge, unit_id=court).exists() else None
