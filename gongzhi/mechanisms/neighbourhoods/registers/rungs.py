"""Posts on the rungs of the six-level team, as rows of a file want them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.mechanisms.neighbourhoods.models import Building, Charge, Grid
from gongzhi.mechanisms.neighbourhoods.registers.appointing import SECRETARY, kinds_on
from gongzhi.mechanisms.neighbourhoods.registers.charges import WHOLE, standing
from gongzhi.mechanisms.neighbourhoods.registers.entering import Key, NewBuilding, NewGrid
from gongzhi.mechanisms.neighbourhoods.registers.sheets import Unreadable
from gongzhi.mechanisms.neighbourhoods.registers.teams import CHIEF_TITLE
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, GRID_HEAD, TEAM
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

ONE = (CHIEF, GRID_HEAD, SECRETARY)  # rungs on which one post alone is in charge


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post to be put on a rung, or to stand there in another order (`charge`).

    `unit` is nothing where it is the building's own team, `post` where it has to be made.
    """

    rung: str
    community: str
    grid: str
    building: str
    unit: Unit | None
    title: str
    deputy: int
    post: UUID | None = None
    charge: Charge | None = None


Over = tuple[str, str, UUID | None, UUID | None]  # rung, community, grid, building


class Charges:
    """What stands on the rungs of some communities; asked once for a whole file."""

    def __init__(
        self, communities: Iterable[str], grids: Mapping[Key, Grid | NewGrid],
        buildings: Mapping[Key, Building | NewBuilding], by: Holder,
    ) -> None:  # fmt: skip
        self.grids, self.buildings, self.by = grids, buildings, by
        every = set(communities)
        places = every | {a for c in every for a in ancestors(c)}
        self.units: dict[str, list[Unit]] = {}
        for unit in Unit.objects.filter(place__in=places, valid_to=None).exclude(kind=TEAM):
            for name in {unit.name, unit.name_en} - {""}:
                self.units.setdefault(name, []).append(unit)
        teams = [b.team for b in buildings.values() if isinstance(b, Building)]
        offices = [u.id for found in self.units.values() for u in found]
        posts = Post.objects.filter(Q(unit__in=teams) | Q(unit__in=offices), valid_to=None)
        self.posts = {(p.unit_id, title): p for p in posts for title in (p.title_en, p.title)}
        self.standing: dict[Over, list[Charge]] = {}
        for charge in Charge.objects.filter(standing(), community__in=every):
            over = charge.rung, charge.community, charge.grid_id, charge.building_id
            self.standing.setdefault(over, []).append(charge)

    def wanted(self, said: Mapping[str, Any]) -> Wanted | None:
        """Nothing where it stands so already. Raises Unreadable."""
        self._check_over(said)
        unit = self._unit(said)
        wanted = Wanted(
            said["rung"], said["community"], said["grid"], said["building"], unit, said["post"],
            said["deputy"],
        )  # fmt: skip
        row = self.buildings.get((said["community"], said["building"]))
        if isinstance(row, NewBuilding) and unit is None:
            # Its team comes with the post of its chief.
            as_made = (wanted.title, wanted.deputy) == (CHIEF_TITLE, 0)
            return None if as_made else wanted
        team = row.team if isinstance(row, Building) else None
        post = self._post(unit.id if unit else team, said)
        return self._against(wanted, post)

    def _check_over(self, said: Mapping[str, Any]) -> None:
        """Raises Unreadable."""
        rung, place = said["rung"], said["community"]
        for column, known, needed in (
            ("grid", self.grids, rung == GRID_HEAD), ("building", self.buildings, rung == CHIEF),
        ):  # fmt: skip
            code = said[column]
            if code and not needed:
                raise Unreadable(_("这一级不写这一格。"), column)
            if needed and (place, code) not in known:
                raise Unreadable(_("没有这个编号，请先登记。"), column)

    def _unit(self, said: Mapping[str, Any]) -> Unit | None:
        """Raises Unreadable."""
        if not said["unit"]:
            if said["rung"] == CHIEF:
                return None
            raise Unreadable(_("这一格不能空着。"), "unit")
        place = said["community"]
        found = [u for u in self.units.get(said["unit"], ()) if place.startswith(u.place)]
        if not found:
            why = _("没有找到单位“%(said)s”，请写它的全称。")
            raise Unreadable(why % {"said": said["unit"]}, "unit")
        nearest = max(len(u.place) for u in found)
        found = [u for u in found if len(u.place) == nearest]
        if len(found) > 1:
            raise Unreadable(_("这个名称的单位不止一个。"), "unit")
        return found[0]

    def _post(self, unit: UUID | None, said: Mapping[str, Any]) -> Post | None:
        """Raises Unreadable."""
        post = self.posts.get((unit, said["post"])) if unit else None
        if post is not None and post.kind not in kinds_on(said["rung"]):
            raise Unreadable(_("这个岗位不能放在这一级。"), "post")
        return post

    def _against(self, wanted: Wanted, post: Post | None) -> Wanted | None:
        """Compared with what stands there. Raises Unreadable."""
        place = wanted.community
        grid, building = (
            row.id if isinstance(row, Grid | Building) else None
            for row in (self.grids.get((place, wanted.grid)),
                        self.buildings.get((place, wanted.building)))
        )  # fmt: skip
        there = self.standing.get((wanted.rung, place, grid, building), ())
        if grid is None and building is None and wanted.rung not in WHOLE:
            there = ()  # over a thing of the same file
        own = next((c for c in there if post and c.post == post.id), None)
        others = [c for c in there if c is not own and c.deputy == 0]
        if wanted.deputy == 0 and wanted.rung in ONE and others:
            raise Unreadable(_("这一级已经有人负责；先免去，或者排在代理里。"), "deputy")
        if own is not None and own.deputy == wanted.deputy:
            return None
        self._may_make(wanted, post)
        return replace(wanted, post=post.id if post else None, charge=own)

    def _may_make(self, wanted: Wanted, post: Post | None) -> None:
        """Raises Unreadable."""
        if post is None and wanted.unit and not wanted.unit.place.startswith(self.by.place):
            raise Unreadable(_("这个单位还没有这个岗位，要由它的上级先设。"), "post")


