"""The register of roads for staff: list, a page for each road, and what may be changed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Charge, Point, Road, Section
from gongzhi.mechanisms.roads.pages.road_forms import (
    ChargeForm,
    NewRoadForm,
    PointForm,
    RoadForm,
    SectionForm,
)
from gongzhi.mechanisms.roads.registers import charges, geometry, roads
from gongzhi.mechanisms.roads.registers.importing import SHEETS
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, paths
from gongzhi.ui.words import named

# What is changed in a row, as the sheets call it.
LABELS = {
    **SHEETS["points"][1], **SHEETS["sections"][1], **SHEETS["roads"][1],
    "valid_to": gettext_lazy("停用"), "held_to": gettext_lazy("任到"),
}  # fmt: skip


def place_asked(request: HttpRequest, by: Holder) -> str:
    """A place in the post's own, or of its county: a road does not end at the village."""
    own = by.place[:6]
    code = request.GET.get("place") or own
    if not code.startswith(own) or not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def road_or_404(id_: UUID) -> Road:
    found = roads.road(id_)
    if found is None:
        raise Http404
    return found


def _row_or_404(table: type[roads.Row], id_: UUID, by: Holder) -> Any:
    """A row that one keeps."""
    found = table._default_manager.filter(roads.current(), id=id_).first()
    if found is None or not roads.keeps_row(by, found):
        raise Http404
    return found


def places_near(code: str, by: Holder) -> dict[str, Any]:
    """What a filter by place offers: above, here and below."""
    below = [c.code for c in children(code)] if len(code) < Level.VILLAGE.digits else []
    paths([code, *below])  # all names at once
    own = by.place[:6]
    return {"here": code, "children": below,
            "trail": [c for c in ancestors(code) if c.startswith(own)]}  # fmt: skip


@as_post
def register(request: HttpRequest, by: Holder) -> HttpResponse:
    """The roads of a place, with who is chief and where nobody is."""
    code, grade = place_asked(request, by), request.GET.get("grade", "")
    found = [r for r in roads.roads_in(code) if not grade or r.grade == grade]
    over = charges.chiefs_over(found, now=timezone.now())
    here: dict[UUID, list[Section]] = {}
    for section in roads.sections_in(code):
        here.setdefault(section.road_id, []).append(section)
    context = {
        "by": by,
        "grade": grade,
        "grades": roads.GRADES,
        "rows": [
            {"road": r, "grade": roads.GRADES[r.grade], "sections": len(here.get(r.id, ())),
             "km": sum(s.length_km for s in here.get(r.id, ())),
             "chief": next((c for c in over.get(r.id, ())
                            if c.level == Level.COUNTY and c.charge.section is None), None)}
            for r in found
        ],
        "may_add": bool(roads.keeps(by, by.place)),
        **places_near(code, by),
    }  # fmt: skip
    return render(request, "roads/register.html", context)


@as_post
def road(request: HttpRequest, by: Holder, road: UUID) -> HttpResponse:
    found, now = road_or_404(road), timezone.now()
    over = charges.chiefs_over([found], now=now).get(found.id, [])
    sections = roads.of_road(found)
    paths(s.village for s in sections)  # all names at once
    keeps = roads.keeps_road(by, found)
    context = {
        "by": by,
        "road": found,
        "grade": roads.GRADES[found.grade],
        "km": sum(s.length_km for s in sections),
        "sections": [
            {"section": s, "chiefs": charges.of_section(s, over),
             "from": geometry.stake(s.from_km), "to": geometry.stake(s.to_km),
             "keeps": bool(roads.keeps(by, s.village))}
            for s in sections
        ],
        "chiefs": [
            {"chief": c, "section": next((s for s in sections if s.id == c.charge.section), None)}
            for c in over
        ],
        "points": [(p, roads.KINDS[p.kind]) for p in roads.points_of([found])],
        "history": roads.history(found)[:20],
        "labels": LABELS,
        "keeps": bool(keeps),
        "adds": bool(roads.keeps(by, by.place)) and _touches(by, found),
        "why_not": keeps.reason if isinstance(keeps, No) else "",
    }  # fmt: skip
    return render(request, "roads/road.html", context)


def _touches(by: Holder, road: Road) -> bool:
    """Whether sections of it may lie in the post's place."""
    return road.place.startswith(by.place) or by.place.startswith(road.place)


@as_post
def chiefs(request: HttpRequest, by: Holder) -> HttpResponse:
    """Where nobody answers: roads without a county chief, sections without one of the village."""
    code = place_asked(request, by)
    context = {"by": by, "gaps": charges.gaps(code, now=timezone.now()), **places_near(code, by)}
    return render(request, "roads/chiefs.html", context)


