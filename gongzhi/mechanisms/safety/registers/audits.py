"""Audits 安全审计 from the opening to the report: the frame is frozen, the sample drawn once.

Who draws the report up does not issue it; what is issued is never changed, only answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import (
    Audit,
    AuditStep,
    Check,
    Enterprise,
    Framed,
    Inspection,
    Site,
)
from gongzhi.mechanisms.safety.registers import audit_drawing, audit_figures, audit_findings
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.mechanisms.safety.registers.audit_rights import (
    BELONGS,
    audited,
    belongs,
    may_open,
    may_state,
    works,
)
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.models import Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder

LARGEST: Final = 60  # of a sample: more is no audit but a campaign
OUTSIDE: Final = ("grid", "department", "cross", "audit")  # who looks, besides the firm itself
STEPS: Final = {
    "opened": _("发起审计，抽取样本"), "paper": _("登记工作底稿"), "not_seen": _("说明未能检查"),
    "gathered": _("汇总审计发现"), "follow": _("定后续措施"), "done": _("登记后续结果"),
    "drawn_up": _("拟出报告，送签发"), "returned": _("退回补充"), "issued": _("签发报告"),
    "stated": _("陈述申辩"), "withdrawn": _("撤销审计"),
}  # fmt: skip
WHY: Final = {
    "own": _("企业的场所"), "overseer": _("企业由它监管"), "checked": _("期内由它检查过"),
    "due": _("期内该由它检查"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit is to be of."""

    of: Enterprise | Unit
    since: date
    until: date
    purpose: str
    size: int


def note(of: Audit, what: str, *, by: Holder, now: datetime, said: str = "") -> None:
    AuditStep.objects.create(
        audit=of, what=what, at=now, account=by.account, post=by.post, note=said
    )


def open_(asked: Asked, *, by: Holder, now: datetime) -> Audit:
    """The frame is kept as it is now, the seed comes from the system, and the sample stands.

    Raises Refused.
    """
    allowed = may_open(by, asked.of)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)
    today = timezone.localdate(now)
    if not asked.since <= asked.until <= today:
        raise Refused(_("期间从前到后，最晚到今天。"), field="until")
    frame = _frame(asked, today)
    if not frame:
        raise Refused(_("没有可以抽查的场所：它没有监管的企业，期内也没有检查任务。"))
    firm = asked.of if isinstance(asked.of, Enterprise) else None
    of = Audit(
        place=asked.of.place, enterprise=firm, unit=None if firm else asked.of.id,
        since=asked.since, until=asked.until, purpose=asked.purpose, method=CURRENT.version,
        seed=token_hex(16), by_unit=by.unit, opened_at=now,
    )  # fmt: skip
    weights = {row.site_id: row.weight for row in frame}
    turns = audit_drawing.drawn(of.seed, weights, min(asked.size, LARGEST))
    for row in frame:
        row.audit = of
        row.turn = turns.index(row.site_id) + 1 if row.site_id in turns else None
    with transaction.atomic():
        of.save(force_insert=True)
        Framed.objects.bulk_create(frame)
        note(of, "opened", by=by, now=now)
    return of


def _frame(asked: Asked, today: date) -> list[Framed]:
    """Every site that may be drawn, with why and how much it weighs."""
    whys = _of_firm(asked.of) if isinstance(asked.of, Enterprise) else _of_department(asked)
    last = dict(
        Inspection.objects.filter(site__in=list(whys), kind__in=OUTSIDE)
        .values_list("site").annotate(last=Max("finished_at"))
    )  # fmt: skip
    rows = Site.objects.filter(current(today), id__in=list(whys)).select_related("enterprise")
    found = []
    for site in rows.order_by("id"):
        at = last.get(site.id)
        on = timezone.localdate(at) if at else None
        found.append(
            Framed(
                site=site, called=str(site), place=site.place, colour=site.colour, last_on=on,
                why=whys[site.id], weight=audit_drawing.weight(CURRENT, site.colour, on, today),
            )
        )  # fmt: skip
    return found


def _of_firm(of: Enterprise) -> dict[UUID, str]:
    return dict.fromkeys(of.sites.values_list("id", flat=True), "own")


def _of_department(asked: Asked) -> dict[UUID, str]:
    """What it oversees, had to check in the period, or did check; the last holds."""
    unit = asked.of.id
    overseen = Site.objects.filter(enterprise__overseer=unit)
    due = Check.objects.filter(unit=unit, due__range=(asked.since, asked.until))
    done = Inspection.objects.filter(
        unit=unit, finished_at__date__range=(asked.since, asked.until)
    ).exclude(kind="audit")
    return {
        **dict.fromkeys(overseen.values_list("id", flat=True), "overseer"),
        **dict.fromkeys(due.values_list("site", flat=True), "due"),
        **dict.fromkeys(done.values_list("site", flat=True), "checked"),
    }


def sample(of: Audit) -> Sequence[Framed]:
    rows = of.frame.filter(turn__isnull=False).select_related("site__enterprise")
    return list(rows.order_by("turn"))


