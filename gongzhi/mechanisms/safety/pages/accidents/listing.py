"""The register of accidents on pages: the list, and one accident with all that belongs to it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import sheets
from gongzhi.mechanisms.safety.models import Accident, AccidentChange, Connection, Enterprise, Site
from gongzhi.mechanisms.safety.pages.accidents.asking import accident_read, place_asked, tabs
from gongzhi.mechanisms.safety.pages.register.asking import places_near
from gongzhi.mechanisms.safety.pages.register.importing import sent
from gongzhi.mechanisms.safety.registers import accidents, accidents_known, accidents_law
from gongzhi.mechanisms.safety.registers.accidents_sheets import BOOK, COLUMNS
from gongzhi.mechanisms.safety.registers.groups import LABELS
from gongzhi.mechanisms.safety.registers.industries import INDUSTRIES, grouped
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, VERDICTS
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.places.search import paths
from gongzhi.ui import words

FILTERS = ("kind", "grade", "industry")
NAMES = {
    **COLUMNS, "site_id": COLUMNS["site"], "enterprise_id": gettext_lazy("企业"),
    "grade": gettext_lazy("事故等级"), "void": gettext_lazy("作废"),
}  # fmt: skip
CODED: Mapping[str, Mapping[str, Any]] = {
    "kind": accidents_law.KINDS, "grade": accidents_law.GRADES, "group": LABELS,
    "industry": INDUSTRIES,
}  # fmt: skip


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """The newest first."""
    place = place_asked(request, by)
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    if request.GET.get("as") == "xlsx":
        return _exported(accidents.page(place, wanted, size=sheets.MOST_ROWS).rows)
    page = accidents.page(place, wanted, after=request.GET.get("after", ""))
    paths(row.place for row in page.rows)  # all names at once
    query = {"place": place, **wanted}
    context = {
        **tabs(by, place, "accidents"), **places_near(place, by),
        "page": page, "wanted": wanted, "kinds": accidents_law.KINDS, "known": INDUSTRIES,
        "grades": accidents_law.GRADES, "industries": grouped(), "query": urlencode(query),
        "next": urlencode({**query, "after": page.after}) if page.after else "",
    }  # fmt: skip
    return render(request, "safety/accidents/list.html", context)


def _exported(rows: Iterable[Accident]) -> HttpResponse:
    """As an import takes it."""
    lines = (
        {"place": f"{a.place} {name_of(a.place)}",
         "code": a.enterprise.code if a.enterprise else "", "site": a.site.name if a.site else "",
         "industry": str(INDUSTRIES.get(a.industry, a.industry)),
         "kind": str(accidents_law.KINDS[a.kind]), "group": str(LABELS.get(a.group, "")),
         "at": _minute(a.at), "known_at": _minute(a.known_at) if a.known_at else "",
         "deaths": a.deaths, "injured": a.injured, "loss_yuan": a.loss_yuan, "how": a.how}
        for a in rows if not a.void
    )  # fmt: skip
    return sent(BOOK.made({"accidents": lines}), "accidents")


def _minute(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


@as_post
def accident(request: HttpRequest, by: Holder, accident: UUID) -> HttpResponse:
    """Facts, class and why; reports up; what was known before; corrections."""
    of, now = accident_read(by, accident), timezone.now()
    hazards = accidents_known.hazards(of, by)
    context = {
        **tabs(by, of.place, "accidents"), **shown(of),
        "steps": accidents.steps_of(of, now=now), "now": now,
        "grows_until": accidents_law.grows_until(of.kind, of.at),
        "hazards": [{"of": h, "rank": RANKS.get(h.rank, ""), "group": LABELS.get(h.case.category),
                     "said": _said([h.said])[0] if h.said else None} for h in hazards],
        "tally": accidents_known.tally(hazards), "sited": accidents_known.sites_of(of),
        "inspections": [
            {"of": one, "kind": CHECKS.get(one.row.kind, one.row.kind),
             "related": [(VERDICTS[v], n) for v, n in one.related.items()]}
            for one in accidents_known.inspections(of, by)
        ],
        "changes": changed(of.changes.order_by("-at", "-id")),
        "words": _said(of.connections.order_by("-at")),
    }  # fmt: skip
    return render(request, "safety/accidents/accident.html", context)


def shown(of: Accident) -> dict[str, Any]:
    """An accident in words."""
    return {
        "of": of, "kind": accidents_law.KINDS.get(of.kind, of.kind),
        "grade": accidents_law.GRADES[of.grade], "group": LABELS.get(of.group, ""),
        "decided": accidents_law.decided_by(of.deaths, of.injured, of.loss_yuan),
        "industry": INDUSTRIES.get(of.industry, of.industry),
    }  # fmt: skip


def _units(posts: Iterable[UUID]) -> dict[UUID, str]:
    """What the units of some posts are called: who said something is a unit, to readers."""
    found = Post.objects.select_related("unit").in_bulk(set(posts))
    return {id_: f"{words.named(p.unit)} {words.named(p)}" for id_, p in found.items()}


def _said(rows: Iterable[Connection]) -> list[dict[str, Any]]:
    rows = list(rows)
    units = _units(r.post for r in rows)
    return [{"row": r, "who": units.get(r.post, "")} for r in rows]


def changed(rows: Iterable[AccidentChange]) -> list[dict[str, Any]]:
    rows = list(rows)
    units = _units(r.post for r in rows)
    return [
        {"row": r, "who": units.get(r.post, ""),
         "facts": [(_name(n), _value(n, was), _value(n, now)) for n, (was, now) in r.facts.items()]}
        for r in rows
    ]  # fmt: skip


def _name(name: str) -> Any:
    if name.startswith("reported."):
        return _("上报%(level)s") % {"level": accidents_law.LEVELS[name.removeprefix("reported.")]}
    return NAMES.get(name, name)


def _value(name: str, value: Any) -> Any:
    if value in (None, ""):
        return "—"
    if name == "void":
        return _("是") if value else _("否")
    if name in CODED:
        return CODED[name].get(value, value)
    if name == "place":
        return words.short_path(value)
    if name in {"site_id", "enterprise_id"}:
        model: Any = Site if name == "site_id" else Enterprise
        return words.named(model.objects.filter(id=value).first() or value)
    at = parse_datetime(value) if isinstance(value, str) and name[-2:] == "at" else None
    return words.moment(at) if at else value