def put(
    found: Iterable[Wanted], grids: Mapping[Key, Grid], buildings: Mapping[Key, Building], *,
    now: datetime,
) -> list[Charge]:  # fmt: skip
    """Makes the posts that are wanted, and the charges; those in another order take it."""
    posts: dict[tuple[UUID, str], Post] = {}
    new: list[Charge] = []
    changed: list[Charge] = []
    for wanted in found:
        if wanted.charge is not None:
            wanted.charge.deputy = wanted.deputy
            changed.append(wanted.charge)
            continue
        building = buildings[wanted.community, wanted.building] if wanted.building else None
        unit = wanted.unit.id if wanted.unit else building.team if building else None
        post = wanted.post
        if post is None and unit is not None:
            made = posts.setdefault((unit, wanted.title), _new_post(wanted, unit, now))
            post = made.id
        if post is None:
            continue
        new.append(Charge(
            rung=wanted.rung, post=post, community=wanted.community, building=building,
            grid=grids[wanted.community, wanted.grid] if wanted.grid else None,
            deputy=wanted.deputy, held_from=timezone.localdate(now),
        ))  # fmt: skip
    Post.objects.bulk_create(posts.values(), batch_size=2_000)
    Charge.objects.bulk_create(new, batch_size=2_000)
    Charge.objects.bulk_update(changed, ["deputy"], batch_size=1_000)
    return [*new, *changed]


def _new_post(wanted: Wanted, unit: UUID, now: datetime) -> Post:
    own = wanted.unit is not None and wanted.unit.place == wanted.community
    return Post(
        id=uuid4(), unit_id=unit, kind=wanted.rung, title=wanted.title, place=wanted.community,
        sees_place=own and wanted.rung == SECRETARY, valid_from=now,
    )  # fmt: skip
