"""What an audit found 审计发现, and what is to follow: what, by whom, until when, and what came."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from gongzhi.mechanisms.safety.models import Audit, Finding
from gongzhi.mechanisms.safety.registers import audit_figures
from gongzhi.people.posts import Holder

KINDS: Final[Mapping[str, Any]] = {
    "item": _("检查项不符合"), "passed_over": _("检查时放过"), "overdue": _("检查没有按时做"),
    "late": _("整改超期"), "other": _("其他"),
}  # fmt: skip
USUAL: Final = timedelta(days=30)  # as a mere order, which the kernel counts


def gather(of: Audit, *, by: Holder, now: datetime) -> None:
    """Every item that was not met, and what the figures say of how work was done."""
    found = audit_figures.of_audit(of, by=by)
    known = set(of.findings.filter(kind="item").values_list("site", "code"))
    items = [x for x in found.lines if x.seen == "not_met" and (UUID(x.site), x.code) not in known]
    with override(settings.CONFIG.language):
        measure = gettext("隐患按案件整改、复查，到期核对是否销号。")
    whose, due = _usual(of), timezone.localdate(now) + USUAL
    Finding.objects.bulk_create(
        Finding(audit=of, kind="item", site_id=UUID(x.site), code=x.code, number=x.number,
                measure=measure, whose=whose, due=due)
        for x in items
    )  # fmt: skip
    same = audit_figures.compared(found.lines, audit_figures.what_of(of))
    counted = {"passed_over": (same.passed_over, same.hazards)}
    for name, kind in (("checks", "overdue"), ("rectified", "late")):
        over, under = found.counts[name]
        counted[kind] = under - over, under
    for kind, (n, all_) in counted.items():
        rows = of.findings.filter(kind=kind)
        if not n:
            rows.delete()
        elif not rows.update(n=n, of=all_):
            Finding.objects.create(audit=of, kind=kind, n=n, of=all_, whose=whose)


def _usual(of: Audit) -> UUID:
    """Who sees to it unless somebody else is named: the department that is audited, or that
    oversees the firm; else who audits."""
    firm = of.enterprise
    return (firm.overseer if firm else of.unit) or of.by_unit


def follow(row: Finding, measure: str, whose: UUID, due: date) -> None:
    """Who may is asked by whoever calls."""
    row.measure, row.whose, row.due = measure, whose, due
    row.save(update_fields=["measure", "whose", "due"])


def add(of: Audit, said: str, measure: str, whose: UUID, due: date) -> Finding:
    """One about how work was done, in the auditors' words; who may is asked by whoever calls."""
    return Finding.objects.create(
        audit=of, kind="other", said=said, measure=measure, whose=whose, due=due
    )


def done(row: Finding, said: str, on: date) -> None:
    """What became of it; who may is asked by whoever calls."""
    row.done, row.done_on = said, on
    row.save(update_fields=["done", "done_on"])
