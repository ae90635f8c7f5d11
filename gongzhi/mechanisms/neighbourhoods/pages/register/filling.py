"""What the pages of this register share: who may open what, and forms that are kept or refused."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Dwelling
from gongzhi.mechanisms.neighbourhoods.registers import buildings, doors
from gongzhi.people.posts import Holder
from gongzhi.places.models import Division

Said = Mapping[str, Any]


def place_asked(request: HttpRequest, by: Holder) -> str:
    """A place in the post's own; only who stands over a place walks through its places."""
    code = request.GET.get("place") or by.place
    if not by.sees_place or not code.startswith(by.place):
        raise Http404
    if code != by.place and not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def community_or_404(place: str, by: Holder) -> str:
    """A community in the post's own place."""
    inside = by.sees_place and place.startswith(by.place) and len(place) == Level.VILLAGE.digits
    if not inside or not Division.objects.filter(code=place).exists():
        raise Http404
    return place


def kept_or_404(place: str, by: Holder) -> str:
    """One whose register this post keeps."""
    if not buildings.keeps(by, community_or_404(place, by)):
        raise Http404
    return place


def building_or_404(id_: UUID, by: Holder) -> Building:
    """One that the post answers for."""
    found = buildings.building_for(by, id_)
    if found is None:
        raise Http404
    return found


def door_or_404(id_: UUID, by: Holder) -> Dwelling:
    found = doors.door(id_)
    if found is None or buildings.building_for(by, found.building_id) is None:
        raise Http404
    return found


def form_page(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back}
    return render(
        request, "neighbourhoods/register/form.html", context, status=422 if form.errors else 200
    )


def kept(request: HttpRequest, form: forms.Form, done: Callable[[Said], object]) -> bool:
    """Whether it was done; a refusal is shown at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        done(form.cleaned_data)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.reason))
        return False
    messages.success(request, _("已保存。"), extra_tags="good")
    return True


def refused(request: HttpRequest, done: Callable[[], object], said: str) -> None:
    """For buttons without a form: what came of it is told on the next page."""
    try:
        done()
    except Refused as error:
        messages.error(request, str(error.reason))
    else:
        messages.success(request, said, extra_tags="good")
