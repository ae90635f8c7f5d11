"""Reads notices: which there are for a post, a place or a household, and how many have heard.

Counts are of buildings and what lies above; which household has heard is read building by
building, by those who knock at its doors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Left
from django.utils.translation import get_language

from gongzhi.mechanisms.neighbourhoods.models import (
    Announcement,
    Building,
    Household,
    Told,
    Wording,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, span

PAGE: Final = 30
SHOWN: Final = 20  # notices on a household's or a building's page


@dataclass(frozen=True, slots=True)
class Heard:
    """How many households have a notice, have read it, have confirmed it; `at_door` of these were
    told there."""

    households: int = 0
    read: int = 0
    confirmed: int = 0
    at_door: int = 0

    def share(self, n: int) -> int:
        """Per cent of the households, a hundred only when it is all of them."""
        return n * 100 // self.households if self.households else 0

    @property
    def unread(self) -> int:
        return self.households - self.read

    @property
    def unconfirmed(self) -> int:
        return self.households - self.confirmed

    @property
    def read_share(self) -> int:
        return self.share(self.read)

    @property
    def confirmed_share(self) -> int:
        return self.share(self.confirmed)

    @property
    def door_share(self) -> int:
        return self.share(self.at_door)


SUMS: Final = {
    name: Sum(name, default=0) for name in ("households", "read", "confirmed", "at_door")
}


def covering(place: str) -> list[str]:
    """A place and all above it."""
    return [*ancestors(place), place]


def for_post(by: Holder) -> QuerySet[Announcement]:
    """Notices that touch what a post answers for."""
    found = Announcement.objects.select_related("grid", "building")
    if by.sees_place:
        low, high = span(by.place)
        whole = Q(place__in=ancestors(by.place))
        return found.filter(whole | Q(place__gte=low, place__lt=high))
    own = buildings.buildings_of(by)
    places = {p for c in own.values_list("community", flat=True).distinct() for p in covering(c)}
    return found.filter(
        Q(place__in=places, grid=None, building=None)
        | Q(building__in=own)
        | Q(grid__in=own.values("grid"), building=None)
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice in a list, with the title that holds."""

    notice: Announcement
    title: str
    title_en: str
    n: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Listed]
    after: str


def titled(found: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """With the title and number of the wording that holds."""
    last = Wording.objects.filter(announcement=OuterRef("pk")).order_by("-n")
    return found.annotate(
        title=Subquery(last.values("title")[:1]), title_en=Subquery(last.values("title_en")[:1]),
        n=Subquery(last.values("n")[:1]),
    )  # fmt: skip


def listed(found: Iterable[Any]) -> list[Listed]:
    return [Listed(a, a.title, a.title_en, a.n) for a in found]


def _read_key(text: str) -> tuple[datetime, UUID] | None:
    at, _line, id_ = text.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        return None


def page(found: QuerySet[Announcement], *, after: str = "", size: int = PAGE) -> Page:
    """The newest first, by keyset."""
    key = _read_key(after)
    if key is not None:
        found = found.filter(Q(published_at__lt=key[0]) | Q(published_at=key[0], id__lt=key[1]))
    rows = listed(titled(found).order_by("-published_at", "-id")[: size + 1])
    if len(rows) <= size:
        return Page(rows, "")
    last = rows[size - 1].notice
    return Page(rows[:size], f"{last.published_at.isoformat()}_{last.id}")


def notice(id_: UUID) -> Announcement | None:
    return Announcement.objects.select_related("grid", "building").filter(id=id_).first()


def for_public(place: str, today: date) -> QuerySet[Announcement]:
    """What is shown today for a place: all that is for it or for part of it, a grid or building."""
    whole = Q(place__in=ancestors(place), grid=None, building=None)
    return Announcement.objects.select_related("grid", "building").filter(
        whole | Q(place=place), shown_until__gte=today
    )


def _counters(of: Iterable[Announcement], by: Holder, place: str) -> QuerySet[Told]:
    """Of the buildings that a post answers for, in a place."""
    low, high = span(place)
    found = Told.objects.filter(announcement__in=of, community__gte=low, community__lt=high)
    if by.sees_place:
        own_low, own_high = span(by.place)
        return found.filter(community__gte=own_low, community__lt=own_high)
    return found.filter(building__in=buildings.buildings_of(by).values("id"))


def counted(of: Iterable[Announcement], by: Holder, place: str) -> dict[UUID, Heard]:
    """Of each all together, as far as the post answers for it."""
    rows = _counters(of, by, place).values("announcement").annotate(**SUMS)
    found = {id_: Heard(*sums) for id_, *sums in rows.values_list("announcement", *SUMS)}
    return {a.id: found.get(a.id, Heard()) for a in of}


def counted_by_part(a: Announcement, by: Holder, place: str) -> dict[str, Heard]:
    """By the divisions one level below a place."""
    digits = {2: 4, 4: 6, 6: 9, 9: 12}[len(place)]
    part = Left(F("community"), digits, output_field=CharField())
    rows = _counters([a], by, place).annotate(part=part).values("part").annotate(**SUMS)
    found = rows.order_by("part").values_list("part", *SUMS)
    return {code: Heard(*sums) for code, *sums in found}


def counted_by_building(a: Announcement, by: Holder, place: str) -> list[tuple[Building, Heard]]:
    """Building by building, also those that are over since."""
    rows = {t.building: t for t in _counters([a], by, place)}
    found = Building.objects.filter(id__in=rows).order_by("community", "code")
    return [(b, heard_of(rows[b.id])) for b in found]


def heard_of(t: Told) -> Heard:
    return Heard(t.households, t.read, t.confirmed, t.at_door)


@dataclass(frozen=True, slots=True)
class Door:
    """A household as who stands before it sees it: a door, never a person."""

    household: Household
    heard: bool
    told_by: UUID | None


def told_in(announcement: UUID, building: UUID) -> dict[UUID, tuple[bool, UUID | None]]:
    """By household, whether it has heard, and who told it at the door."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM doors_told_v1(%s, %s)", [announcement, building])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def doors(a: Announcement, of: Building) -> list[Door]:
    """All doors of one building, those that moved in since too. For those who may knock there."""
    known = told_in(a.id, of.id)
    return [Door(h, *known.get(h.id, (False, None))) for h in buildings.households_of(of)]


@dataclass(frozen=True, slots=True)
class AtHome:
    """A notice as a household or a passer-by sees it in a list."""

    id: UUID
    n: int
    title: str
    title_en: str
    published_at: datetime
    shown_until: date
    asks: bool
    withdrawn: bool
    corrected: bool
    read: bool
    confirmed: bool

    @property
    def waits(self) -> bool:
        """Whether the household is still asked for something."""
        return not self.withdrawn and (not self.confirmed if self.asks else not self.read)


def shown(building: UUID, household: UUID | None, today: date) -> list[AtHome]:
    """What is shown in a building, and what of it a household has read. One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM notices_at_v1(%s, %s, %s, %s)", [building, household, today, SHOWN]
        )
        return [AtHome(*row) for row in cursor.fetchall()]


def in_words(wording: Mapping[str, Any]) -> dict[str, Any]:
    """Title and text in the reader's language; `lacking` where there is only the Chinese."""
    english = (get_language() or "").startswith("en")
    whole = bool(wording["title_en"] and wording["text_en"])
    suffix = "_en" if english and whole else ""
    return {
        **wording, "shown_title": wording["title" + suffix],
        "shown_text": wording["text" + suffix], "lacking": english and not whole,
    }  # fmt: skip
