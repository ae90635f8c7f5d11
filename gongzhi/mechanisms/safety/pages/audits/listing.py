"""The audits that a post may read, the latest first; and the declared method."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.safety.models import Audit
from gongzhi.mechanisms.safety.registers import audit_rights, audits
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT, DEPARTMENT, ENTERPRISE
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.mechanisms.safety.roles import ENTERPRISE as FIRM
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

PAGE = 50
STAGES = {
    "opened": (gettext_lazy("检查中"), "accent"), "drawn_up": (gettext_lazy("待签发"), "warn"),
    "issued": (gettext_lazy("已签发"), "good"), "withdrawn": (gettext_lazy("已撤销"), ""),
}  # fmt: skip
WHAT = {ENTERPRISE: gettext_lazy("企业"), DEPARTMENT: gettext_lazy("监管部门")}


def told(rows: list[Audit]) -> list[dict[str, Any]]:
    """With what is audited, who audits, and how far it is."""
    ids = {id_ for row in rows for id_ in (row.unit, row.by_unit) if id_}
    units = Unit.objects.in_bulk(ids)
    return [
        {"row": row, "of": row.enterprise or units.get(row.unit), "by": units.get(row.by_unit),
         "number": audits.number(row), "stage": STAGES[audits.stage(row)]}
        for row in rows
    ]  # fmt: skip


def audits_room(by: Holder) -> bool:
    """Whether the room of audits opens to this post."""
    return by.unit_kind != FIRM and by.kind in audit_rights.READERS


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    if not audits_room(by):
        raise Http404
    found = audit_rights.seen(by).order_by("-opened_at", "-id")
    last = _last(request, by)
    if last is not None:
        found = found.filter(opened_at__lt=last.opened_at)
    rows = list(found[: PAGE + 1])
    context = {
        "by": by, "tab": "audits", "rows": told(rows[:PAGE]),
        "opens": audit_rights.stands_over(by),
        "next": rows[PAGE - 1].id if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "safety/audits/list.html", context)


def _last(request: HttpRequest, by: Holder) -> Audit | None:
    try:
        return audit_rights.audit_seen(by, UUID(request.GET.get("after", "")))
    except ValueError:
        return None


@as_post
def method(request: HttpRequest, by: Holder) -> HttpResponse:
    """How sites are weighed and drawn, what is scored, what is compared."""
    context = {
        "by": by, "tab": "method", "method": CURRENT, "room": audits_room(by),
        "colours": [(name, COLOURS[name], n) for name, n in CURRENT.colours.items()],
        "parts": [(WHAT[what], parts) for what, parts in CURRENT.parts.items()],
    }  # fmt: skip
    return render(request, "safety/audits/method.html", context)