def _form_page(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back}
    return render(request, "roads/form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: forms.Form, done: Any) -> bool:
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


@as_post
def add_road(request: HttpRequest, by: Holder) -> HttpResponse:
    if not roads.keeps(by, by.place):
        raise Http404
    form, new = NewRoadForm(request.POST or None, by=by), Road()

    def done(said: Mapping[str, Any]) -> None:
        for name in ("code", *roads.FACTS[Road]):
            setattr(new, name, said[name])
        new.place = roads.home(new.code, said["county"])
        roads.add(new, by=by, now=timezone.now())

    if _kept(request, form, done):
        return redirect("roads:road", new.id)
    return _form_page(request, by, form, _("登记道路"), reverse("roads:register"))


@as_post
def add_row(
    request: HttpRequest, by: Holder, road: UUID, table: type[Section | Point]
) -> HttpResponse:
    """A section or a point more on a road."""
    of = road_or_404(road)
    if not roads.keeps(by, by.place) or not _touches(by, of):
        raise Http404
    form = _form_of(request, table, of, by, {})

    def done(said: Mapping[str, Any]) -> None:
        new = table(road=of, **{name: said[name] for name in roads.FACTS[table]})
        roads.add(new, by=by, now=timezone.now())

    back = reverse("roads:road", args=[of.id])
    if _kept(request, form, done):
        return redirect(back)
    title = _("添加路段") if table is Section else _("添加路口、设施或风险点")
    return _form_page(request, by, form, f"{of.code} {named(of)} · {title}", back)


def _form_of(
    request: HttpRequest, table: type[roads.Row], of: Road, by: Holder, initial: dict[str, Any]
) -> forms.Form:
    said, files = request.POST or None, request.FILES or None
    if table is Road:
        return RoadForm(said, by=by, initial=initial)
    if table is Section:
        return SectionForm(said, files, by=by, initial=initial)
    return PointForm(said, by=by, road=of, initial=initial)


@as_post
def change_row(request: HttpRequest, by: Holder, row: UUID, table: type[roads.Row]) -> HttpResponse:
    found = _row_or_404(table, row, by)
    of = found if table is Road else found.road
    initial = {name: getattr(found, name) for name in roads.FACTS[table]}
    if table is Section:
        initial["line"] = geometry.written(found.line)
    form = _form_of(request, table, of, by, initial)
    back = reverse("roads:road", args=[of.id])
    if _kept(request, form, lambda said: roads.change(found, said, by=by, now=timezone.now())):
        return redirect(back)
    return _form_page(request, by, form, f"{of.code} {named(of)} · {_('修改')}", back)


@as_post
def end_row(request: HttpRequest, by: Holder, row: UUID, table: type[roads.Row]) -> HttpResponse:
    """Asks once more, and says what ends with it."""
    found = _row_or_404(table, row, by)
    of = found if table is Road else found.road
    if request.method == "POST":
        roads.end(found, by=by, now=timezone.now())
        messages.success(request, _("已停用，历史保留。"), extra_tags="good")
        return redirect("roads:register") if table is Road else redirect("roads:road", of.id)
    context = {"by": by, "row": found, "back": reverse("roads:road", args=[of.id])}
    return render(request, "roads/end.html", context)


@as_post
def give(request: HttpRequest, by: Holder, road: UUID) -> HttpResponse:
    """Puts a post in charge of a road or a section."""
    of = road_or_404(road)
    if not roads.keeps(by, by.place) or not _touches(by, of):
        raise Http404
    form = ChargeForm(request.POST or None, by=by, road=of,
                      initial={"section": request.GET.get("section", "")})  # fmt: skip

    def done(said: Mapping[str, Any]) -> None:
        section = form.sections.get(said["section"])
        charges.give(form.posts[said["post"]], of, section, by=by, now=timezone.now())

    back = reverse("roads:road", args=[of.id])
    if _kept(request, form, done):
        return redirect(f"{back}#chiefs")
    return _form_page(request, by, form, f"{of.code} {named(of)} · {_('任路长')}", back)


@require_POST
@as_post
def end_charge(request: HttpRequest, by: Holder, charge: UUID) -> HttpResponse:
    found = Charge.objects.filter(id=charge, held_to=None).select_related("road").first()
    if found is None:
        raise Http404
    try:
        charges.end(found, by=by, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error.reason))
    return redirect(reverse("roads:road", args=[found.road_id]) + "#chiefs")


TABLES: Sequence[tuple[str, type[roads.Row]]] = (
    ("road", Road), ("section", Section), ("point", Point),
)  # fmt: skip
