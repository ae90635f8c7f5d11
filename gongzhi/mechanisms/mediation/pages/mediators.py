"""What studios, committees and their mediators have done: counts with kinds, never a rank."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.network import tallies
from gongzhi.mechanisms.mediation.network.mediators import KINDS as MEDIATE
from gongzhi.mechanisms.mediation.pages.filter import Share
from gongzhi.mechanisms.mediation.pages.shown import kind_label
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children
from gongzhi.ui.period import Period
from gongzhi.ui.words import named, title


@dataclass(frozen=True, slots=True)
class Row:
    """A mediator or a kind of dispute, and what was done."""

    label: str
    counts: Counter[str]
    open: int
    post: UUID | None = None

    @property
    def shares(self) -> list[Share]:
        return shares(self.counts)


def shares(of: Counter[str]) -> list[Share]:
    """In the order of the columns: success, performance, satisfaction."""
    return [
        Share(_("成功率"), _("达成协议 ÷（达成协议 + 调解不成）"), of["agreed"],
              of["agreed"] + of["failed"]),
        Share(_("履行率"), _("按期履行 ÷ 到期应履行，按期数计"), of["kept"], of["due"]),
        Share(_("满意率"), _("评价满意 ÷ 已评价"), of["satisfied"], of["rated"]),
    ]  # fmt: skip


def told(of: Counter[str]) -> list[Share]:
    """As on a page of its own: also how many said anything at all."""
    ended = of["settled"] + of["failed"]
    rated = Share(_("评价率"), _("已评价 ÷（履行办结 + 调解不成）"), of["rated"], ended)
    return [*shares(of), rated]


def kind_rows(kinds: tallies.Kinds, held: Mapping[str, int]) -> list[Row]:
    """In the order in which kinds are offered; what did not occur is left out."""
    return [
        Row(str(kind), kinds.get(name, Counter()), held.get(name, 0))
        for name, kind in catalogue.every(mediation).items()
        if kinds.get(name) or held.get(name)
    ]


def unit_or_404(by: Holder, id_: UUID) -> Unit:
    unit = Unit.objects.filter(id=id_).first()
    if unit is None or not tallies.may_see_unit(by, unit):
        raise Http404
    return unit


def _period(request: HttpRequest) -> dict[str, Any]:
    period = Period(request.GET)
    since, until = period.months()
    return {"period": period, "since": since, "until": until}


@as_post
def mediators(request: HttpRequest, by: Holder) -> HttpResponse:
    """The units of a place that mediate, by place and name; a mediator's own page else."""
    if by.kind not in tallies.OVERSEE:
        if by.kind not in MEDIATE:
            return render(request, "mediation/mediators/none.html", {"by": by, "here": by.place})
        return redirect("mediation:mediator_done", by.post)
    if not by.sees_place:
        return redirect("mediation:unit_done", by.unit)
    code = request.GET.get("place", by.place)
    if not code.startswith(by.place) or not Division.objects.filter(code=code).exists():
        raise Http404
    units = list(tallies.units_of(code))
    posts = list(tallies.posts_of(units))
    held = tallies.open_now(code, [p.id for p in posts])
    rows = [
        {"unit": unit, "kind": kind_label(unit.kind),
         "mediators": sum(p.unit_id == unit.id and p.kind == "mediator" for p in posts),
         "open": sum(held.get(p.id, 0) for p in posts if p.unit_id == unit.id)}
        for unit in units
    ]  # fmt: skip
    context = {
        "by": by, "here": code, "rows": rows,
        "trail": [c for c in ancestors(code) if c.startswith(by.place)],
        "children": [c.code for c in children(code)] if len(code) < Level.TOWN.digits else [],
    }  # fmt: skip
    return render(request, "mediation/mediators/units.html", context)


def _people(unit: Unit, found: Mapping[UUID, tallies.Kinds], posts: list[Post]) -> list[Row]:
    """Mediators, and others of the unit who have mediated; by name, never by what they did."""
    held = tallies.open_now(unit.place, found)
    names = {
        h.post: f"{h.name} · {title(h)}"
        for h in holders_in([unit.id], at=timezone.now()) if not h.deputy
    }  # fmt: skip
    rows = [
        Row(names.get(p.id) or f"{named(p)}{gettext('（空缺）')}", tallies.together(found[p.id]),
            held.get(p.id, 0), p.id)
        for p in posts if p.kind == "mediator" or found[p.id]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.label)


@as_post
def unit_done(request: HttpRequest, by: Holder, unit: UUID) -> HttpResponse:
    """A studio or committee: its mediators beside one another, its kinds of dispute."""
    of, asked = unit_or_404(by, unit), _period(request)
    posts = list(tallies.posts_of([of]))
    found = tallies.done(of.place, [p.id for p in posts], asked["since"], asked["until"])
    kinds = tallies.added(found.values())
    held = tallies.open_by_kind(of, by)
    context = {
        "by": by, "unit": of, "kind": kind_label(of.kind), **asked,
        "of": tallies.together(kinds), "open": sum(held.values()),
        "shares": told(tallies.together(kinds)), "people": _people(of, found, posts),
        "kinds": kind_rows(kinds, held),
    }  # fmt: skip
    return render(request, "mediation/mediators/unit.html", context)


@as_post
def mediator_done(request: HttpRequest, by: Holder, post: UUID) -> HttpResponse:
    """One mediator's own page; whoever guides them sees the same."""
    of = Post.objects.filter(id=post, kind__in=MEDIATE).select_related("unit").first()
    if of is None or not tallies.may_see_post(by, of):
        raise Http404
    asked = _period(request)
    kinds = tallies.done(of.unit.place, [post], asked["since"], asked["until"])[post]
    holders = holders_in([of.unit_id], at=timezone.now())
    context = {
        "by": by, "post": of, "unit": of.unit, **asked, "of": tallies.together(kinds),
        "may_see_unit": tallies.may_see_unit(by, of.unit),
        "name": next((h.name for h in holders if h.post == post and not h.deputy), ""),
        "open": tallies.open_now(of.unit.place, [post]).get(post, 0),
        "shares": told(tallies.together(kinds)), "kinds": kind_rows(kinds, {}),
    }  # fmt: skip
    return render(request, "mediation/mediators/mediator.html", context)
