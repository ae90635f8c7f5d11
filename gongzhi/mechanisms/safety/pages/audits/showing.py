"""One audit: where it stands, its sample, what was seen and said before, findings, score."""

import csv
import io
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.cases.models import Case
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.models import Audit, AuditStep, Framed
from gongzhi.mechanisms.safety.pages.audits import reporting
from gongzhi.mechanisms.safety.pages.audits.asking import audit_read
from gongzhi.mechanisms.safety.pages.audits.listing import STAGES, audits_room
from gongzhi.mechanisms.safety.registers import audit_drawing, audit_rights, audits
from gongzhi.mechanisms.safety.registers.audit_method import METHODS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

CSV = "text/csv; charset=utf-8"


def cases_of(numbers: Iterable[str], by: Holder) -> dict[str, dict[str, Any]]:
    """The hazards of these numbers that this post sees, with how far they are."""
    with within(by.scope):
        found = list(Case.objects.filter(number__in=[n for n in numbers if n]))
    return {c.number: {"case": c, "state": safety.state(c.state)} for c in found}


@as_post
def audit(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    of = audit_read(by, audit)
    told = reporting.told(of, by)
    stage = audits.stage(of)
    works = audit_rights.works(by, of)
    ready = all(one["papers"] or one["row"].not_seen for one in told.sample)
    context = {
        "by": by, "audit": of, "told": told, "stage": STAGES[stage], "number": audits.number(of),
        "works": works, "room": audits_room(by), "open": works and stage == "opened",
        "ready": ready,
        "drawn_up": works and stage == "drawn_up", "issued": stage == "issued",
        "states": audit_rights.may_state(by, of), "own_draft": of.drawn_up_by == by.account,
        "cases": cases_of((f["row"].number for f in told.findings), by),
        "steps": _steps(of) if audits_room(by) else [],
    }  # fmt: skip
    return render(request, "safety/audits/audit.html", context)


def _steps(of: Audit) -> list[dict[str, Any]]:
    rows: list[AuditStep] = list(of.steps.order_by("at", "id"))
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in rows})
    return [
        {"row": r, "what": audits.STEPS[r.what],
         "who": f"{named(posts[r.post].unit)} · {named(posts[r.post])}" if r.post in posts else ""}
        for r in rows
    ]  # fmt: skip


def _framed(of: Audit) -> list[dict[str, Any]]:
    """Every site of the frame in the order of the draw, with all that the draw rests on."""
    rows: list[Framed] = list(of.frame.order_by("site"))
    n = sum(row.turn is not None for row in rows)
    chances = audit_drawing.chances([row.weight for row in rows], n)
    method = METHODS[of.method]
    found = [
        {"row": row, "chance": 100 * chance, "why": audits.WHY[row.why],
         "colour": COLOURS[row.colour], "by_colour": method.colours[row.colour],
         "by_age": row.weight // method.colours[row.colour],
         "digest": audit_drawing.digest(of.seed, row.site_id),
         "key": audit_drawing.key(of.seed, row.site_id, row.weight)}
        for row, chance in zip(rows, chances, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one["key"])


@as_post
def frame(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    """Why each site's chance was what it was; whether the draw comes out the same again."""
    of = audit_read(by, audit)
    rows = _framed(of)
    again = audits.redrawn(of)
    same = again == [row.site_id for row in audits.sample(of)]
    context = {"by": by, "audit": of, "rows": rows, "same": same, "n": len(again),
               "whole": sum(one["row"].weight for one in rows)}  # fmt: skip
    return render(request, "safety/audits/frame.html", context)


@as_post
def frame_csv(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    """The frozen list with all that is wanted to draw it again."""
    of = audit_read(by, audit)
    head = [_("场所编号"), _("场所"), _("风险颜色"), _("上次检查"), _("权重"), "HMAC-SHA256",
            "-ln(u)/w", _("抽中次序")]  # fmt: skip
    lines = [
        [str(one["row"].site_id), one["row"].called, one["row"].colour, one["row"].last_on or "",
         one["row"].weight, one["digest"], repr(one["key"]), one["row"].turn or ""]
        for one in _framed(of)
    ]  # fmt: skip
    return csv_of([[_("种子"), of.seed], [_("办法版本"), of.method], [], head, *lines], "frame")


def csv_of(lines: Iterable[Iterable[object]], name: str) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows([sheets.safe(v) for v in line] for line in lines)
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
