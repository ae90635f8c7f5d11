"""What staff see of residents without looking 居民登记的查看范围: a chief the own building, masked;
a post above counts, door by door; nobody a list across buildings, and there is no search."""

from collections import Counter
from uuid import UUID

from django.db.models import Count

from gongzhi.mechanisms.neighbourhoods.models import Building, Household, Registered
from gongzhi.mechanisms.neighbourhoods.registers.residents import (
    NotRegistered,
    of_household,
    scope_of,
    served,
)
from gongzhi.mechanisms.neighbourhoods.registers.residents_sealed import Person, opened
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within


def sees_masked(by: Holder, of: Building) -> bool:
    """The building's own team; all others see how many."""
    return by.unit_kind == TEAM and of.team == by.unit


def people_in(of: Building, by: Holder) -> dict[UUID, list[Person]]:
    """By household, for the team: to be shown masked."""
    found: dict[UUID, list[Person]] = {}
    with within(scope_of(by)):
        rows = Registered.objects.filter(building=of, erased_at=None).select_related("purpose")
        for row in rows.order_by("registered_at", "id"):
            found.setdefault(row.household_id, []).append(opened(row))
    return found


def numbers_in(of: Building, by: Holder) -> Counter[UUID]:
    """How many registrations each household of a building has."""
    with within(scope_of(by)):
        rows = Registered.objects.filter(building=of, erased_at=None).values_list("household")
        return Counter(dict(rows.annotate(Count("id"))))


def rows_at(household: UUID, by: Holder) -> list[Registered]:
    """Of one household, sealed as they are."""
    with within(scope_of(by)):
        return of_household(household)


def people_at(of: Household, by: Holder) -> list[Person]:
    """Of one household, for the team: to be shown masked."""
    return [opened(row) for row in rows_at(of.id, by)] if sees_masked(by, of.building) else []


def row_for(by: Holder, id_: UUID) -> Registered:
    """One that this post may change for the resident; what it says is not read.

    Raises NotRegistered.
    """
    with within(scope_of(by)):
        found = Registered.objects.filter(id=id_, erased_at=None).select_related("purpose")
        row = found.first()
    if row is None or served(by, row.building_id) is None:
        raise NotRegistered
    return row
