"""How far a campaign is, from building to city 进度: sums of kept counters, never of people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Progress
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns
from gongzhi.mechanisms.neighbourhoods.registers.campaigns import Counted
from gongzhi.people.posts import Holder
from gongzhi.places.levels import level_of, span

SHOWN: Final = 50  # buildings on a page


def share(came: int, households: int) -> int | None:
    """Per cent of households, rounded down so that 100 means all; nothing where none lives."""
    return min(100 * came // households, 100) if households else None


@dataclass(frozen=True, slots=True)
class Part:
    """A place, a grid or a building of a campaign, and how far it is.

    `silent`: how many of its buildings nobody has come from yet.
    """

    key: str
    name: str
    buildings: int
    households: int
    came: int
    people: int
    silent: int
    name_en: str = ""

    @property
    def percent(self) -> int | None:
        return share(self.came, self.households)


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of a campaign is looked at: a place, in a community perhaps one grid."""

    place: str
    grid: UUID | None = None

    @property
    def rows(self) -> Q:
        low, high = span(self.place)
        here = Q(community__gte=low, community__lt=high)
        return here & Q(grid=self.grid) if self.grid else here


def total(parts: Iterable[Part], key: str) -> Part:
    """All of them as one."""
    every = list(parts)
    return Part(
        key=key, name="", buildings=sum(p.buildings for p in every),
        households=sum(p.households for p in every), came=sum(p.came for p in every),
        people=sum(p.people for p in every), silent=sum(p.silent for p in every),
    )  # fmt: skip


def so_far(open_: Iterable[UUID]) -> dict[UUID, Part]:
    """Campaigns as a whole."""
    found = Progress.objects.filter(campaign__in=list(open_)).annotate(part=F("campaign"))
    return {UUID(p.key): p for p in _grouped(found, {})}


def below(of: Campaign, where: Where) -> list[Part]:
    """The next parts: places down to communities, then grids, then buildings."""
    if where.grid:
        return buildings_at(of, where)
    found = Progress.objects.filter(where.rows, campaign=of)
    if level_of(where.place) is Level.VILLAGE:
        names = {str(g.id): g.name for g in campaigns.grids_of(of, where.place).values()}
        parts = {p.key: p for p in _grouped(found.annotate(part=F("grid")), names)}
        return [parts[key] for key in names if key in parts]
    digits = Level(level_of(where.place) + 1).digits
    return _grouped(found.annotate(part=Left("community", digits)), {})


def _grouped(found: QuerySet[Any], names: Mapping[str, str]) -> list[Part]:
    rows = found.values("part").annotate(
        n=Count("building"), of=Sum("households"), yes=Sum("came"), heads=Sum("people"),
        none=Count("building", filter=Q(came=0)),
    )  # fmt: skip
    return [
        Part(str(r["part"]), names.get(str(r["part"]), ""), r["n"], r["of"], r["yes"], r["heads"],
             r["none"])
        for r in rows.order_by("part")
    ]  # fmt: skip


def buildings_at(of: Campaign, where: Where) -> list[Part]:
    """Building by building, in the order of their codes."""
    found = {p.building: p for p in Progress.objects.filter(where.rows, campaign=of)}
    rows = Building.objects.filter(id__in=found).order_by("community", "code")
    return list(_parts(rows, found))


def _parts(rows: QuerySet[Building], found: Mapping[UUID, Progress]) -> Iterator[Part]:
    for b in rows:
        p = found[b.id]
        yield Part(str(b.id), b.name, 1, p.households, p.came, p.people, int(p.came == 0),
                   b.name_en)  # fmt: skip


def own(of: Campaign, by: Holder) -> list[Part]:
    """The buildings that a post answers for."""
    mine = buildings.buildings_of(by)
    found = {
        p.building: p for p in Progress.objects.filter(campaign=of, building__in=mine.values("id"))
    }
    return list(_parts(mine.filter(id__in=found), found))


def silent(of: Campaign, where: Where, *, after: str = "") -> tuple[list[Building], str]:
    """Buildings that nobody has come from yet, and where the next page begins."""
    ids = Progress.objects.filter(where.rows, campaign=of, came=0, households__gt=0)
    rows = Building.objects.filter(id__in=ids.values("building")).order_by(
        "community", "code", "id"
    )
    community, _comma, code = after.partition(",")
    if community:
        rows = rows.filter(Q(community__gt=community) | Q(community=community, code__gt=code))
    found = list(rows[: SHOWN + 1])
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    return found[:SHOWN], f"{last.community},{last.code}" if last else ""


def of_building(of: Campaign, building: UUID) -> Counted:
    """Nothing where it is not among those of the campaign."""
    found = Progress.objects.filter(campaign=of, building=building).first()
    return Counted(found.households, found.came, found.people) if found else Counted(0, 0, 0)
