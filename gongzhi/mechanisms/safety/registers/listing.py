"""The list of firms in a place: filtered, page by page by key, whatever their number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers.credit_code import normalise
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, SIZES
from gongzhi.mechanisms.safety.registers.sites import GRAVEST, current
from gongzhi.places.levels import span

PAGE: Final = 50
# As one comparison of rows the index goes straight to the page.
AFTER: Final = "(place, name, id) > (%s, %s, %s)"
FILTERS: Final = ("industry", "size", "colour", "overseer", "fact", "said")


@dataclass(frozen=True, slots=True)
class Row:
    """A firm, how many sites it has, and the gravest colour of them."""

    firm: Enterprise
    sites: int
    colour: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins (None: this is the last)."""

    rows: list[Row]
    after: UUID | None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _wanted(wanted: Mapping[str, str]) -> Q:
    found = Q()
    if wanted.get("industry"):  # a section, or a division of it
        found &= Q(industry__startswith=wanted["industry"])
    if wanted.get("size") in SIZES:
        found &= Q(size=wanted["size"])
    if overseer := _uuid(wanted.get("overseer", "")):
        found &= Q(overseer=overseer)
    if said := wanted.get("said", "").strip():
        found &= Q(name__contains=said) | Q(code__startswith=normalise(said))
    of_site = Q()
    if wanted.get("colour") in COLOURS:
        of_site &= Q(colour=wanted["colour"])
    if wanted.get("fact") in FACTS:
        of_site &= Q(facts__contains=[wanted["fact"]])
    if of_site:
        found &= Q(Exists(Site.objects.filter(current(), of_site, enterprise=OuterRef("id"))))
    return found


def found(place: str, wanted: Mapping[str, str]) -> QuerySet[Enterprise]:
    low, high = span(place)
    here = Enterprise.objects.filter(current(), place__gte=low, place__lt=high)
    return here.filter(_wanted(wanted)).order_by("place", "name", "id")


def page(place: str, wanted: Mapping[str, str], *, after: str = "", size: int = PAGE) -> Page:
    firms = found(place, wanted)
    shown_last = _uuid(after)
    last = Enterprise.objects.filter(id=shown_last).first() if shown_last else None
    if last is not None:
        key = last.place, last.name, last.id
        firms = firms.filter(RawSQL(AFTER, key, BooleanField()))  # noqa: S611 -- our own words
    rows = list(firms[: size + 1])
    shown = rows[:size]
    return Page(_with_sites(shown), shown[-1].id if len(rows) > size else None)


def _with_sites(firms: list[Enterprise]) -> list[Row]:
    colours: dict[UUID, list[str]] = {}
    sites = Site.objects.filter(current(), enterprise__in=[f.id for f in firms])
    for firm, colour in sites.values_list("enterprise", "colour"):
        colours.setdefault(firm, []).append(colour)
    return [
        Row(f, len(colours.get(f.id, ())),
            min(colours.get(f.id, ()), key=GRAVEST.__getitem__, default=""))
        for f in firms
    ]  # fmt: skip
