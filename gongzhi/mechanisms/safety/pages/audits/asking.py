"""What pages of audits are asked for; 404 where it is not theirs to see or to work on."""

from uuid import UUID

from django.http import Http404

from gongzhi.mechanisms.safety.models import Audit, Finding, Framed
from gongzhi.mechanisms.safety.registers import audit_rights
from gongzhi.people.posts import Holder


def audit_read(by: Holder, id_: UUID) -> Audit:
    found = audit_rights.audit_seen(by, id_)
    if found is None:
        raise Http404
    return found


def audit_worked(by: Holder, id_: UUID) -> Audit:
    """For who audits."""
    found = audit_read(by, id_)
    if not audit_rights.works(by, found):
        raise Http404
    return found


def finding_worked(by: Holder, id_: UUID) -> Finding:
    found = Finding.objects.filter(id=id_).select_related("audit").first()
    if found is None:
        raise Http404
    audit_worked(by, found.audit_id)
    return found


def drawn_site(of: Audit, site: UUID) -> Framed:
    """A site of the sample."""
    rows = of.frame.filter(site=site, turn__isnull=False).select_related("site__enterprise")
    found = rows.first()
    if found is None:
        raise Http404
    return found
