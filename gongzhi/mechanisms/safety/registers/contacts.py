"""Who answers for safety at a firm 安全责任人: sealed, masked, shown for a reason, erased after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gongzhi.mechanisms.safety.models import Contact, Enterprise, Looked, Proposal
from gongzhi.mechanisms.safety.registers import changes
from gongzhi.mechanisms.safety.registers.kinds import DUTIES
from gongzhi.people.masking import mask_name, mask_phone
from gongzhi.people.posts import Holder
from gongzhi.people.sealing import needs_rotation, normalise, reseal, seal, unseal

FIELDS: Final = ("name", "phone")
ERASED: Final = dict.fromkeys(FIELDS)
SEALED: Final = "***"  # what the history says of a name


def about(id_: UUID, field: str) -> str:
    return f"contact/{id_}/{field}"


def sealed(id_: UUID, name: str, phone: str) -> dict[str, bytes]:
    said = {"name": name, "phone": phone}
    return {field: seal(said[field], about=about(id_, field)) for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Person:
    """A contact in clear, to be shown masked unless it was said why not."""

    duty: str
    name: str
    phone: str

    @property
    def masked(self) -> "Person":
        return Person(self.duty, mask_name(self.name), mask_phone(self.phone))

    def same(self, name: str, phone: str) -> bool:
        """Whether this is who was written, in full or masked as exports are."""
        hidden = self.masked
        return name in {self.name, hidden.name} and (
            phone == hidden.phone or normalise("phone", phone) == normalise("phone", self.phone)
        )


def opened(row: Contact | Proposal) -> Person:
    """Of a row that is not erased. Raises SealBroken."""
    name, phone = (
        unseal(bytes(body), about=about(row.id, field)) if (body := getattr(row, field)) else ""
        for field in FIELDS
    )
    return Person(row.duty, name, phone)


def of_firms(rows: Iterable[UUID]) -> dict[UUID, list[Person]]:
    """By firm, in the order of duties."""
    found: dict[UUID, list[Person]] = {}
    order = list(DUTIES)
    kept = Contact.objects.filter(enterprise__in=list(rows), held_to=None)
    for row in sorted(kept, key=lambda c: order.index(c.duty)):
        found.setdefault(row.enterprise_id, []).append(opened(row))
    return found


def put(
    of: Enterprise, duty: str, name: str, phone: str, *, by: Holder, now: datetime
) -> bool:  # fmt: skip
    """Whether it is another person than before, who is erased then; who may is asked by whoever
    calls."""
    today = timezone.localdate(now)
    with transaction.atomic():
        before = Contact.objects.select_for_update().filter(
            enterprise=of, duty=duty, held_to=None
        ).first()  # fmt: skip
        if before and opened(before).same(name, phone):
            return False
        if before:
            Contact.objects.filter(id=before.id).update(held_to=today, **ERASED)
        row = Contact(enterprise=of, duty=duty, held_from=today)
        for field, body in sealed(row.id, name, phone).items():
            setattr(row, field, body)
        row.save()
        said = {duty: [SEALED if before else None, SEALED]}
        changes.note(of, row.id, of.name, said, by=by, now=now)
    return True


def end(of: Enterprise, duty: str, *, by: Holder, now: datetime) -> None:
    """Nobody has the duty from today on; name and phone are erased."""
    with transaction.atomic():
        ended = Contact.objects.filter(enterprise=of, duty=duty, held_to=None)
        for id_ in list(ended.values_list("id", flat=True)):
            changes.note(of, id_, of.name, {duty: [SEALED, None]}, by=by, now=now)
        ended.update(held_to=timezone.localdate(now), **ERASED)


def look(of: Enterprise, reason: str, *, by: Holder, now: datetime) -> None:
    """It is noted before anything is shown."""
    Looked.objects.create(
        enterprise=of, account=by.account, post=by.post, at=now, reason=reason[:200]
    )


def rotate() -> int:
    """Reseal what an older key sealed. Returns how many."""
    changed = 0
    for table in (Contact, Proposal):
        kept = table._default_manager.using("owner")
        for row in kept.exclude(name=None).iterator(chunk_size=1_000):
            for field in FIELDS:
                body = getattr(row, field)
                if body is not None and needs_rotation(bytes(body)):
                    fresh = reseal(bytes(body), about=about(row.id, field))
                    # Only what still stands there: it may have been erased meanwhile.
                    changed += kept.filter(id=row.id, **{field: body}).update(**{field: fresh})
    return changed
