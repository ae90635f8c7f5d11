"""What a building chief's phone takes along and sends back: doors, and what is done at them.

No names and no phones lie on it but those that were written down there and wait to be sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.forms.registering import Registering
from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods
from gongzhi.mechanisms.neighbourhoods.models import Building, Household, Purpose
from gongzhi.mechanisms.neighbourhoods.pages.residents.shown import explained
from gongzhi.mechanisms.neighbourhoods.registers import buildings, purposes, residents
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder
from gongzhi.ui import offline, words
from gongzhi.ui.offline import Answer, Kit, Operation, each


def holder(by: Actor) -> Holder:
    """Raises Refused."""
    if not isinstance(by, Holder):
        raise Refused
    return by


def door(data: Mapping[str, Any]) -> Household:
    """Where it was done. Raises Refused."""
    home = Household.objects.filter(buildings.living(), id=named(data, "household"))
    found = home.select_related("building").first()
    if found is None:
        raise Refused(_("这一户已经搬走，或者门牌已经停用。"))
    return found


def named(data: Mapping[str, Any], what: str) -> UUID:
    """Raises Refused."""
    try:
        return UUID(str(data[what]))
    except (KeyError, ValueError):
        raise Refused(_("这条记录不完整，无法办理。")) from None


def _register(one: Operation, now: datetime, by: Actor) -> Answer:
    """A resident, at the door; the phone's key makes it once."""
    home, chief = door(one.data), holder(by)
    of = purposes.offered(home.community, timezone.localdate(now))
    purpose = of.filter(id=named(one.data, "purpose")).first()
    if purpose is None:
        raise Refused(_("这项登记已经结束。"))
    form = Registering(offline.filled(one.data), purpose=purpose, at_door=True)
    if not form.is_valid():
        raise Refused(offline.wrong(form))
    id_ = uuid5(chief.account, one.key)
    _row, new = residents.register(purpose, home, form.told, id_=id_, now=now, by=chief)
    return Answer("done" if new else "again")


def _purpose(of: Purpose, on: datetime) -> dict[str, Any]:
    """What is read out at the door, and the form that the desk has too."""
    form = Registering(
        purpose=of, at_door=True, auto_id=f"p{of.id.hex[-8:]}-%s", use_required_attribute=True
    )
    return {**explained(of, timezone.localdate(on)), "form": str(form)}


def _building(of: Building, offered: Mapping[str, list[Purpose]]) -> dict[str, Any]:
    doors = buildings.households_of(of)
    return {
        "id": of.id, "name": words.named(of),
        "doors": [{"id": home.id, "name": str(home.dwelling)} for home in doors],
        "purposes": [p.id for p in offered[of.community]],
    }  # fmt: skip


def _pack(by: Holder, now: datetime) -> dict[str, Any]:
    mine = list(buildings.buildings_of(by))
    on = timezone.localdate(now)
    offered = {c: list(purposes.offered(c, on)) for c in {of.community for of in mine}}
    every = {p.id: p for here in offered.values() for p in here}
    return {
        "buildings": [_building(of, offered) for of in mine],
        "purposes": [_purpose(p, now) for p in every.values()],
    }


# What is done at doors, by the name of the operation.
KINDS: Final = {"neighbourhoods.register": each(_register)}
SCRIPTS: Final = ("neighbourhoods/field.js", "neighbourhoods/registering.js")

KIT = Kit(
    name=neighbourhoods.name, label=gettext_lazy("上门"), pack=_pack,
    offered_to=lambda by: by.unit_kind == TEAM, kinds=KINDS,
    acts=frozenset({"reply", "pass_on"}),
    screens="neighbourhoods/field/screens.html", scripts=SCRIPTS,
)  # fmt: skip
