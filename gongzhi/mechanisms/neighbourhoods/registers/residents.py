"""Registering residents 居民登记: by themselves or by the chief at the door, corrected, withdrawn.

Nothing is stored that the purpose does not declare, and nothing sensitive without its own consent.
Whoever has looked, or has changed something for a resident, is entered for the resident to see.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import NotFound, Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Household,
    Looked,
    Purpose,
    Registered,
)
from gongzhi.mechanisms.neighbourhoods.registers import answers, buildings, purposes
from gongzhi.mechanisms.neighbourhoods.registers.residents_counted import count, figures
from gongzhi.mechanisms.neighbourhoods.registers.residents_sealed import (
    EMPTIED,
    Person,
    opened,
    sealed,
)
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within

MOST: Final = 30  # registrations of one household
DID: Final = {
    "look": _("查看"), "correct": _("代为更正"), "withdraw": _("代为撤回同意"),
    "erase": _("代为删除"),
}  # fmt: skip
By = Holder | Resident


class NotRegistered(NotFound):
    """没有这条登记，或者您无权查看。"""


@dataclass(frozen=True, slots=True)
class Told:
    """What was filled in, and which sensitive fields were agreed to."""

    said: Mapping[str, Any]
    agreed: Iterable[str] = ()


def scope_of(by: By) -> Scope:
    """A chief's is the own team alone, wherever else the post may look."""
    if isinstance(by, Holder) and by.unit_kind == TEAM:
        return Scope(units=(by.unit,), ids=by.ids)
    return by.scope


def served(by: Holder, id_: UUID) -> Building | None:
    """A building whose residents this post may register and, with a reason, look up."""
    found = buildings.building_for(by, id_)
    if found is None or by.unit_kind == TEAM or buildings.keeps(by, found.community):
        return found
    return None


