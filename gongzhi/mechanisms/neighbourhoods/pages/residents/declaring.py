"""Purposes on pages: which hold here, a new one, and the end of one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.forms.registering import Declaring
from gongzhi.mechanisms.neighbourhoods.pages.residents import shown
from gongzhi.mechanisms.neighbourhoods.registers import buildings, purposes
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


def _keeper(by: Holder) -> None:
    if not buildings.keeps(by, by.place):
        raise Http404


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    rows = [
        {"purpose": p, **shown.explained(p), "ends": bool(buildings.keeps(by, purposes.home(p)))}
        for p in purposes.of_place(by.place)
    ]
    context = {"by": by, "rows": rows, "keeps": bool(buildings.keeps(by, by.place))}
    return render(request, "neighbourhoods/residents/purposes.html", context)


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    """For the post's own place."""
    _keeper(by)
    form = Declaring(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            purposes.declare(form.wanted(by.place), now=timezone.now(), by=by)
        except Refused as error:
            field = "fields_asked" if error.field == "fields" else error.field
            form.add_error(field, str(error.reason))
        else:
            messages.success(request, _("从今天起可以登记。"), extra_tags="good")
            return redirect("neighbourhoods:purposes")
    return render(request, "neighbourhoods/residents/declare.html", {"by": by, "form": form},
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def end(request: HttpRequest, by: Holder, purpose: UUID) -> HttpResponse:
    found = purposes.of_place(by.place).filter(id=purpose).first()
    if found is None or not buildings.keeps(by, purposes.home(found)):
        raise Http404
    if request.method == "POST":
        purposes.end(found.id, now=timezone.now(), by=by)
        said = _("今天是最后一天，登记的内容今晚全部删除。")
        messages.success(request, said, extra_tags="good")
        return redirect("neighbourhoods:purposes")
    context = {"by": by, "purpose": shown.explained(found)}
    return render(request, "neighbourhoods/residents/end.html", context)