def redrawn(of: Audit) -> list[UUID]:
    """The sample as seed and frozen frame give it again."""
    weights = dict(of.frame.values_list("site", "weight"))
    return audit_drawing.drawn(of.seed, weights, of.frame.filter(turn__isnull=False).count())


def locked(of: Audit, by: Holder) -> Audit:
    """Under lock, for whoever works on it and while it is open. Raises Refused."""
    found = Audit.objects.select_for_update(of=("self",)).get(id=of.id)
    if belongs(by, audited(found)):
        raise Refused(BELONGS)
    if not works(by, found):
        raise Refused(_("由发起审计的单位办理。"))
    if found.withdrawn_at or found.issued_at:
        raise Refused(_("这次审计已经结束。"))
    return found


def at_work(of: Audit, by: Holder) -> Audit:
    """Under lock, while the report is not yet drawn up. Raises Refused."""
    found = locked(of, by)
    if found.drawn_up_at:
        raise Refused(_("报告已经拟出；要补充的，先退回。"))
    return found


def not_seen(of: Audit, site: UUID, why: str, *, by: Holder, now: datetime) -> None:
    """Why a site that was drawn could not be looked at. Raises Refused."""
    with transaction.atomic():
        found = at_work(of, by)
        if Inspection.objects.filter(audit=of.id, site=site).exists():
            raise Refused(_("这处已有工作底稿。"))
        row = found.frame.filter(site=site, turn__isnull=False)
        if not row.update(not_seen=why):
            raise Refused(_("这处不在样本里。"))
        note(found, "not_seen", by=by, now=now, said=why)


def draw_up(of: Audit, opinion: str, *, by: Holder, now: datetime) -> None:
    """The figures are frozen; somebody else issues them. Raises Refused."""
    with transaction.atomic():
        found = at_work(of, by)
        seen = Inspection.objects.filter(audit=of.id).values("site")
        left = found.frame.filter(~Q(site__in=seen), turn__isnull=False, not_seen="")
        if left.exists():
            raise Refused(_("样本里还有场所没有工作底稿，也没有说明为什么没能检查。"))
        audit_findings.gather(found, by=by, now=now)
        found.result = audit_figures.of_audit(found, by=by).told
        found.opinion, found.drawn_up_at, found.drawn_up_by = opinion, now, by.account
        found.save()
        note(found, "drawn_up", by=by, now=now)


def give_back(of: Audit, why: str, *, by: Holder, now: datetime) -> None:
    """The report wants something yet. Raises Refused."""
    with transaction.atomic():
        found = locked(of, by)
        if found.drawn_up_at is None:
            raise Refused(_("报告还没有拟出。"))
        found.drawn_up_at, found.drawn_up_by, found.result = None, None, None
        found.save()
        note(found, "returned", by=by, now=now, said=why)


def issue(of: Audit, *, by: Holder, now: datetime) -> None:
    """By another person than who drew it up. Raises Refused."""
    with transaction.atomic():
        # One after the other, or two reports of a unit would get one number.
        Unit.objects.select_for_update().get(id=of.by_unit)
        found = locked(of, by)
        if found.drawn_up_at is None:
            raise Refused(_("报告还没有拟出。"))
        if found.drawn_up_by == by.account:
            raise Refused(_("报告须由拟稿人以外的另一人签发。"))
        if found.findings.filter(Q(measure="") | Q(whose=None) | Q(due=None)).exists():
            raise Refused(_("还有审计发现没有写明后续措施、由谁办、到什么时候。"))
        year = timezone.localdate(now).year
        of_year = Audit.objects.filter(by_unit=found.by_unit, issued_year=year)
        last = of_year.aggregate(last=Max("serial"))["last"] or 0
        found.issued_at, found.issued_year, found.serial = now, year, last + 1
        found.save()
        audit_figures.keep(found)
        note(found, "issued", by=by, now=now)


def withdraw(of: Audit, why: str, *, by: Holder, now: datetime) -> None:
    """It stays in the list with its reason, so that nobody draws until they like the sample."""
    with transaction.atomic():
        found = locked(of, by)
        found.withdrawn_at = now
        found.save()
        note(found, "withdrawn", by=by, now=now, said=why)


def state(of: Audit, said: str, *, by: Holder, now: datetime) -> None:
    """What the audited think of the report, once 陈述申辩. Raises Refused."""
    with transaction.atomic():
        found = Audit.objects.select_for_update(of=("self",)).get(id=of.id)
        if not may_state(by, found):
            raise Refused(_("陈述申辩由被审计单位的负责人提出，签发以后一次。"))
        found.stated, found.stated_at = said, now
        found.save()
        note(found, "stated", by=by, now=now)


def number(of: Audit) -> str:
    """As it stands on the report; empty before."""
    return f"安审〔{of.issued_year}〕{of.serial}号" if of.issued_at else ""


def stage(of: Audit) -> str:
    if of.withdrawn_at:
        return "withdrawn"
    return "issued" if of.issued_at else "drawn_up" if of.drawn_up_at else "opened"