def _kept(
    purpose: Purpose, told: Told, now: datetime, before: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that may be stored, and when each sensitive one was agreed to."""
    asked = answers.of(purpose.fields)
    apart = {kind.name for kind in asked if kind.apart or kind.name in purpose.sensitive}
    open_to = {kind.name for kind in asked} - (apart - set(told.agreed))
    said = {n: v for n, v in told.said.items() if n in open_to and v not in (None, "", [])}
    return said, {n: before.get(n, now.isoformat()) for n in said if n in apart}


def _checked(purpose: Purpose, household: Household, by: By, now: datetime) -> None:
    """Raises Refused."""
    on = timezone.localdate(now)
    moved = household.until is not None and household.until <= on
    if moved or not purposes.offered(household.community, on).filter(id=purpose.id).exists():
        raise Refused(_("这项登记已经结束。"))
    if isinstance(by, Holder) and served(by, household.building_id) is None:
        raise NotRegistered
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registered_at_v1(%s)", [household.key])
        if cursor.fetchone()[0] >= MOST:
            raise Refused(_("这一户登记的人数已满，请联系楼长。"))


def register(
    purpose: Purpose, household: Household, told: Told, *, id_: UUID, now: datetime, by: By
) -> tuple[Registered, bool]:
    """The registration and whether it is new: whoever asks makes its id, so that it is made once.

    Raises Refused.
    """
    with within(scope_of(by)):
        before = Registered.objects.filter(id=id_).first()
    if before is not None:
        return before, False
    _checked(purpose, household, by, now)
    said, agreed = _kept(purpose, told, now, {})
    facts = {
        "household": household, "building": household.building, "place": household.community,
        "team": household.building.team, "purpose": purpose, "key": buildings.new_key(),
        "by_post": by.post if isinstance(by, Holder) else None, "registered_at": now,
        "expires_on": purposes.kept_until(purpose, timezone.localdate(now)),
        **sealed(id_, said, agreed),
    }  # fmt: skip
    with within(scope_of(by)):
        row, new = Registered.objects.get_or_create(id=id_, defaults=facts)
        if new:
            count(figures(row, said))
    return row, new


def _locked(id_: UUID, by: By) -> Person:
    """One that is not erased, within the scope. Raises NotRegistered."""
    found = Registered.objects.select_for_update(of=("self",)).select_related("purpose")
    row = found.filter(id=id_, erased_at=None).first()
    if row is None or (isinstance(by, Holder) and served(by, row.building_id) is None):
        raise NotRegistered
    return opened(row)


def _entered(did: str, rows: Iterable[UUID], reason: str, now: datetime, by: By) -> None:
    """For the resident to see; what they do themselves is not entered."""
    if isinstance(by, Holder):
        said = mask_text(reason)[:200]
        Looked.objects.bulk_create(
            Looked(registered=id_, did=did, account=by.account, post=by.post, at=now, reason=said)
            for id_ in rows
        )


def _change(
    person: Person, said: Mapping[str, Any], agreed: Mapping[str, str], now: datetime
) -> None:
    row = person.row
    before, after = figures(row, person.said), figures(row, said)
    columns = sealed(row.id, said, agreed)
    for name, body in columns.items():
        setattr(row, name, body)
    row.corrected_at = now
    row.save(update_fields=[*columns, "corrected_at"])
    after.subtract(before)
    count(after)


def correct(id_: UUID, told: Told, *, now: datetime, by: By) -> Registered:
    """A resident says all anew; staff, who do not see what stands there, only what is different.

    Raises NotRegistered.
    """
    with within(scope_of(by)):
        person = _locked(id_, by)
        said, agreed = _kept(person.row.purpose, told, now, person.agreed)
        if isinstance(by, Holder):
            said, agreed = {**person.said, **said}, {**person.agreed, **agreed}
        _change(person, said, agreed, now)
        _entered("correct", [id_], "", now, by)
    return person.row


def withdraw(id_: UUID, name: str, *, now: datetime, by: By) -> Registered:
    """Consent to one sensitive field: what was told of it goes at once, all else stays.

    Raises NotRegistered.
    """
    with within(scope_of(by)):
        person = _locked(id_, by)
        if name not in person.agreed:
            raise NotRegistered
        said = {n: v for n, v in person.said.items() if n != name}
        agreed = {n: at for n, at in person.agreed.items() if n != name}
        _change(person, said, agreed, now)
        _entered("withdraw", [id_], "", now, by)
    return person.row


def erase(id_: UUID, *, now: datetime, by: By) -> Registered:
    """Because the resident asked for it; at once and for good. Raises NotRegistered."""
    with within(scope_of(by)):
        person = _locked(id_, by)
        row = person.row
        _entered("erase", [id_], "", now, by)
        for name in (*EMPTIED, "key"):
            setattr(row, name, None)
        row.erased_at, row.erased_why = now, "asked"
        row.save(update_fields=[*EMPTIED, "key", "erased_at", "erased_why"])
        count(Counter({figure: -n for figure, n in figures(row, person.said).items()}))
    return row


def look(household: UUID, reason: str, *, now: datetime, by: Holder) -> list[Person]:
    """All of one household unmasked, once, entered for each with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(_("请写明为什么要看，居民本人会看到。"), field="reason")
    with within(scope_of(by)):
        rows = of_household(household)
        if not rows or served(by, rows[0].building_id) is None:
            raise NotRegistered
        _entered("look", [row.id for row in rows], reason.strip(), now, by)
        return [opened(row) for row in rows]


def of_household(id_: UUID) -> list[Registered]:
    """Within the scope of the transaction."""
    found = Registered.objects.filter(household=id_, erased_at=None).select_related("purpose")
    return list(found.order_by("registered_at", "id"))


def own(key: str) -> Person:
    """Whoever comes with their own key. Raises NotRegistered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registered_v1(%s)", [key])
        (id_,) = cursor.fetchone()
    if id_ is None:
        raise NotRegistered
    return _opened_for(id_)


def _opened_for(id_: UUID) -> Person:
    with within(Scope(case=id_)):
        found = Registered.objects.select_related("purpose", "household__dwelling", "building")
        row = found.filter(id=id_, erased_at=None).first()
    if row is None:
        raise NotRegistered
    return opened(row)


def found(household: Household, name: str, phone: str) -> list[Person]:
    """Of a household whose link one has: registrations of whoever knows the name and phone there.

    So a resident finds the own page again, and nobody learns who else is registered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registered_at_v1(%s)", [household.key])
        ids = [id_ for (id_,) in cursor.fetchall()]
    people = [_opened_for(id_) for id_ in ids]
    return [person for person in people if person.is_called(name, phone)]


def looks(of: Registered) -> list[Looked]:
    """Who looked at this registration or changed it, the latest first."""
    with within(Scope(case=of.id)):
        return list(Looked.objects.filter(registered=of.id).order_by("-at", "-id"))
