"""Figures of petitions by level, with the formula beside each."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.mechanisms.petitions.pages.levels import COLUMNS, SMALL, Row, by_level
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children
from gongzhi.ui import words

SPANS = {"30": 30, "90": 90, "365": 365}


def _cell(row: Row, name: str) -> dict[str, object]:
    if name in row.counts:
        return {"label": COLUMNS[name][0], "text": str(row.counts[name]), "small": False}
    percent, (over, under) = row.percent(name), row.shares[name]
    text = "—" if percent is None else f"{percent}%（{over}/{under}）"
    return {"label": COLUMNS[name][0], "text": text, "small": 0 < under < SMALL}


@as_post
def figures(request: HttpRequest, by: Holder) -> HttpResponse:
    code, days = request.GET.get("place", by.place), request.GET.get("days", "90")
    if not by.sees_place or not code.startswith(by.place) or days not in SPANS:
        raise Http404
    if not Division.objects.filter(code=code).exists():
        raise Http404
    today = timezone.localdate()
    rows = by_level(by, code, today - timedelta(days=SPANS[days]), today + timedelta(days=1))
    table = [(row.level, [_cell(row, name) for name in COLUMNS]) for row in rows]
    if request.GET.get("as") == "xlsx":
        head = [_("层级"), *(str(label) for label, _formula in COLUMNS.values())]
        lines = [[words.level(level), *(c["text"] for c in cells)] for level, cells in table]
        response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
        response["Content-Disposition"] = 'attachment; filename="petitions.xlsx"'
        return response
    context = {
        "by": by, "place": code, "days": days, "spans": list(SPANS), "table": table,
        "columns": COLUMNS.values(), "below": children(code),
        "trail": [c for c in ancestors(code) if c.startswith(by.place)],
    }  # fmt: skip
    return render(request, "petitions/figures.html", context)
