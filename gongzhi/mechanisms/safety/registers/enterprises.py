"""The register of firms 企业台账: which there are, who reads them, who adds, changes and ends them.

Rows keep their id for life, since codes at gates and cases point to it: what changes is changed in
place, with each fact before and after beside it; what is over has a last day.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Check, Contact, Enterprise, Site
from gongzhi.mechanisms.safety.registers import changes, contacts, firm_units, likeness
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.mechanisms.safety.roles import ENTERPRISE, FINDERS, OWN
from gongzhi.people.models import Unit
from gongzhi.people.permissions import SETTERS, No
from gongzhi.people.posts import Holder, units_at
from gongzhi.places.levels import ancestors

OFFICES: Final = ("emergency", "governance_centre")
OFFICE: Final = ("safety_inspector", "handler", "clerk", "leader", "administrator")
READERS: Final = (*(kind for kind in FINDERS if kind not in OWN), "grid_head", "administrator")
# Who may answer for a firm's safety: by industry it is another department.
OVERSEERS: Final = (
    "emergency", "fire", "transport", "urban", "agriculture", "water", "resources", "ecology",
    "health", "department", "governance_centre", "government",
)  # fmt: skip
# What may be changed of a firm; its code is what it is.
FACTS: Final = ("name", "name_en", "place", "industry", "size", "employees", "overseer")


def reads(by: Holder, place: str) -> bool:
    """Staff who find hazards there, and whoever sets things there; a firm has pages of its own."""
    return by.unit_kind != ENTERPRISE and by.kind in READERS and place.startswith(by.place)


def keeps(by: Holder, place: str) -> Literal[True] | No:
    """Safety offices and governance centres, leaders and administrators who stand over it."""
    office = by.unit_kind in OFFICES and by.kind in OFFICE
    if not (office or (by.kind in SETTERS and by.sees_place and by.unit_kind != ENTERPRISE)):
        return No(_("企业台账由应急管理部门、综治中心，以及当地的领导、管理员维护。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def must_keep(by: Holder, place: str) -> None:
    """Raises Refused."""
    allowed = keeps(by, place)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def of_unit(by: Holder) -> Enterprise | None:
    """The firm in whose own unit this post is."""
    if by.unit_kind != ENTERPRISE:
        return None
    return Enterprise.objects.filter(current(), unit=by.unit).first()


def firm(id_: UUID) -> Enterprise | None:
    """One that is not over, whoever asks."""
    return Enterprise.objects.filter(current(), id=id_).first()


def overseers(place: str) -> list[Unit]:
    """The authorities that may answer for a firm in this place, the nearest first."""
    return units_at([place, *ancestors(place)], OVERSEERS)


def _save(row: Enterprise) -> None:
    """Raises Refused."""
    row.alike = likeness.of_name(row.name, likeness.Regions().of(row.place))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("这个统一社会信用代码已经登记。"), field="code") from None


def add(row: Enterprise, *, by: Holder, now: datetime) -> None:
    """A new firm, from today on. Raises Refused."""
    must_keep(by, row.place)
    row.valid_from = timezone.localdate(now)
    with transaction.atomic():
        _save(row)
        facts = changes.given(row, ("code", *FACTS))
        changes.note(row, row.id, row.name, facts, by=by, now=now)


def change(row: Enterprise, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> bool:
    """Whether anything was different. Raises Refused."""
    must_keep(by, row.place)
    changed = changes.differing(row, {n: facts[n] for n in FACTS if n in facts})
    if not changed:
        return False
    must_keep(by, row.place)  # it may not be given away to another place
    with transaction.atomic():
        _save(row)
        if {"name", "name_en", "place"} & changed.keys():
            firm_units.follow(row)
        changes.note(row, row.id, row.name, changed, by=by, now=now)
    return True


def end(row: Enterprise, *, by: Holder, now: datetime) -> None:
    """Its last day was yesterday: sites, contacts and its own unit end with it. Raises Refused."""
    must_keep(by, row.place)
    today = timezone.localdate(now)
    with transaction.atomic():
        Enterprise.objects.filter(id=row.id).update(valid_to=today)
        Check.objects.filter(site__enterprise=row, done_at=None).delete()
        Site.objects.filter(enterprise=row, valid_to=None).update(valid_to=today)
        Contact.objects.filter(enterprise=row, held_to=None).update(
            held_to=today, **contacts.ERASED
        )
        firm_units.end(row, now=now)
        changes.note(row, row.id, row.name, {"valid_to": [None, str(today)]}, by=by, now=now)
