"""Working papers of a site: what was looked at, and the form on which it is written down."""

from collections import Counter
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Item
from gongzhi.mechanisms.safety.pages.audits import reporting
from gongzhi.mechanisms.safety.pages.audits.asking import audit_read, audit_worked, drawn_site
from gongzhi.mechanisms.safety.pages.audits.forms import NotSeenForm, WhenForm
from gongzhi.mechanisms.safety.pages.audits.showing import cases_of
from gongzhi.mechanisms.safety.pages.register.editing import form_page, kept
from gongzhi.mechanisms.safety.registers import audit_papers, audit_rights, audits, editions, groups
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, VERDICTS
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

VERDICT, NOTE = "verdict-", "note-"


def _grouped(items: list[Item]) -> list[dict[str, Any]]:
    """How many items of each group are left."""
    n = Counter(item.category.group for item in items)
    return [{"name": g, "label": groups.LABELS[g], "n": n[g]} for g in groups.LABELS if n[g]]


@as_post
def of_site(request: HttpRequest, by: Holder, audit: UUID, site: UUID) -> HttpResponse:
    """All papers of a site, item by item."""
    of = audit_read(by, audit)
    row = drawn_site(of, site)
    papers = audit_papers.of_site(of, site)
    open_ = audit_rights.works(by, of) and audits.stage(of) == "opened"
    left = audit_papers.left(of, row, timezone.now())[1] if open_ else []
    who = reporting.posts_of(papers)
    numbers = [a.number for p in papers for a in p.answers.all()]
    context = {
        "by": by, "audit": of, "row": row, "colour": COLOURS[row.colour], "open": open_,
        "groups": _grouped(left), "verdicts": VERDICTS, "cases": cases_of(numbers, by),
        "papers": [{"paper": p, "who": who.get(p.post, ""), "answers": _answers(p)}
                   for p in papers],
    }  # fmt: skip
    return render(request, "safety/audits/site.html", context)


def _answers(paper: Any) -> list[dict[str, Any]]:
    """What was not met first."""
    items = {i.code: i for i in editions.of(paper.edition_id).items}
    rows = sorted(paper.answers.all(), key=lambda a: (a.verdict != "not_met", a.code))
    return [{"row": a, "item": items.get(a.code), "label": VERDICTS[a.verdict]} for a in rows]


@as_post
def write(request: HttpRequest, by: Holder, audit: UUID, site: UUID) -> HttpResponse:
    """The items of a group, each met, not met or not applicable; those not looked at stay open."""
    of = audit_worked(by, audit)
    row, now = drawn_site(of, site), timezone.now()
    group = request.GET.get("group", "")
    left = audit_papers.left(of, row, now)[1]
    items = [item for item in left if item.category.group == group]
    if audits.stage(of) != "opened" or group not in groups.LABELS:
        raise Http404
    at = timezone.localtime(now)
    form = WhenForm(
        request.POST or None, of=of, now=now,
        initial={"key": uuid4(), "began": at, "finished": at},
    )  # fmt: skip
    verdicts, notes = _posted(request, VERDICT), _posted(request, NOTE)
    wrong = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        paper = audit_papers.Paper(
            said["key"], said["began"], said["finished"],
            {c: v for c, v in verdicts.items() if v in VERDICTS}, notes,
        )  # fmt: skip
        try:
            audit_papers.record(of, row, paper, by=by, now=now)
        except Refused as error:
            form.add_error(None, str(error.reason))
            wrong = error.field or ""
        else:
            messages.success(request, _("已保存；不符合的已登记为隐患。"), extra_tags="good")
            return redirect("safety:audit_site", of.id, row.site_id)
    shown: list[dict[str, Any]] = [
        {"item": item, "verdict": verdicts.get(item.code, ""), "note": notes.get(item.code, ""),
         "wrong": item.code == wrong}
        for item in items
    ]  # fmt: skip
    context = {
        "by": by, "audit": of, "row": row, "form": form, "group": groups.LABELS[group],
        "verdicts": VERDICTS, "most": 400,
        "categories": [(named(c), list(rows)) for c, rows in
                       groupby(shown, key=lambda one: one["item"].category)],
    }  # fmt: skip
    return render(request, "safety/audits/paper.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): str(value)
        for name, value in request.POST.items() if name.startswith(prefix)
    }  # fmt: skip


@as_post
def not_seen(request: HttpRequest, by: Holder, audit: UUID, site: UUID) -> HttpResponse:
    of = audit_worked(by, audit)
    row = drawn_site(of, site)
    form = NotSeenForm(request.POST or None)

    def done(said: dict[str, Any]) -> None:
        audits.not_seen(of, row.site_id, said["why"], by=by, now=timezone.now())

    back = reverse("safety:audit", args=[of.id])
    if kept(request, form, done):
        return redirect(back)
    return form_page(request, by, form, f"{row.called} · {_('没能检查')}", back)
