"""What a firm's own head asks to have changed 变更申请, and what the register's keepers say."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Enterprise, Proposal, Site
from gongzhi.mechanisms.safety.registers import contacts, enterprises, sites
from gongzhi.people.posts import Holder

HEAD = "enterprise_head"


def may_propose(by: Holder, of: Enterprise) -> bool:
    """The head of the firm, of the own firm alone."""
    return by.kind == HEAD and of.unit is not None and by.unit == of.unit


def _must_propose(by: Holder, of: Enterprise) -> None:
    """Raises Refused."""
    if not may_propose(by, of):
        raise Refused(_("只有本企业的主要负责人可以申请变更。"))


def of_site(
    site: Site, facts: Iterable[str], note: str = "", *, by: Holder, now: datetime
) -> Proposal:
    """Raises Refused."""
    _must_propose(by, site.enterprise)
    if sorted(facts) == sorted(site.facts):
        raise Refused(_("和现在登记的一样，不用申请。"), field="facts")
    return Proposal.objects.create(
        enterprise=site.enterprise, site=site, facts=sorted(facts), note=note, at=now,
        account=by.account, post=by.post,
    )  # fmt: skip


def of_contact(
    of: Enterprise, duty: str, name: str, phone: str, note: str = "", *, by: Holder, now: datetime
) -> Proposal:
    """Raises Refused."""
    _must_propose(by, of)
    row = Proposal(enterprise=of, duty=duty, note=note, at=now, account=by.account, post=by.post)
    for field, body in contacts.sealed(row.id, name, phone).items():
        setattr(row, field, body)
    row.save()
    return row


def waiting(place: str) -> QuerySet[Proposal]:
    """To be decided in a place, the oldest first."""
    found = Proposal.objects.filter(taken=None, enterprise__place__startswith=place)
    return found.select_related("enterprise", "site__enterprise").order_by("at")


def of_firm(of: Enterprise) -> QuerySet[Proposal]:
    """What was asked and decided, the latest first."""
    return of.proposals.select_related("site__enterprise").order_by("-at")


def decide(row: Proposal, *, take: bool, why: str = "", by: Holder, now: datetime) -> None:
    """Taken, it changes the register as the keeper's act; refused, it says why. Raises Refused."""
    with transaction.atomic():
        locked = Proposal.objects.select_for_update().select_related("enterprise").get(id=row.id)
        enterprises.must_keep(by, locked.enterprise.place)
        if locked.taken is not None:
            raise Refused(_("这项申请已经有人处理了。"))
        if not take and not why:
            raise Refused(_("请写不同意的理由。"), field="why")
        if take:
            _carry_out(locked, by=by, now=now)
        Proposal.objects.filter(id=row.id).update(
            taken=take, decided_at=now, decided_by=by.post, why=why[:200], **contacts.ERASED
        )


def _carry_out(row: Proposal, *, by: Holder, now: datetime) -> None:
    if row.site_id is None:
        person = contacts.opened(row)
        contacts.put(row.enterprise, row.duty, person.name, person.phone, by=by, now=now)
        return
    site = sites.site(row.site_id)
    if site is None or site.enterprise_id != row.enterprise_id:
        raise Refused(_("这个场所已经停用。"))
    sites.change(site, {"facts": row.facts}, by=by, now=now)
