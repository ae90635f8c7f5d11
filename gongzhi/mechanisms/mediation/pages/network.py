"""The register of sites for staff: list and map, a page for each, and what may be changed."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.models import Mediator
from gongzhi.mechanisms.mediation.network import coverage, sites
from gongzhi.mechanisms.mediation.network.sites import Known
from gongzhi.mechanisms.mediation.pages.map import sites_map
from gongzhi.mechanisms.mediation.pages.shown import all_shown, kind_label, shown
from gongzhi.mechanisms.mediation.pages.site_forms import (
    MediatorForm,
    OpenSiteForm,
    RoomForm,
    SiteForm,
    VillagesForm,
)
from gongzhi.people.models import Post, Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, path_of, paths
from gongzhi.ui.words import named, title


def place_asked(request: HttpRequest, by: Holder) -> str:
    """A place in the post's own, or of its town: a village is small without its neighbours."""
    own = by.place[:9]
    code = request.GET.get("place") or own
    if not code.startswith(own) or not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def site_or_404(unit: UUID) -> Known:
    found = sites.one(unit)
    if found is None:
        raise Http404
    return found


def _to_edit(by: Holder, unit: UUID) -> Known:
    found = site_or_404(unit)
    if not sites.may_edit(by, found.unit.place):
        raise Http404
    return found


@as_post
def register(request: HttpRequest, by: Holder) -> HttpResponse:
    """The sites of a place: a map of them, and below it the same as a list."""
    code = place_asked(request, by)
    found = sites.find(code)
    counts = Counter(k.unit.kind for k in found)
    # Above a town all kinds together are too many to be read at once.
    usual = next((k for k in sites.KINDS if counts[k]), "") if len(code) < 9 else ""
    kind = request.GET.get("kind", usual)
    if kind and kind not in sites.KINDS:
        raise Http404
    rows = [k for k in found if not kind or k.unit.kind == kind]
    below = [c.code for c in children(code)] if len(code) < Level.TOWN.digits else []
    paths([*below, *(k.unit.place for k in rows)])  # all names at once
    if request.GET.get("as") == "xlsx":
        return _sheet(rows)
    context = {
        "by": by,
        "here": code,
        "trail": [c for c in ancestors(code) if c.startswith(by.place[:9])],
        "children": below,
        "kind": kind,
        "kinds": [
            {"kind": "", "label": _("全部"), "count": len(found)},
            *({"kind": k, "label": kind_label(k), "count": n} for k in sites.KINDS
              if (n := counts[k])),
        ],
        "rows": all_shown(rows, timezone.now()),
        "map": sites_map(code, rows, page="mediation:site"),
        "may_open": bool(sites.may_edit(by, by.place)),
        "new_at": code if code.startswith(by.place) else by.place,
    }  # fmt: skip
    return render(request, "mediation/network/register.html", context)


def _sheet(rows: Sequence[Known]) -> HttpResponse:
    """The list as it is filtered on the page."""
    head = [_("名称"), _("类型"), _("所在地"), _("地址"), _("电话"), _("开放时间"), _("服务事项")]
    lines = [
        [named(s.known.unit), s.kind, path_of(s.known.unit.place), s.known.site.address,
         s.known.unit.phone, "\n".join(s.week), "、".join(s.known.site.services)]
        for s in all_shown(rows, timezone.now())
    ]  # fmt: skip
    response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="sites.xlsx"'
    return response


def report_page(unit: Unit) -> str:
    """Where a resident begins a report that came through this unit."""
    if len(unit.place) == Level.VILLAGE.digits:
        return f"{reverse('portal:new', args=[mediation.name, unit.place])}?via={unit.id}"
    return f"{reverse('portal:where')}?at={unit.place}&via={unit.id}"


