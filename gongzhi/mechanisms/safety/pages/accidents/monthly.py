"""The monthly report of a place on a page, as PDF and as Word; made anew, and a leader's words."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.documents import sending, texts
from gongzhi.documents.composing import compose
from gongzhi.documents.figures import chinese_date
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.models import MonthlyReport, Remark
from gongzhi.mechanisms.safety.pages.accidents import monthly_words as words
from gongzhi.mechanisms.safety.pages.accidents.asking import month_asked, place_asked, tabs
from gongzhi.mechanisms.safety.pages.register.asking import places_near
from gongzhi.mechanisms.safety.registers import accidents_monthly
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import path_of, paths
from gongzhi.ui.period import month_after
from gongzhi.ui.words import named

LETTER = "monthly_report"


def _who(row: MonthlyReport | Remark | None) -> str:
    """Which unit and post; nobody's is the system's own."""
    said = row and row.post
    post = Post.objects.select_related("unit").filter(id=said).first() if said else None
    return f"{named(post.unit)} {named(post)}" if post else ""


def _facts(made: MonthlyReport, added: Remark | None, by: Holder, now: datetime) -> dict[str, Any]:
    """What the letter `monthly_report` says. In Chinese; monthly_report.json is an example."""
    of = made.figures
    with translation.override("zh-hans"):
        year, month = made.month.split("-")
        return {
            "title": _("安全生产月报"), "number": made.month.replace("-", ""),
            "unit": by.unit_name, "place": path_of(made.place).replace(" / ", ""),
            "month": f"{int(year)}年{int(month)}月",
            "since": chinese_date(date.fromisoformat(of["since"])),
            "until": chinese_date(date.fromisoformat(of["until"])),
            "made": chinese_date(timezone.localdate(made.made_at)),
            "date": chinese_date(timezone.localdate(now)),
            "accidents": words.accidents(of), "compared": words.compared(of).plain(),
            "causes": words.causes(), "hazards": words.hazards(of),
            "ranked": words.ranked(of).plain(), "checks": words.checks(of),
            "below": words.below(of).plain(),
            "remark": added.words if added else "", "remark_by": _who(added),
            "remark_on": chinese_date(timezone.localdate(added.at)) if added else "",
        }  # fmt: skip


@as_post
def monthly(request: HttpRequest, by: Holder) -> HttpResponse:
    """The newest of this month, or of another; what is not made yet is made with one press."""
    place, month = place_asked(request, by), month_asked(request)
    made, added = (
        accidents_monthly.newest(place, month),
        accidents_monthly.last_remark(place, month),
    )
    if request.GET.get("as") in {"pdf", "docx"}:
        if made is None:
            raise Http404
        now = timezone.now()
        paths([place, *(row["place"] for row in made.figures["below"])])
        letter = compose(texts.in_use(safety.name, LETTER, at=now), _facts(made, added, by, now),
                         made_at=made.made_at)  # fmt: skip
        return sending.sent(letter, as_word=request.GET["as"] == "docx")
    this = f"{timezone.localdate():%Y-%m}"
    context = {
        **tabs(by, place, "monthly"), **places_near(place, by), "month": month, "made": made,
        "made_by": _who(made), "remark": added, "remark_by": _who(added),
        "leads": by.kind == "leader", "longest": accidents_monthly.LONGEST,
        "earlier": month_after(month, -1), "later": month_after(month, 1) if month < this else "",
    }  # fmt: skip
    return render(request, "safety/accidents/monthly.html", context | _shown(made))


def _shown(made: MonthlyReport | None) -> dict[str, Any]:
    if made is None:
        return {}
    of = made.figures
    paths(row["place"] for row in of["below"])  # all names at once
    ranked = [
        (row["place"], cells) for row, cells in zip(of["below"], words.below(of).rows, strict=True)
    ]
    return {
        "until": date.fromisoformat(of["until"]), "accidents": words.accidents(of),
        "compared": words.compared(of), "causes": words.causes(), "hazards": words.hazards(of),
        "ranked": words.ranked(of), "checks": words.checks(of), "head": words.below(of).head,
        "below": ranked,
    }  # fmt: skip


def _back(place: str, month: str) -> HttpResponse:
    return redirect(f"{reverse('safety:monthly')}?{urlencode({'place': place, 'month': month})}")


@require_POST
@as_post
def make(request: HttpRequest, by: Holder) -> HttpResponse:
    place, month = place_asked(request, by), month_asked(request)
    accidents_monthly.make(place, month, now=timezone.now(), by=by)
    messages.success(request, _("已汇总。"), extra_tags="good")
    return _back(place, month)


@require_POST
@as_post
def remark(request: HttpRequest, by: Holder) -> HttpResponse:
    place, month = place_asked(request, by), month_asked(request)
    try:
        accidents_monthly.remark(place, month, request.POST.get("words", ""), now=timezone.now(),
                                 by=by)  # fmt: skip
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已保存。"), extra_tags="good")
    return _back(place, month)
