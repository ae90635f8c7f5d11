"""Inspections of a place, of a site, of one's own firm; one of them, and what belongs to it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.cases import files
from gongzhi.cases.models import Case
from gongzhi.documents.sending import sent
from gongzhi.mechanisms.safety.models import Exhibit, Inspection
from gongzhi.mechanisms.safety.pages.inspections.printing import letter
from gongzhi.mechanisms.safety.pages.register.asking import (
    is_own,
    own_firm,
    place_asked,
    places_near,
)
from gongzhi.mechanisms.safety.registers import enterprises, exhibits, inspected, sites
from gongzhi.mechanisms.safety.registers.exhibits import SIGNATURES, WHAT
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, VERDICTS
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.search import paths


def _after(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _shown(
    request: HttpRequest, by: Holder, found: Any, about: dict[str, Any], **kept: str
) -> HttpResponse:
    """One page of a list; `kept` goes with the reader to the next."""
    page = inspected.page(found, after=_after(request))
    paths(row.place for row in page.rows)  # all names at once
    units = Post.objects.select_related("unit").in_bulk({row.post for row in page.rows})
    context = {
        "by": by,
        "rows": [{"row": row, "kind": CHECKS[row.kind], "post": units.get(row.post)}
                 for row in page.rows],
        "next": urlencode({**kept, "after": page.after}) if page.after else "",
        **about,
    }  # fmt: skip
    return render(request, "safety/inspections/list.html", context)


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    place = place_asked(request, by)
    about = {"of": "place", **places_near(place, by)}
    return _shown(request, by, inspected.of_place(place, by), about, place=place)


@as_post
def of_site(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    """For staff, and for the firm whose site it is."""
    found = sites.site(site)
    if found is None:
        raise Http404
    rows = inspected.of_place(found.place, by).filter(site=found)
    if not enterprises.reads(by, found.place):
        if not is_own(by, found.enterprise):
            raise Http404
        rows = inspected.of_firm(found.enterprise, by).filter(site=found)
    return _shown(request, by, rows, {"of": "site", "site": found})


@as_post
def own(request: HttpRequest, by: Holder) -> HttpResponse:
    return _shown(request, by, inspected.of_firm(own_firm(by), by), {"of": "own"})


def _read(by: Holder, id_: UUID) -> Inspection:
    found = inspected.one(id_)
    if found is None or not inspected.reads(by, found):
        raise Http404
    return found


def _cases(numbers: Sequence[str], county: str, by: Holder) -> dict[str, Case]:
    """Hazards that this reader may open, by number."""
    with within(by.scope):
        rows = Case.objects.filter(county=county, number__in=numbers)
        return {c.number: c for c in rows}


def _exhibits(row: Inspection, by: Holder) -> list[Exhibit]:
    hears = inspected.hears(by, row)
    return [e for e in exhibits.of(row) if e.what != "voice" or hears]


@as_post
def one(request: HttpRequest, by: Holder, inspection: UUID) -> HttpResponse:
    row = _read(by, inspection)
    found = inspected.record(row)
    cases = _cases([line.number for line in found.not_met], row.place[:6], by)
    laid = _exhibits(row, by)
    context = {
        "by": by,
        "row": row,
        "record": found,
        "kind": CHECKS[row.kind],
        "verdicts": VERDICTS,
        "counts": [(name, label, getattr(row, name)) for name, label in VERDICTS.items()],
        "left": row.asked - row.answered,
        "post": Post.objects.select_related("unit").filter(id=row.post).first(),
        "not_met": [
            {"line": line, "case": cases.get(line.number),
             "exhibits": [(e, WHAT[e.what]) for e in laid if e.code == line.item.code]}
            for line in found.not_met
        ],
        "signatures": [(e, WHAT[e.what]) for e in laid if e.what in SIGNATURES],
    }  # fmt: skip
    return render(request, "safety/inspections/one.html", context)


@as_post
def record(request: HttpRequest, by: Holder, inspection: UUID) -> HttpResponse:
    return sent(letter(_read(by, inspection)), as_word=request.GET.get("as") == "docx")


@as_post
def exhibit(request: HttpRequest, by: Holder, inspection: UUID, exhibit: UUID) -> HttpResponse:
    row = _read(by, inspection)
    found = next((e for e in _exhibits(row, by) if e.id == exhibit), None)
    if found is None:
        raise Http404
    try:
        content = files.read(found.sha256)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=found.kind)
    disposition = "inline" if found.kind.startswith("image/") else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{found.sha256[:12]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
