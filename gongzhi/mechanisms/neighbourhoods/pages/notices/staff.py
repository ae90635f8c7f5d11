"""Notices for staff: the list, one notice with who has heard by place and building, its sheet."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.pages.notices.differences import difference
from gongzhi.mechanisms.neighbourhoods.pages.notices.forms import channel_labels, reaches
from gongzhi.mechanisms.neighbourhoods.registers import (
    announced,
    announcing,
    buildings,
    residents_notified,
)
from gongzhi.mechanisms.neighbourhoods.registers.announcing import MAILINGS
from gongzhi.people.models import Account, Post, Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.names import name_of, paths
from gongzhi.ui.words import named

CSV = "text/csv; charset=utf-8"
POLL, POLL_QUEUE = 5, 1  # seconds between looks of an open page, and while it is being queued


def home_of(by: Holder) -> str:
    """Where a post's notices are: its place, or that of the buildings it answers for."""
    if by.sees_place:
        return by.place
    first = buildings.buildings_of(by).first()
    return first.community if first is not None else by.place


def notice_or_404(by: Holder, id_: UUID) -> Announcement:
    """One that touches what this post answers for."""
    found = announced.for_post(by).filter(id=id_).first()
    if found is None:
        raise Http404
    return found


def scope_of(a: Announcement) -> str:
    """Whom it is for, in words."""
    part = a.building or a.grid
    place = name_of(a.place)
    return f"{place} · {named(part)}" if part is not None else place


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """The newest first; what is over or withdrawn stays."""
    after, current = request.GET.get("after", ""), "current" in request.GET
    found = announced.for_post(by)
    if current:
        found = found.filter(shown_until__gte=timezone.localdate(), withdrawn_at=None)
    page = announced.page(found, after=after)
    paths(row.notice.place for row in page.rows)  # all names at once
    home = home_of(by)
    heard = announced.counted([row.notice for row in page.rows], by, home)
    context = {
        "by": by, "after": after, "next": page.after, "today": timezone.localdate(),
        "current": current, "query": "current=1&" if current else "",
        "rows": [
            {"of": row, "scope": scope_of(row.notice), "heard": heard[row.notice.id]}
            for row in page.rows
        ],
        "may_write": bool(reaches(by, home)),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/list.html", context)


def _here(request: HttpRequest, by: Holder, a: Announcement) -> str:
    """The place whose counts are asked for: within the notice's and the post's own."""
    home = home_of(by)
    widest = max(home, a.place, key=len)
    code = request.GET.get("place") or widest
    if not code.startswith(widest) or len(code) not in {level.digits for level in Level}:
        raise Http404
    return code


def _rows(a: Announcement, by: Holder, here: str) -> list[dict[str, Any]]:
    """What lies below a place, each with its counts."""
    if len(here) < Level.VILLAGE.digits and by.sees_place:
        parts = announced.counted_by_part(a, by, here)
        paths(parts)  # all names at once
        return [{"place": code, "name": name_of(code), "heard": heard}
                for code, heard in parts.items()]  # fmt: skip
    knocks = announcing.may_knock(by) and a.withdrawn_at is None
    return [{"building": b if knocks else None, "name": named(b), "code": b.code, "heard": heard}
            for b, heard in announced.counted_by_building(a, by, here)]  # fmt: skip


def history(a: Announcement) -> list[dict[str, Any]]:
    """All wordings, the newest first, each with what it changed."""
    every = list(a.wordings.order_by("n"))
    people = Account.objects.in_bulk({w.account for w in every})
    found = []
    for before, w in zip([None, *every], every, strict=False):
        changed = [] if before is None else [
            difference(getattr(before, name), getattr(w, name))
            for name in ("title", "text", "title_en", "text_en")
            if getattr(before, name) != getattr(w, name)
        ]  # fmt: skip
        found.append({"wording": w, "changed": changed, "by": people.get(w.account)})
    return found[::-1]


def mailings(a: Announcement) -> list[dict[str, Any]]:
    """What went out when, to how many addresses, and how much of it arrived: at outlets and, apart,
    at residents."""
    arrived, given_up = (
        Q(dispatches__sent_at__isnull=False),
        Q(dispatches__given_up_at__isnull=False),
    )
    of_outlets = Q(dispatches__registered=None)
    found = a.mailings.annotate(
        arrived=Count("dispatches", arrived & of_outlets),
        given_up=Count("dispatches", given_up & of_outlets),
        reached=Count("dispatches", arrived & ~of_outlets),
    )
    return [
        {"of": m, "what": MAILINGS[m.what], "told": m.residents >= residents_notified.FEWEST}
        for m in found.order_by("-asked_at")
    ]


@as_post
def notice(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    a = notice_or_404(by, announcement)
    here = _here(request, by, a)
    allowed = announcing.may_change(by, a)
    over = a.shown_until < timezone.localdate()
    live = a.withdrawn_at is None and not over
    mailed = mailings(a)
    told = history(a)
    context = {
        "by": by, "a": a, "here": here, "scope": scope_of(a), "over": over,
        "wording": told[0]["wording"], "history": told, "corrected": len(told) > 1,
        "trail": [c for c in ancestors(here) if c.startswith(max(home_of(by), a.place, key=len))],
        "whole": announced.counted([a], by, here)[a.id], "rows": _rows(a, by, here),
        "poll": (POLL if a.queued_at else POLL_QUEUE) if live else 0,
        "mailings": mailed, "channels": channel_labels(a),
        "reminded": any(m["of"].what == "reminder" and m["of"].on == timezone.localdate()
                        for m in mailed),
        "may": bool(allowed) and a.withdrawn_at is None,
        "why_not": allowed.reason if isinstance(allowed, No) else "",
        "unit": Unit.objects.filter(id=a.unit).first(),
        "post": Post.objects.filter(id=a.post).first(),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/notice.html", context)


@as_post
def counts(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    """Building by building, as far as one answers for them."""
    a = notice_or_404(by, announcement)
    here = _here(request, by, a)
    head = [_("代码"), _("社区"), _("楼栋编号"), _("楼栋"), _("户数"), _("已读"), _("已确认"),
            _("其中上门告知")]  # fmt: skip
    found = announced.counted_by_building(a, by, here)
    names = paths({b.community for b, _heard in found}, below=here[:4])
    lines: Sequence[Sequence[object]] = [
        [b.community, names[b.community], b.code, named(b), heard.households, heard.read,
         heard.confirmed, heard.at_door]
        for b, heard in found
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([head, *([sheets.safe(v) for v in line] for line in lines)])
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="notice-{here}.csv"'
    return response
