"""Who answers for a road, as the public may know it: posts and offices, persons only where set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from gongzhi.mechanisms.roads.models import Road, Section
from gongzhi.mechanisms.roads.registers.charges import Chief
from gongzhi.people.models import Unit
from gongzhi.people.posts import units_at
from gongzhi.places.levels import ancestors
from gongzhi.ui.words import level, named


@dataclass(frozen=True, slots=True)
class Answering:
    """A post in charge: its level, which part of the road, and how to reach its office."""

    level: str
    post: str
    unit: str
    phone: str
    part: str
    name: str
    vacant: bool


def answering(chiefs: Iterable[Chief], sections: Sequence[Section]) -> list[Answering]:
    """The highest first. A name stands there only where the city has said so."""
    part: dict[UUID | None, str] = {s.id: s.name for s in sections}
    shown = settings.CONFIG.chief_names
    return [
        Answering(
            level=level(c.level), post=named(c.post), unit=named(c.post.unit),
            phone=c.post.unit.phone, part=part.get(c.charge.section, ""),
            name=_named_by(c.name) if shown and c.name else "", vacant=not c.name,
        )
        for c in chiefs
    ]  # fmt: skip


def _named_by(name: str) -> str:
    return _("%(name)s（演示）") % {"name": name} if settings.CONFIG.demo else name


def offices(road: Road, sections: Sequence[Section]) -> list[Unit]:
    """The road chiefs' offices that a road passes, the nearest to its sections first."""
    places = {road.place, *ancestors(road.place)}
    places |= {code for s in sections for code in ancestors(s.village)}
    return sorted(units_at(places, ["road_office"]), key=lambda u: -len(u.place))
