"""Entries that may be one firm or one site 疑似重复: shown before saving, and listed to settle.

Nothing is joined by itself: one of them is ended, or both stand apart with a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Apart, Enterprise, Site
from gongzhi.mechanisms.safety.registers import enterprises, likeness
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

MOST = 50  # groups on the list
COUNTY = 6  # digits: names are compared within a county


def _in(place: str) -> dict[str, str]:
    low, high = span(place)
    return {"place__gte": low, "place__lt": high}


def firms_like(name: str, place: str, *, but: UUID | None = None) -> list[Enterprise]:
    """Firms of the county whose name is the same but for place, legal form, a sign or two."""
    said = likeness.of_name(name, likeness.Regions().of(place))
    here = Enterprise.objects.filter(current(), **_in(place[:COUNTY])).exclude(Q(id=but))
    ids = [id_ for id_, other in here.values_list("id", "alike") if likeness.near(said, other)]
    return list(Enterprise.objects.filter(id__in=ids).order_by("name")[:MOST])


def same_name(row: Enterprise) -> list[Enterprise]:
    """Others of the county whose name is the same but for place and legal form."""
    here = Enterprise.objects.filter(current(), alike=row.alike, **_in(row.place[:COUNTY]))
    return list(here.exclude(id=row.id).order_by("name")[:MOST])


def of_code(code: str, *, but: UUID | None = None) -> list[Enterprise]:
    """Of the same code, those that are over too: a firm that comes back is no new one."""
    return list(Enterprise.objects.filter(code=code).exclude(Q(id=but)).order_by("-valid_from"))


def sites_like(address: str, place: str, *, of: UUID, but: UUID | None = None) -> list[Site]:
    """Sites of other firms, and others of this one, at the same address."""
    spot = likeness.of_address(address, likeness.Regions().of(place))
    if not spot:
        return []
    found = Site.objects.filter(current(), spot=spot, **_in(place[:COUNTY])).exclude(Q(id=but))
    return list(found.exclude(enterprise=of).select_related("enterprise")[:MOST])


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that may be one; `kind` says of what: firm or site."""

    kind: str
    rows: Sequence[Any]

    @property
    def pairs(self) -> list[tuple[UUID, UUID]]:
        return [ordered(a.id, b.id) for a, b in combinations(self.rows, 2)]


def ordered(a: UUID, b: UUID) -> tuple[UUID, UUID]:
    return (a, b) if a < b else (b, a)


def _several(found: QuerySet[Any], by: str, least: str) -> list[tuple[str, str]]:
    """Counties and values that several have."""
    counted = found.annotate(county=Left("place", COUNTY)).values("county", by)
    several = counted.annotate(n=Count(least, distinct=True)).filter(n__gt=1)
    return list(several.order_by("county", by).values_list("county", by))


def _groups(kind: str, found: QuerySet[Any], by: str, least: str) -> Iterator[Group]:
    """Some at a time, since most of many may have been told apart already."""
    several = _several(found, by, least)
    for start in range(0, len(several), MOST):
        keys = several[start : start + MOST]
        rows: dict[tuple[str, str], list[Any]] = {key: [] for key in keys}
        for row in found.filter(**{f"{by}__in": {value for _county, value in keys}}):
            rows.get((row.place[:COUNTY], getattr(row, by)), []).append(row)
        groups = [Group(kind, here) for here in rows.values()]
        apart = _apart(pair for group in groups for pair in group.pairs)
        yield from (group for group in groups if not set(group.pairs) <= apart)


def listed(place: str) -> list[Group]:
    """What is to settle in a place: each pair that nobody has told apart yet."""
    firms = Enterprise.objects.filter(current(), **_in(place)).order_by("name")
    sites = Site.objects.filter(current(), **_in(place)).exclude(spot="")
    sites = sites.select_related("enterprise").order_by("enterprise__name", "name")
    return [
        *islice(_groups("firm", firms, "alike", "id"), MOST),
        *islice(_groups("site", sites, "spot", "enterprise"), MOST),
    ]


def _apart(pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    known = Apart.objects.filter(one__in={one for one, _other in pairs})
    return set(known.values_list("one", "other"))


def tell_apart(ids: Sequence[UUID], reason: str, *, by: Holder, now: datetime) -> int:
    """These are not one: they are not listed together again. Raises Refused."""
    firms = Enterprise.objects.filter(current(), id__in=ids)
    sites = Site.objects.filter(current(), id__in=ids)
    places = [*firms.values_list("place", flat=True), *sites.values_list("place", flat=True)]
    if len(places) != len(set(ids)) or len(places) < 2:
        raise Refused(_("名单刚才有变化，请再看一遍。"))
    for place in places:
        enterprises.must_keep(by, place)
    made = Apart.objects.bulk_create(
        [Apart(one=one, other=other, reason=reason[:200], at=now, account=by.account, post=by.post)
         for one, other in (ordered(a, b) for a, b in combinations(sorted(set(ids)), 2))],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(made)
