"""Reads what a phone says of itself: who sends it, at which door, about what."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Household
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder


def holder(by: Actor) -> Holder:
    """Raises Refused."""
    if not isinstance(by, Holder):
        raise Refused
    return by


def incomplete() -> Refused:
    return Refused(_("这条记录不完整，无法办理。"))


def named(data: Mapping[str, Any], what: str) -> UUID:
    """Raises Refused."""
    try:
        return UUID(str(data[what]))
    except (KeyError, ValueError):
        raise incomplete() from None


def number(data: Mapping[str, Any], what: str) -> int:
    """Raises Refused."""
    found = data.get(what)
    if not isinstance(found, int):
        raise incomplete()
    return found


def door(data: Mapping[str, Any]) -> Household:
    """Where it was done. Raises Refused."""
    home = Household.objects.filter(buildings.living(), id=named(data, "household"))
    found = home.select_related("building").first()
    if found is None:
        raise Refused(_("这一户已经搬走，或者门牌已经停用。"))
    return found
