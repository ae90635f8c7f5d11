"""Which edition holds where and when, and what one changes of another."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.safety.models import Edition
from gongzhi.mechanisms.safety.pages.catalogue.browsing import around, edition_or_404
from gongzhi.mechanisms.safety.registers import contents
from gongzhi.mechanisms.safety.registers import editions as register
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK
from gongzhi.mechanisms.safety.registers.catalogue_workbooks import words
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors

MOST = 300


@as_post
def editions(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those of one's place, above and below it, the newest first."""
    there = Q(place__in=ancestors(by.place)) | Q(place__startswith=by.place)
    context = around(by)
    holds = register.in_force(by.place, context["today"])
    context["rows"] = [
        {"edition": e, "before": register.before(e), "here": e == holds,
         "state": _state(e, context["today"])}
        for e in Edition.objects.filter(there).order_by("place", "-valid_from", "-entered_at")
    ]  # fmt: skip
    context["holds"] = holds
    return render(request, "safety/catalogue/editions.html", context)


def _state(edition: Edition, on: Any) -> tuple[Any, str]:
    """In words, and in which tone."""
    if edition.valid_to is not None and edition.valid_to <= on:
        return gettext_lazy("已停用"), ""
    if edition.valid_from > on:
        return gettext_lazy("还没起用"), "accent"
    return gettext_lazy("现行"), "good"


@as_post
def since(request: HttpRequest, by: Holder, edition: UUID, other: UUID) -> HttpResponse:
    """What is new, what is gone and what is said otherwise than in another edition."""
    new, old = edition_or_404(edition), edition_or_404(other)
    found = contents.differences(register.of(old.id), register.of(new.id))
    kinds = {
        "added": [d for d in found if d.old is None],
        "gone": [d for d in found if d.new is None],
        "changed": [d for d in found if d.columns],
    }
    context = around(by, edition=new, other=old, most=MOST,
                     counts={name: len(of) for name, of in kinds.items()})  # fmt: skip
    context |= {name: [_told(d) for d in of[:MOST]] for name, of in kinds.items()}
    return render(request, "safety/catalogue/since.html", context)


def _told(d: contents.Difference) -> dict[str, Any]:
    """A difference in the reader's words."""
    title, columns = BOOK.pages[d.sheet]
    row = d.new or d.old
    name = row.what if d.sheet == "items" else row.name
    old, new = (contents.said(r) if r else {} for r in (d.old, d.new))
    lines = [(columns[c], words(c, old[c]), words(c, new[c])) for c in d.columns]
    return {"of": title, "key": d.key, "name": name, "lines": lines}
