"""The monthly return 月报表 of a committee or studio: derived from its cases, never filled in."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue, sheets
from gongzhi.cases.clocks import CHINA
from gongzhi.documents import texts
from gongzhi.documents.composing import compose
from gongzhi.documents.figures import chinese_date
from gongzhi.documents.typesetting import pdf
from gongzhi.documents.word import WORD, docx_of
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.network import tallies
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import path_of

LETTER = "monthly_return"
COLUMNS: list[tuple[str, str | Promise]] = [
    ("taken", _("接受指派")), ("agreed", _("达成协议数")), ("failed", _("调解不成数")),
    ("settled", _("履行办结")), ("due", _("到期应履行")), ("kept", _("按期履行")),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of dispute in the month; `code` is the city's for its authorities, if it has one."""

    label: str
    code: str
    counts: Counter[str]
    open: int

    @property
    def numbers(self) -> list[int]:
        return [*(self.counts[name] for name, _label in COLUMNS), self.open]


def month_of(text: str) -> date:
    """The first day of a month as said (2026-10). Raises ValueError."""
    return date.fromisoformat(f"{text}-01")


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def lines(unit: Unit, month: date, by: Holder) -> Iterator[Line]:
    """Every kind in use, also those that did not occur: a return has all its rows."""
    first = datetime.combine(month, time(), CHINA)
    this = f"{month:%Y-%m}"
    done = tallies.done(unit.place, tallies.posts_in(unit, first), this, this)
    kinds, held = tallies.added(done.values()), tallies.open_by_kind(unit, by)
    for name, kind in catalogue.every(mediation).items():
        if kind.in_use or kinds.get(name) or held.get(name):
            yield Line(str(kind), kind.code, kinds.get(name, Counter()), held.get(name, 0))


def summed(rows: list[Line]) -> Line:
    counts = sum((row.counts for row in rows), Counter[str]())
    return Line(gettext("合计"), "", counts, sum(row.open for row in rows))


def facts(unit: Unit, month: date, by: Holder, now: datetime) -> dict[str, Any]:
    """What the letter `monthly_return` says. In Chinese; monthly_return.json is an example."""
    with translation.override("zh-hans"):
        rows = list(lines(unit, month, by))
        return {
            "title": gettext("人民调解工作月报表"),
            "number": f"{month:%Y%m}",
            "unit": unit.name,
            "place": path_of(unit.place).replace(" / ", ""),
            "month": f"{month.year}年{month.month}月",
            "date": chinese_date(timezone.localtime(now).date()),
            "columns": [*(str(label) for _name, label in COLUMNS), gettext("现在在办")],
            "rows": [{"label": row.label, "code": row.code, "numbers": row.numbers}
                     for row in [*rows, summed(rows)]],
        }  # fmt: skip


@as_post
def monthly(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    """The last month that is over, unless another is asked for."""
    of = Unit.objects.filter(id=unit).first()
    if of is None or not tallies.may_see_return(by, of):
        raise Http404
    now = timezone.now()
    this = timezone.localtime(now).date().replace(day=1)
    try:
        month = month_of(request.GET["month"]) if request.GET.get("month") else before(this)
    except ValueError:
        raise Http404 from None
    if month > this or month.year < 2000:
        raise Http404
    if request.GET.get("as") in {"pdf", "docx"}:
        text = texts.in_use(mediation.name, LETTER, at=now)
        made = compose(text, facts(of, month, by, now), made_at=now)
        as_word = request.GET["as"] == "docx"
        return _sent(docx_of(made) if as_word else pdf(made), month, request.GET["as"])
    rows = list(lines(of, month, by))
    if request.GET.get("as") == "xlsx":
        return _sheet(rows, month)
    context = {
        "by": by, "unit": of, "month": month,
        "rows": [*(row for row in rows if any(row.numbers)), summed(rows)],
        "columns": [label for _name, label in COLUMNS], "unfinished": month == this,
        "earlier": before(month), "later": after(month) if month < this else None,
        "may_see_unit": tallies.may_see_unit(by, of), "coded": any(row.code for row in rows),
    }  # fmt: skip
    return render(request, "mediation/mediators/monthly.html", context)


def _sheet(rows: list[Line], month: date) -> HttpResponse:
    head = [gettext("类别"), gettext("代码"), *(str(label) for _name, label in COLUMNS),
            gettext("现在在办")]  # fmt: skip
    found = [[row.label, row.code, *row.numbers] for row in [*rows, summed(rows)]]
    return _sent(sheets.made_of(head, found), month, "xlsx")


def _sent(content: bytes, month: date, kind: str) -> HttpResponse:
    types = {"pdf": "application/pdf", "docx": WORD, "xlsx": sheets.XLSX}
    response = HttpResponse(content, content_type=types[kind])
    response["Content-Disposition"] = f'attachment; filename="return-{month:%Y-%m}.{kind}"'
    return response
