"""Who answers, as the public may know it: posts and offices, persons only where the city says."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.registers import teams
from gongzhi.mechanisms.neighbourhoods.registers.charges import Rung
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF
from gongzhi.people.models import Unit
from gongzhi.ui.words import named


@dataclass(frozen=True, slots=True)
class Public:
    """A post on a rung: what it is called, its office and how to reach it."""

    rung: str
    label: str
    post: str
    unit: str
    phone: str
    name: str
    vacant: bool


def public(chain: Iterable[Rung]) -> list[Public]:
    """The highest first; a name stands there only where the city has said so."""
    return [
        Public(
            rung=rung.name, label=rung.label, post=named(a.post), unit=named(a.post.unit),
            phone=a.post.unit.phone, name=name_shown(a.name), vacant=not a.name,
        )
        for rung in chain
        for a in rung.answering
        if a.charge.deputy == 0 or a.name
    ]  # fmt: skip


def name_shown(name: str) -> str:
    """Nothing, unless the city names who holds a chief's post."""
    if not name or not settings.CONFIG.chief_names:
        return ""
    return _("%(name)s（演示）") % {"name": name} if settings.CONFIG.demo else name


def chief_of(answering: Iterable[Public]) -> Public | None:
    """Whoever is told first: in office before vacant."""
    found = [a for a in answering if a.rung == CHIEF]
    return next((a for a in found if not a.vacant), next(iter(found), None))


def committee_of(building: Building) -> Unit | None:
    return teams.committees([building.community]).get(building.community)
