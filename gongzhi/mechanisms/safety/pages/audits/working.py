"""The acts of an audit: findings gathered and followed, the report drawn up, issued, answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Audit
from gongzhi.mechanisms.safety.pages.audits.asking import (
    audit_read,
    audit_worked,
    finding_worked,
)
from gongzhi.mechanisms.safety.pages.audits.forms import (
    DoneForm,
    FindingForm,
    FollowForm,
    OpinionForm,
    StatementForm,
    WhyForm,
)
from gongzhi.mechanisms.safety.pages.register.editing import form_page, kept
from gongzhi.mechanisms.safety.registers import audit_findings, audit_rights, audits
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

Done = Callable[[dict[str, Any]], Any]


def _asked(
    request: HttpRequest, by: Holder, of: Audit, form: forms.Form, done: Done, **page: str
) -> HttpResponse:
    """A form of its own page, and back to the audit."""
    back = reverse("safety:audit", args=[of.id])
    if kept(request, form, done):
        return redirect(back)
    return form_page(request, by, form, page.pop("title"), back, **page)


def _pressed(request: HttpRequest, of: Audit, done: Callable[[], Any], said: str) -> HttpResponse:
    """One button."""
    try:
        done()
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, said, extra_tags="good")
    return redirect("safety:audit", of.id)


@require_POST
@as_post
def gather(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of, now = audit_worked(by, audit), timezone.now()

    def done() -> None:
        with transaction.atomic():
            audit_findings.gather(audits.at_work(of, by), by=by, now=now)
            audits.note(of, "gathered", by=by, now=now)

    return _pressed(request, of, done, _("已汇总，请写明每项的后续措施。"))


@as_post
def add(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of, now = audit_worked(by, audit), timezone.now()
    form = FindingForm(request.POST or None, of=of, today=timezone.localdate(now))

    def done(said: dict[str, Any]) -> None:
        with transaction.atomic():
            audit_findings.add(audits.at_work(of, by), **said)
            audits.note(of, "follow", by=by, now=now)

    return _asked(request, by, of, form, done, title=_("添加审计发现"))


@as_post
def follow(request: HttpRequest, by: Holder, finding: UUID) -> HttpResponse:
    """What is to follow, until the report is issued."""
    row, now = finding_worked(by, finding), timezone.now()
    initial = {"measure": row.measure, "whose": row.whose, "due": row.due}
    form = FollowForm(
        request.POST or None, of=row.audit, today=timezone.localdate(now), initial=initial
    )

    def done(said: dict[str, Any]) -> None:
        with transaction.atomic():
            audits.locked(row.audit, by)
            audit_findings.follow(row, **said)
            audits.note(row.audit, "follow", by=by, now=now)

    return _asked(request, by, row.audit, form, done, title=_("定后续措施"))


@as_post
def done(request: HttpRequest, by: Holder, finding: UUID) -> HttpResponse:
    """What became of a finding, after the report was issued."""
    row, now = finding_worked(by, finding), timezone.now()
    if row.audit.issued_at is None or row.done_on:
        raise Http404
    form = DoneForm(request.POST or None)

    def keep(said: dict[str, Any]) -> None:
        with transaction.atomic():
            audit_findings.done(row, said["done"], timezone.localdate(now))
            audits.note(row.audit, "done", by=by, now=now)

    return _asked(request, by, row.audit, form, keep, title=_("登记后续结果"))


@as_post
def draw_up(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of = audit_worked(by, audit)
    form = OpinionForm(request.POST or None, initial={"opinion": of.opinion})

    def keep(said: dict[str, Any]) -> None:
        audits.draw_up(of, said["opinion"], by=by, now=timezone.now())

    title = _("拟出审计报告")
    return _asked(request, by, of, form, keep, title=title, button=_("拟出，送另一人签发"))


@as_post
def give_back(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of, form = audit_worked(by, audit), WhyForm(request.POST or None)

    def keep(said: dict[str, Any]) -> None:
        audits.give_back(of, said["why"], by=by, now=timezone.now())

    return _asked(request, by, of, form, keep, title=_("退回补充"), button=_("退回"))


@require_POST
@as_post
def issue(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of = audit_worked(by, audit)
    return _pressed(
        request, of, lambda: audits.issue(of, by=by, now=timezone.now()),
        _("已签发，被审计单位现在看得到。"),
    )  # fmt: skip


@as_post
def withdraw(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of, form = audit_worked(by, audit), WhyForm(request.POST or None)

    def keep(said: dict[str, Any]) -> None:
        audits.withdraw(of, said["why"], by=by, now=timezone.now())

    title = _("撤销审计：留在列表里，写着理由")
    return _asked(request, by, of, form, keep, title=title, button=_("撤销"))


@as_post
def state(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    """What the head of the audited says of the report, once."""
    of = audit_read(by, audit)
    if not audit_rights.may_state(by, of):
        raise Http404
    form = StatementForm(request.POST or None)

    def keep(said: dict[str, Any]) -> None:
        audits.state(of, said["said"], by=by, now=timezone.now())

    return _asked(request, by, of, form, keep, title=_("陈述申辩"), button=_("提交"))
