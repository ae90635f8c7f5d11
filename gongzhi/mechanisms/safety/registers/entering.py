"""Many firms, sites and contacts at once: for imports, demo and benchmark, in sets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Contact, Enterprise, RegisterChange, Site
from gongzhi.mechanisms.safety.registers import changes, contacts, likeness
from gongzhi.people.posts import Holder

AT_ONCE = 2_000


class NewFirm(NamedTuple):
    code: str
    name: str
    place: str
    industry: str
    size: str
    name_en: str = ""
    employees: int | None = None
    overseer: UUID | None = None


class NewSite(NamedTuple):
    """`firm` is the code of one that is entered with it or stands there already."""

    firm: str
    name: str
    place: str
    colour: str
    facts: Sequence[str] = ()
    address: str = ""
    name_en: str = ""
    longitude: float | None = None
    latitude: float | None = None


class NewContact(NamedTuple):
    """Likewise; the firm must not have a contact for this duty yet."""

    firm: str
    duty: str
    name: str
    phone: str


def once() -> None:
    """Two who enter at a time would not know of each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register of firms'))")


def enter_many(
    firms: Iterable[NewFirm],
    sites: Iterable[NewSite] = (),
    people: Iterable[NewContact] = (),
    *,
    by: Holder,
    now: datetime,
) -> dict[str, Enterprise]:
    """Enters them in one transaction, from plain rows; returns firms by code.

    Firms that stand there already under that code are used as they are. Whether `by` keeps these
    places, and whether codes, industries and facts are right, is asked by whoever calls. Raises
    Refused where a row names a firm that is not there.
    """
    today, regions = timezone.localdate(now), likeness.Regions()
    firms, sites, people = list(firms), list(sites), list(people)
    with transaction.atomic():
        once()
        codes = {f.code for f in firms} | {s.firm for s in sites} | {p.firm for p in people}
        known = {e.code: e for e in Enterprise.objects.filter(code__in=codes, valid_to=None)}
        new = {
            row.code: Enterprise(
                **row._asdict(), alike=likeness.of_name(row.name, regions.of(row.place)),
                valid_from=today,
            )
            for row in firms if row.code not in known
        }  # fmt: skip
        known |= new
        made = [_site(row, known, regions, today) for row in sites]
        held = [_contact(row, known, today) for row in people]
        Enterprise.objects.bulk_create(new.values(), batch_size=AT_ONCE)
        Site.objects.bulk_create(made, batch_size=AT_ONCE)
        Contact.objects.bulk_create(held, batch_size=AT_ONCE)
        lines = [
            changes.line(row, row.id, row.name,
                         {"code": [None, row.code], "name": [None, row.name]}, by=by, now=now)
            for row in new.values()
        ]  # fmt: skip
        lines += [
            changes.line(row.enterprise, row.id, row.name, {"name": [None, row.name]}, by=by,
                         now=now)
            for row in made
        ]  # fmt: skip
        lines += [
            changes.line(row.enterprise, row.id, row.enterprise.name,
                         {row.duty: [None, contacts.SEALED]}, by=by, now=now)
            for row in held
        ]  # fmt: skip
        RegisterChange.objects.bulk_create(lines, batch_size=AT_ONCE)
    return known


def _of(code: str, known: Mapping[str, Enterprise]) -> Enterprise:
    """Raises Refused."""
    if code not in known:
        raise Refused(_("没有统一社会信用代码是“%(code)s”的企业。") % {"code": code})
    return known[code]


def _site(
    row: NewSite, known: Mapping[str, Enterprise], regions: likeness.Regions, today: date
) -> Site:
    facts = row._asdict()
    of = _of(facts.pop("firm"), known)
    spot = likeness.of_address(row.address, regions.of(row.place))
    return Site(**facts | {"facts": sorted(row.facts)}, enterprise=of, spot=spot, valid_from=today)


def _contact(row: NewContact, known: Mapping[str, Enterprise], today: date) -> Contact:
    made = Contact(enterprise=_of(row.firm, known), duty=row.duty, held_from=today)
    for field, body in contacts.sealed(made.id, row.name, row.phone).items():
        setattr(made, field, body)
    return made
