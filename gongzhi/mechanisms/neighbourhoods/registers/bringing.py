"""What a file says is entered 导入: all of it in one transaction, each change noted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
)
from gongzhi.mechanisms.neighbourhoods.registers import changing, counts, rungs, teams
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current, new_key
from gongzhi.mechanisms.neighbourhoods.registers.entering import Key, copy, enter_many, once
from gongzhi.mechanisms.neighbourhoods.registers.importing import DoorChange, Plan, planned
from gongzhi.mechanisms.neighbourhoods.registers.sheets import Item
from gongzhi.mechanisms.neighbourhoods.roles import RUNGS
from gongzhi.people.posts import Holder

Line = tuple[str, Any, str, dict[str, Any]]  # community, row, called, facts


def enter(items: Sequence[Item], *, by: Holder, now: datetime) -> Plan:
    """All of it, or nothing where anything is wrong. Raises Refused."""
    with transaction.atomic():
        once()
        plan = planned(items, by=by)
        if plan.wrong:
            raise Refused(_("台账刚才有改动，请核对后再导入。"))
        entered = enter_many(plan.grids, plan.buildings, plan.doors, by=by, now=now)
        places = {row.community for row, _facts in plan.changed}
        places |= {c.key[0] for c in plan.moved} | {w.community for w in plan.charges}
        lines = _changed(plan, places) + _moved(plan.moved, now)
        lines += _rungs(plan, places, entered.made, now)
        RegisterChange.objects.bulk_create(
            [RegisterChange(community=place, what=what, called=called[:120], at=now,
                            account=by.account, post=by.post, facts=facts)
             for place, what, called, facts in lines],
            batch_size=2_000,
        )  # fmt: skip
        counts.keep(places)
    return plan


def _grids(places: set[str]) -> dict[Key, Grid]:
    found = Grid.objects.filter(current(), community__in=places)
    return {(g.community, g.code): g for g in found}


def _changed(plan: Plan, places: set[str]) -> list[Line]:
    """Grids and buildings that the file tells otherwise."""
    if not plan.changed:
        return []
    grids, lines = _grids(places), list[Line]()
    for row, facts in plan.changed:
        if "grid" in facts:  # it may be new, of the same file
            facts["grid"] = grids[row.community, facts["grid"].code]
        said = changing.differing(row, facts)
        changing.save(row)
        if isinstance(row, Building) and {"name", "name_en"} & said.keys():
            teams.rename(row)
        lines.append((row.community, row.id, row.name, said))
    return lines


def _moved(found: Sequence[DoorChange], now: datetime) -> list[Line]:
    """Households that moved in or out, people and storeys that are others."""
    today = timezone.localdate(now)
    out = [c.was.home for c in found if c.was.home and not c.said.lived_in]
    for n in range(0, len(out), 5_000):
        Household.objects.filter(id__in=out[n : n + 5_000]).update(until=today)
    copy(
        Household, ("id", "dwelling", "building", "community", "key", "people", "since"),
        ((uuid4(), c.was.id, c.was.building, c.key[0], new_key(), c.said.people, today)
         for c in found if c.said.lived_in and c.was.home is None),
    )  # fmt: skip
    others = [
        Household(id=c.was.home, people=c.said.people)
        for c in found
        if c.was.home and c.said.lived_in and c.was.people != c.said.people
    ]
    Household.objects.bulk_update(others, ["people"], batch_size=1_000)
    storeys = [
        Dwelling(id=c.was.id, storey=c.said.storey) for c in found if c.was.storey != c.said.storey
    ]
    Dwelling.objects.bulk_update(storeys, ["storey"], batch_size=1_000)
    return [(c.key[0], c.was.id, f"{c.key[1]} {c.key[2]} {c.key[3]}", _said(c)) for c in found]


def _said(change: DoorChange) -> dict[str, Any]:
    was, said = change.was, change.said
    pairs: dict[str, list[Any]] = {
        "storey": [was.storey, said.storey], "lived_in": [was.home is not None, said.lived_in],
        "people": [was.people, said.people],
    }  # fmt: skip
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _rungs(
    plan: Plan, places: set[str], made: dict[Key, Building], now: datetime
) -> list[Line]:  # fmt: skip
    if not plan.charges:
        return []
    found = Building.objects.filter(current(), community__in=places)
    known = {(b.community, b.code): b for b in found} | made
    put = rungs.put(plan.charges, _grids(places), known, now=now)
    return [_line(c) for c in put]


def _line(charge: Charge) -> Line:
    thing = charge.building or charge.grid
    called = str(RUNGS[charge.rung]) + (f" · {thing.name}" if thing else "")
    facts = {"deputy": [None, charge.deputy]}
    return charge.community, thing.id if thing else charge.id, called, facts