@as_post
def site(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    found, now = site_or_404(unit), timezone.now()
    place = found.unit.place
    edit = sites.may_edit(by, place)
    address = request.build_absolute_uri(report_page(found.unit))
    context = {
        "by": by,
        "site": shown(found, now),
        "holders": [(h, title(h)) for h in holders_in([unit], at=now)],
        "villages": coverage.villages_of(found.unit),
        "rooms": sites.rooms(unit),
        "room_form": RoomForm(),
        "may_edit": bool(edit),
        "why_not": edit.reason if isinstance(edit, No) else "",
        "qr": segno.make(address, error="m").svg_data_uri(border=2),
        "address": address,
    }
    return render(request, "mediation/network/site.html", context)


@as_post
def open_site(request: HttpRequest, by: Holder) -> HttpResponse:
    """A new site; `kind` and `place` may be proposed by the page one comes from."""
    if not sites.may_edit(by, by.place):
        raise Http404
    initial = {name: request.GET.get(name, "") for name in ("kind", "place")}
    form = OpenSiteForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            unit = sites.open_site(facts["kind"], facts["place"], facts, by=by, now=timezone.now())
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("网点已开设。"))
            return redirect("mediation:site", unit.id)
    context = {"by": by, "form": form, "title": _("开设网点"), "back": reverse("mediation:network")}
    return _form_page(request, context)


@as_post
def change_site(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    found = _to_edit(by, unit)
    names = (*sites.UNIT_FACTS, *sites.SITE_FACTS)
    initial = {n: getattr(found.unit, n, None) or getattr(found.site, n, None) for n in names}
    form = SiteForm(request.POST or None, initial=initial, place=found.unit.place)
    if request.method == "POST" and form.is_valid():
        sites.change_site(found.unit, form.cleaned_data, by=by)
        messages.success(request, _("已保存。"))
        return redirect("mediation:site", unit)
    return _form_page(request, _about(by, found, form, _("修改网点信息")))


@as_post
def villages(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    """Which villages a contact point serves."""
    found = _to_edit(by, unit)
    form = VillagesForm(request.POST or None, of=found)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        wanted = {*form.cleaned_data["villages"], *([other] if other else [])}
        try:
            coverage.set_villages(found.unit, wanted, by=by, on=timezone.localdate())
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("已保存。"))
            return redirect("mediation:site", unit)
    return _form_page(request, _about(by, found, form, _("联系的村（社区）")))


@as_post
def mediator(request: HttpRequest, by: Holder, post: UUID) -> HttpResponse:
    """What is told of a mediator."""
    of = Post.objects.filter(id=post, kind="mediator", valid_to=None).select_related("unit").first()
    if of is None:
        raise Http404
    found = _to_edit(by, of.unit_id)
    told = Mediator.objects.filter(post=post).first()
    initial = (
        {n: getattr(told, n) for n in ("skills", "languages", "since", "about")} if told else {}
    )
    form = MediatorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        sites.describe_mediator(of, form.cleaned_data, by=by)
        messages.success(request, _("已保存。"))
        return redirect("mediation:site", of.unit_id)
    return _form_page(request, _about(by, found, form, _("调解员介绍")))


@as_post
def close_site(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    """Asks once more, and says what ends with it."""
    found = _to_edit(by, unit)
    refused = ""
    if request.method == "POST":
        try:
            sites.close_site(found.unit, by=by, now=timezone.now())
        except Refused as error:
            refused = str(error.reason)
        else:
            messages.success(request, _("网点已撤销。"))
            return redirect("mediation:network")
    context = {"by": by, "site": shown(found, timezone.now()), "refused": refused,
               "villages": coverage.villages_of(found.unit)}  # fmt: skip
    return render(request, "mediation/network/close.html", context, status=409 if refused else 200)


@require_POST
@as_post
def rooms(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    """Adds a room, or closes one."""
    found, form = _to_edit(by, unit), RoomForm(request.POST)
    try:
        if "close" in request.POST:
            room = UUID(request.POST["close"])
            sites.close_room(found.unit, room, by=by, now=timezone.now())
        elif form.is_valid():
            sites.add_room(found.unit, form.cleaned_data["name"], by=by)
        else:
            raise Refused(_("请写调解室的名称，最多 60 个字。"))
    except Refused as error:
        messages.error(request, str(error.reason))
    except ValueError:
        raise Http404 from None
    return redirect(reverse("mediation:site", args=[unit]) + "#rooms")


def _about(by: Holder, found: Known, form: Any, title: str) -> dict[str, Any]:
    back = reverse("mediation:site", args=[found.unit.id])
    return {"by": by, "form": form, "title": title, "unit": found.unit, "back": back}


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    wrong = bool(context["form"].errors)
    return render(request, "mediation/network/form.html", context, status=422 if wrong else 200)
