"""Who audits, who reads an audit, and who is kept out: nobody audits where they belong."""

from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Audit, Enterprise
from gongzhi.mechanisms.safety.registers.enterprises import OVERSEERS
from gongzhi.mechanisms.safety.roles import ENTERPRISE, OFFICIALS, OWN
from gongzhi.people.models import Post, Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder

READERS: Final = (*OFFICIALS, "administrator")
WORKERS: Final = (*OFFICIALS, "expert")
BELONGS = _("您在被审计的单位（或者它的下属单位）任职，不能参与对它的审计。")


def lines(by: Holder) -> set[UUID]:
    """All units in which this person has a post, and those above them."""
    posts = Post.objects.filter(id__in=[by.post, *by.also]).values_list("unit", flat=True)
    found: set[UUID] = set()
    above = {by.unit, *posts}
    while above - found:
        found |= above
        units = Unit.objects.filter(id__in=above, parent__isnull=False)
        above = {u for u in units.values_list("parent", flat=True) if u is not None}
    return found


def belongs(by: Holder, unit: UUID | None) -> bool:
    """Whether this person works in that unit, or in one below it, from whatever post they ask."""
    return unit is not None and unit in lines(by)


def audited(of: Audit) -> UUID | None:
    """The unit that is audited; a firm may have none here."""
    return of.enterprise.unit if of.enterprise else of.unit


def stands_over(by: Holder) -> bool:
    """An official of a county or above, who sees what lies below."""
    return (
        by.level <= Level.COUNTY
        and by.sees_place
        and by.unit_kind != ENTERPRISE
        and by.kind in OFFICIALS
    )


def may_open(by: Holder, of: Enterprise | Unit) -> Literal[True] | No:
    """Whether this post may audit the firm or the department."""
    if not stands_over(by):
        return No(_("审计由县级以上的监管人员、承办人、受理专员或分管领导发起。"))
    if belongs(by, of.unit if isinstance(of, Enterprise) else of.id):
        return No(BELONGS)
    if not of.place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def departments(by: Holder) -> QuerySet[Unit]:
    """Whom this post may audit: supervising departments of its place, and below."""
    found = Unit.objects.filter(kind__in=OVERSEERS, valid_to=None, place__startswith=by.place)
    return found.exclude(id__in=lines(by)).order_by("place", "name")


def works(by: Holder, of: Audit) -> bool:
    """Whether this post is of the unit that audits, and not of what is audited."""
    staff = by.unit == of.by_unit and by.kind in WORKERS
    return staff and not belongs(by, audited(of))


def _seen(by: Holder) -> Q:
    """Audits of the own unit; issued ones of the own place, or of oneself; those under way, from
    the county up, and never by who belongs to what is audited."""
    mine = lines(by)
    kept_out = Q(unit__in=mine) | Q(enterprise__unit__in=mine)
    here = Q(place__startswith=by.place) if by.kind in READERS else Q(pk__in=[])
    under_way = Q(by_unit=by.unit) | (here if stands_over(by) else Q(pk__in=[]))
    issued = Q(issued_at__isnull=False) & (here | Q(unit=by.unit) | Q(by_unit=by.unit))
    return issued | (Q(issued_at__isnull=True) & under_way & ~kept_out)


def seen(by: Holder) -> QuerySet[Audit]:
    """What this post reads; a firm reads its own, once issued."""
    found = Audit.objects.select_related("enterprise")
    if by.unit_kind == ENTERPRISE or by.kind in OWN:
        return found.filter(issued_at__isnull=False, enterprise__unit=by.unit)
    return found.filter(_seen(by))


def audit_seen(by: Holder, id_: UUID) -> Audit | None:
    return seen(by).filter(id=id_).first()


def open_papers(by: Holder) -> Q:
    """Which inspections this post may be shown: what an audit saw stays with the audit until its
    report is issued."""
    readable: Any = seen(by).values("id")
    return Q(audit__isnull=True) | Q(audit__in=readable)


def may_state(by: Holder, of: Audit) -> bool:
    """Whether this post may say what the audited think of the report: its head, once."""
    heads = ("enterprise_head",) if of.enterprise else ("leader",)
    own = audited(of) == by.unit and by.kind in heads
    return own and of.issued_at is not None and of.stated_at is None
