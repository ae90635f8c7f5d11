"""Writes, corrects and withdraws notices; what will be seen is shown before it is sent."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Announcement, Wording
from gongzhi.mechanisms.neighbourhoods.pages.notices.differences import difference
from gongzhi.mechanisms.neighbourhoods.pages.notices.forms import (
    CorrectForm,
    NoticeForm,
    WithdrawForm,
    WordsForm,
    channel_labels,
)
from gongzhi.mechanisms.neighbourhoods.pages.notices.staff import home_of, notice_or_404
from gongzhi.mechanisms.neighbourhoods.registers import (
    announcing,
    answers,
    buildings,
    residents_notified,
)
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children

FORM = "neighbourhoods/notices/form.html"


def _place_asked(request: HttpRequest, by: Holder) -> str:
    home = home_of(by)
    code = request.GET.get("place") or home
    if not code.startswith(home) or not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def _shown(
    request: HttpRequest, context: Mapping[str, Any], form: forms.Form
) -> HttpResponse:  # fmt: skip
    return render(request, FORM, {"form": form, **context}, status=422 if form.errors else 200)


def _done(form: forms.Form, do: Callable[[], Any]) -> bool:
    """A refusal is shown at its field."""
    try:
        do()
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.reason))
        return False
    return True


def _wants(request: HttpRequest, form: forms.Form, step: str) -> bool:
    """Whether a form that is right asks for this step: `look` or `send`."""
    return request.method == "POST" and request.POST.get("step") == step and form.is_valid()


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    """Written, looked at, published: what is not right yet comes back as it was filled in."""
    place = _place_asked(request, by)
    form = NoticeForm(request.POST or None, by=by, place=place)
    here, home = len(place), home_of(by)
    below = children(place) if here < Level.VILLAGE.digits and by.sees_place else []
    context: dict[str, Any] = {
        "by": by, "title": _("写公告"), "back": reverse("neighbourhoods:notices"),
        "here": place, "children": below,
        "trail": [c for c in ancestors(place) if c.startswith(home)],
    }  # fmt: skip
    if not form.reaches and not below:
        raise Http404
    if _wants(request, form, "send"):
        said = form.cleaned_data

        def publish() -> None:
            announcing.publish(
                form.written, form.chosen, id_=said["key"], asks=said["asks"],
                shown_until=said["shown_until"], channels=said["channels"], by=by,
                now=timezone.now(),
            )  # fmt: skip

        if _done(form, publish):
            messages.success(request, _("已发布。"), extra_tags="good")
            return redirect("neighbourhoods:notice", said["key"])
    elif _wants(request, form, "look"):
        context["preview"] = _preview(form)
        context["reach"] = form.chosen_label
        context["homes"] = _homes(form)
        context["addresses"] = _addresses(form)
    return _shown(request, context, form)


def _homes(form: NoticeForm) -> dict[str, int]:
    """How many buildings and households it goes to."""
    reach = form.chosen
    found = buildings.buildings_in(reach.place)
    if reach.building is not None:
        found = found.filter(id=reach.building.id)
    elif reach.grid is not None:
        found = found.filter(grid=reach.grid)
    counted = list(found.values_list("households", flat=True))
    return {"buildings": len(counted), "households": sum(counted)}


def _addresses(form: NoticeForm) -> list[tuple[str, int | None]]:
    """Of each chosen channel that reaches residents, how many of theirs; a few are not counted."""
    labels, today = dict(form.fields["channels"].choices), timezone.localdate()  # type: ignore[attr-defined]
    return [
        (labels[name], residents_notified.reached(form.chosen, name, today))
        for name in form.cleaned_data["channels"]
        if name in answers.CHANNELS
    ]


def _preview(form: WordsForm) -> dict[str, Any]:
    labels = dict(getattr(form.fields.get("channels"), "choices", ()))
    chosen = form.cleaned_data.get("channels", ())
    return {
        "written": form.written, "said": form.cleaned_data,
        "channels": [labels[name] for name in chosen],
    }  # fmt: skip


def _changeable(by: Holder, announcement: UUID) -> Announcement:
    """One that this post may change and that is not withdrawn."""
    a = notice_or_404(by, announcement)
    if isinstance(announcing.may_change(by, a), No) or a.withdrawn_at is not None:
        raise Http404
    return a


def changes(before: Wording, form: CorrectForm) -> list[tuple[str, Any]]:
    """Field by field, of those that differ."""
    said = form.cleaned_data
    return [
        (str(form.fields[name].label), difference(getattr(before, name), said[name]))
        for name in ("title", "text", "title_en", "text_en")
        if getattr(before, name).replace("\r\n", "\n") != said[name].replace("\r\n", "\n")
    ]


@as_post
def correct(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    a = _changeable(by, announcement)
    was = announcing.latest(a)
    form = CorrectForm(request.POST or None, of=was)
    context: dict[str, Any] = {
        "by": by, "a": a, "title": _("更正公告"),
        "back": reverse("neighbourhoods:notice", args=[a.id]),
    }  # fmt: skip
    if _wants(request, form, "send"):
        said = form.cleaned_data

        def save() -> None:
            announcing.correct(
                a.id, form.written, of=said["n"], why=said["why"], again=said["again"], by=by,
                now=timezone.now(),
            )  # fmt: skip

        if _done(form, save):
            messages.success(request, _("已更正，原来的写法留在记录里。"), extra_tags="good")
            return redirect("neighbourhoods:notice", a.id)
    elif _wants(request, form, "look"):
        now = form.written
        context |= {
            "preview": _preview(form), "changes": changes(was, form),
            "stale": bool(was.text_en) and now.text != was.text and now.text_en == was.text_en,
        }  # fmt: skip
    return _shown(request, context, form)


@as_post
def withdraw(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    """Asks for the reason, and says what residents will see."""
    a = _changeable(by, announcement)
    form = WithdrawForm(request.POST or None)

    def save() -> None:
        announcing.withdraw(a.id, form.cleaned_data["why"], by=by, now=timezone.now())

    if request.method == "POST" and form.is_valid() and _done(form, save):
        messages.success(request, _("已撤回。"), extra_tags="good")
        return redirect("neighbourhoods:notice", a.id)
    context = {
        "by": by, "a": a, "wording": announcing.latest(a), "form": form,
        "channels": channel_labels(a),
    }  # fmt: skip
    return render(
        request, "neighbourhoods/notices/withdraw.html", context, status=422 if form.errors else 200
    )


@require_POST
@as_post
def remind(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    a = _changeable(by, announcement)
    try:
        announcing.remind(a.id, by=by, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("正在提醒还没有回音的楼和住户。"), extra_tags="good")
    return redirect("neighbourhoods:notice", a.id)
