"""Who holds which post where, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from gongzhi.declare import Level
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.scope import Scope
from gongzhi.places.levels import level_of


class NotYourPost(PermissionError):
    """您目前不担任此岗位，请重新选择岗位。"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person acting in one of their posts: who is asked for at every act.

    `also`: their other posts and the units of these. Whoever works where a complaint is about does
    not read it from another post either.
    """

    account: UUID
    post: UUID
    unit: UUID
    kind: str
    unit_kind: str
    place: str
    sees_place: bool
    name: str
    title: str
    title_en: str
    unit_name: str
    unit_name_en: str = ""
    deputy: bool = False
    also: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """All by which a complaint may be about them."""
        return (self.account, self.post, self.unit, *self.also)

    @property
    def level(self) -> Level:
        return level_of(self.place)

    @property
    def scope(self) -> Scope:
        return Scope(
            place=self.place if self.sees_place else None,
            units=(self.unit,),
            ids=self.ids,
        )


@dataclass(frozen=True, slots=True)
class Resident:
    """A member of the public 群众: with a case once number and phone were right, else without.

    `tail` is the blind index of the phone's last digits, which the database asks for again.
    """

    case: UUID | None = None
    tail: bytes = b""

    @property
    def scope(self) -> Scope:
        return Scope(case=self.case)


@dataclass(frozen=True, slots=True)
class Timer:
    """The clock itself; acts only through the sweep."""

    @property
    def scope(self) -> Scope:
        return Scope()


def current(at: datetime) -> Q:
    """Appointments that hold at this instant."""
    return Q(held_from__lte=at) & (Q(held_to__isnull=True) | Q(held_to__gt=at))


def _holder(a: Appointment) -> Holder:
    post, unit = a.post, a.post.unit
    return Holder(
        account=a.account_id,
        post=post.id,
        unit=unit.id,
        kind=post.kind,
        unit_kind=unit.kind,
        place=post.place,
        sees_place=post.sees_place,
        name=a.account.name,
        title=post.title,
        title_en=post.title_en,
        unit_name=unit.name,
        unit_name_en=unit.name_en,
        deputy=a.deputy,
    )


def _appointments(at: datetime) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(current(at))
        .filter(Q(post__valid_to__isnull=True) | Q(post__valid_to__gt=at))
        .select_related("post__unit", "account")
    )


def posts_of(account: UUID, *, at: datetime) -> list[Holder]:
    """All posts a person may choose to act in, own ones before deputised ones."""
    found = _appointments(at).filter(account=account, account__is_active=True)
    return [_holder(a) for a in found.order_by("deputy", "held_from", "post")]


# Asked at every request of staff: written out, since composing it anew would take longer than it.
_HOLDER = """
    SELECT a.account_id, p.id, u.id, p.kind, u.kind, p.place, p.sees_place, w.name, p.title,
        p.title_en, u.name, u.name_en, a.deputy, ARRAY(
            SELECT unnest(ARRAY[q.id, q.unit_id])
            FROM people_appointment b JOIN people_post q ON q.id = b.post_id
            WHERE b.account_id = a.account_id AND q.id <> p.id
              AND b.held_from <= %(at)s AND (b.held_to IS NULL OR b.held_to > %(at)s))
    FROM people_appointment a
    JOIN people_post p ON p.id = a.post_id
    JOIN people_unit u ON u.id = p.unit_id
    JOIN people_account w ON w.id = a.account_id
    WHERE a.account_id = %(account)s AND a.post_id = %(post)s AND w.is_active
      AND a.held_from <= %(at)s AND (a.held_to IS NULL OR a.held_to > %(at)s)
      AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
    ORDER BY a.deputy, a.held_from LIMIT 1
"""


def as_holder(account: UUID, post: UUID, *, at: datetime) -> Holder:
    """This person in this post. Raises NotYourPost."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, {"account": account, "post": post, "at": at})
        found = cursor.fetchone()
    if found is None:
        raise NotYourPost
    return replace(Holder(*found[:-1]), also=tuple(found[-1]))


def holders_in(
    units: Iterable[UUID], *, at: datetime, kinds: Iterable[str] | None = None
) -> list[Holder]:
    """Who holds posts in these units now; for choosing a mediator, for notices."""
    found = _appointments(at).filter(post__unit__in=list(units))
    if kinds is not None:
        found = found.filter(post__kind__in=list(kinds))
    return [
        _holder(a) for a in found.order_by("deputy", "post__title", "post", "held_from", "account")
    ]


def units_at(places: Iterable[str], kinds: Iterable[str]) -> list[Unit]:
    """Units of these kinds that sit exactly at these places."""
    return list(
        Unit.objects.filter(place__in=list(places), kind__in=list(kinds), valid_to=None).order_by(
            "-place", "kind", "name"
        )
    )


def hand_over(post: Post, to: Account, *, at: datetime) -> Appointment:
    """End the present appointment and begin the next at the same instant: no gap, no overlap.

    The post's cases stay with the post. `cases.hand_over` calls this and enters it in each ledger.
    """
    with transaction.atomic():
        Appointment.objects.filter(post=post, deputy=False, held_to=None).update(held_to=at)
        return Appointment.objects.create(post=post, account=to, held_from=at)


def deputise(post: Post, to: Account, *, from_: datetime, until: datetime) -> Appointment:
    """A deputy 代理 who may act in the post for a time, beside its holder."""
    return Appointment.objects.create(
        post=post, account=to, deputy=True, held_from=from_, held_to=until
    )
