"""What is added, changed and ended in the register of buildings, one thing at a time.

Each change is noted with what was before. A building comes with its team and goes with it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
)
from gongzhi.mechanisms.neighbourhoods.registers import counts, teams
from gongzhi.mechanisms.neighbourhoods.registers.buildings import (
    current,
    living,
    must_keep,
    new_key,
    noted,
)
from gongzhi.people.posts import Holder

Row = Grid | Building | Dwelling
# What may be changed of each; the rest is what it is.
FACTS: Final[dict[type[Row], tuple[str, ...]]] = {
    Grid: ("code", "name"),
    Building: (
        "code", "name", "name_en", "address", "storeys", "grid", "longitude", "latitude",
    ),
    Dwelling: ("stair", "storey", "room"),
}  # fmt: skip
CLASH: Final[dict[type[Row], tuple[str, str | Promise]]] = {
    Grid: ("code", _("这个社区已经有这个编号的网格。")),
    Building: ("code", _("这个社区已经有这个编号的楼栋。")),
    Dwelling: ("room", _("这栋楼已经有这个门牌。")),
}


def community_of(row: Row) -> str:
    return row.building.community if isinstance(row, Dwelling) else row.community


def called(row: Row) -> str:
    """With the building, where it is a door's."""
    return f"{row.building.name} {row}" if isinstance(row, Dwelling) else row.name


def told(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def differing(row: Row, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The row takes these facts; those that were otherwise, each as [before, after]."""
    changed = {}
    for name, value in facts.items():
        before = None if row._state.adding else getattr(row, name)
        if value != before:
            changed[name] = [told(before), told(value)]
        setattr(row, name, value)
    return changed


def save(row: Row) -> None:
    """Raises Refused."""
    field, clash = CLASH[type(row)]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(clash, field=field) from None


def add(row: Row, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> None:
    """A new row, from today on. Raises Refused."""
    place = community_of(row)
    must_keep(by, place)
    row.valid_from = timezone.localdate(now)
    changed = differing(row, {n: facts[n] for n in FACTS[type(row)] if n in facts})
    with transaction.atomic():
        parent = teams.committee(place) if isinstance(row, Building) else None
        if isinstance(row, Building):
            row.team = uuid4()
        save(row)
        if isinstance(row, Building) and parent is not None:
            teams.make([row], {place: parent}, now=now)
        noted(place, row.id, called(row), changed, by=by, now=now)
        counts.keep([place])


def change(row: Row, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> bool:
    """Whether anything was different. Raises Refused."""
    must_keep(by, community_of(row))
    changed = differing(row, {n: facts[n] for n in FACTS[type(row)] if n in facts})
    if not changed:
        return False
    with transaction.atomic():
        save(row)
        if isinstance(row, Building) and {"name", "name_en"} & changed.keys():
            teams.rename(row)
        noted(community_of(row), row.id, called(row), changed, by=by, now=now)
    return True


def end(row: Row, *, by: Holder, now: datetime) -> None:
    """Its last day was yesterday, and what hangs on it ends with it. Raises Refused."""
    place, today = community_of(row), timezone.localdate(now)
    must_keep(by, place)
    with transaction.atomic():
        if isinstance(row, Grid):
            _end_grid(row, now)
        elif isinstance(row, Building):
            teams.end(row, now=now)
            _over(Charge, "held_to", Q(building=row), now)
            _over(Household, "until", Q(building=row), now)
            _over(Dwelling, "valid_to", Q(building=row), now)
        else:
            _over(Household, "until", Q(dwelling=row), now)
        _over(type(row), "valid_to", Q(id=row.id), now)
        noted(place, row.id, called(row), {"valid_to": [None, str(today)]}, by=by, now=now)
        counts.keep([place])


def _over(table: Any, name: str, which: Q, now: datetime) -> None:
    table.objects.filter(which, **{name: None}).update(**{name: timezone.localdate(now)})


def _end_grid(grid: Grid, now: datetime) -> None:
    """Raises Refused."""
    if grid.buildings.filter(current()).exists():
        raise Refused(_("这个网格还有楼栋，请先把它们划到别的网格。"))
    _over(Charge, "held_to", Q(grid=grid), now)


def home_of(dwelling: Dwelling) -> Household | None:
    """Whoever lives there now."""
    return dwelling.households.filter(living()).order_by("-since").first()


def move_in(dwelling: Dwelling, people: int | None, *, by: Holder, now: datetime) -> Household:
    """A new household, with a key of its own. Raises Refused."""
    place = dwelling.building.community
    must_keep(by, place)
    with transaction.atomic():
        if home_of(dwelling):
            raise Refused(_("这里还有人住；原来的住户搬走了，请先登记搬出。"))
        home = Household(
            dwelling=dwelling, building=dwelling.building, community=place, key=new_key(),
            people=people, since=timezone.localdate(now),
        )  # fmt: skip
        try:
            with transaction.atomic():
                home.save()
        except IntegrityError:  # somebody was faster
            raise Refused(_("这里还有人住；原来的住户搬走了，请先登记搬出。")) from None
        said = {"lived_in": [False, True], "people": [None, people]}
        noted(place, dwelling.id, called(dwelling), said, by=by, now=now)
        counts.keep([place])
    return home


def move_out(dwelling: Dwelling, *, by: Holder, now: datetime) -> None:
    """From now on their link leads nowhere. Raises Refused."""
    place = dwelling.building.community
    must_keep(by, place)
    with transaction.atomic():
        _over(Household, "until", Q(dwelling=dwelling), now)
        said = {"lived_in": [True, False]}
        noted(place, dwelling.id, called(dwelling), said, by=by, now=now)
        counts.keep([place])


def count_people(home: Household, people: int | None, *, by: Holder, now: datetime) -> None:
    """Raises Refused."""
    must_keep(by, home.community)
    if home.people == people:
        return
    with transaction.atomic():
        said = {"people": [home.people, people]}
        Household.objects.filter(id=home.id).update(people=people)
        noted(home.community, home.dwelling_id, called(home.dwelling), said, by=by, now=now)


def renew_key(home: Household, *, by: Holder, now: datetime) -> None:
    """For a slip that was lost: the old link leads nowhere from now on. Raises Refused."""
    must_keep(by, home.community)
    with transaction.atomic():
        Household.objects.filter(id=home.id).update(key=new_key())
        said = {"key": [None, True]}  # never the key itself
        noted(home.community, home.dwelling_id, called(home.dwelling), said, by=by, now=now)


def history(of: Iterable[UUID]) -> QuerySet[RegisterChange]:
    """What was changed of these rows, the latest first."""
    return RegisterChange.objects.filter(what__in=list(of)).order_by("-id")
