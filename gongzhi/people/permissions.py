"""Who may do what: answered from the declaration, with a reason when the answer is no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Act, Level, Role, Tie
from gongzhi.people.posts import Holder, Resident, Timer
from gongzhi.places.levels import level_of

SETTERS = ("leader", "administrator")
Actor = Holder | Resident | Timer


class Matter(Protocol):
    """What of a case decides who may act on it."""

    @property
    def id(self) -> UUID: ...
    @property
    def place(self) -> str: ...
    @property
    def unit(self) -> UUID: ...
    @property
    def post(self) -> UUID | None: ...
    @property
    def units(self) -> Sequence[UUID]: ...
    @property
    def hidden(self) -> Sequence[UUID]: ...
    @property
    def holder_place(self) -> str: ...
    @property
    def parent_unit(self) -> UUID | None: ...
    @property
    def last(self) -> Mapping[str, str | None]: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class No:
    """A refusal with its reason; false in a condition."""

    reason: str | Promise

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Yes:
    """True in a condition; says in which role."""

    role: Role

    def __bool__(self) -> bool:
        return True


def _fits(role: Role, by: Holder) -> bool:
    return (not role.kinds or by.kind in role.kinds) and by.level in role.at


def stands_above(by: Holder, case: Matter) -> bool:
    """At a higher level, or in the unit right above: a county's centre stands over its studios."""
    return (
        by.sees_place
        and case.place.startswith(by.place)
        and (by.level < level_of(case.holder_place) or by.unit == case.parent_unit)
        and by.unit != case.unit
    )


def _tied(role: Role, by: Actor, case: Matter) -> bool:
    """Whether the role's tie to the case holds for this actor."""
    if isinstance(by, Timer):
        return role.tie is Tie.TIMER
    if isinstance(by, Resident):
        return role.tie is Tie.PARTY and by.case == case.id
    ties = {
        Tie.HOLDS: by.unit == case.unit,
        Tie.ASSIGNED: by.post == case.post,
        Tie.JOINED: by.unit in case.units and by.unit != case.unit,
        Tie.ABOVE: stands_above(by, case),
        Tie.CHARGE: case.facts.get("leader_in_charge") == str(by.post),
        Tie.PLACE: case.place.startswith(by.place),
    }
    return ties.get(role.tie, False) and _fits(role, by)


def may(by: Actor, act: Act, case: Matter) -> Yes | No:
    """Whether this actor may do this act on this case, whatever its state."""
    if isinstance(by, Holder):
        if {*by.ids} & set(case.hidden):
            return No(_("您不能办理此案。"))
        other = act.by_other_than
        if other is not None and case.last.get(other.name) == str(by.account):
            return No(_("此步须由他人办理：谁处置，谁不得核验。"))
    for role in act.roles:
        if _tied(role, by, case):
            return Yes(role)
    return No(_("您的岗位不办理这一步。"))


def may_set(by: Holder, level: Level, place: str | None = None) -> bool:
    """Whether this post sets what holds from now on: leaders and administrators, up to a level.

    Of a place, only whoever stands over it; without one, what holds for the whole city.
    """
    rank = by.kind in SETTERS and by.level <= level and by.sees_place
    return rank and (place is None or place.startswith(by.place))


def may_begin(by: Actor, act: Act, place: str) -> Yes | No:
    """Whether this actor may begin a case at this place."""
    for role in act.roles:
        if isinstance(by, Resident) and role.tie is Tie.ANYONE:
            return Yes(role)
        if (
            isinstance(by, Holder)
            and role.tie is Tie.PLACE
            and place.startswith(by.place)
            and _fits(role, by)
        ):
            return Yes(role)
    return No(_("您的岗位不能在此地登记此类案件。"))
