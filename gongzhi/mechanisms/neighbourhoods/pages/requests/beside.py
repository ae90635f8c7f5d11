"""What stands beside a request on its case page: its building, and the same told next door."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.cases.models import Case
from gongzhi.cases.reading import CaseView, case_for
from gongzhi.mechanisms.neighbourhoods.forms.telling import SHOWN
from gongzhi.mechanisms.neighbourhoods.mechanism import gather, neighbourhoods
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post

MOST = 10


def _same(view: CaseView, by: Holder) -> list[Case]:
    """Other open requests of the building of this kind, the first told first; the one a neighbour
    said "here too" to before all."""
    facts = view.case.facts
    with within(by.scope):
        found = Case.objects.filter(
            place=view.case.place, mechanism=neighbourhoods.name, is_open=True,
            facts__building=facts["building"],
        ).exclude(id=view.case.id).order_by("reported_at")  # fmt: skip
        same = [c for c in found if c.category == view.case.category or _named(c, facts)]
    return sorted(same, key=lambda c: not _named(c, facts))[:MOST]


def _named(case: Case, facts: dict[str, object]) -> bool:
    return str(case.id) == facts.get("same_as")


@as_post
def beside(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    view = case_for(by, county, id_)
    if view.mechanism.name != neighbourhoods.name:
        raise Http404
    known = view.case.facts.get("building")
    building = buildings.building(UUID(known)) if known else None
    context = {
        "view": view,
        "building": building,
        "may_open": building and buildings.building_for(by, building.id) is not None,
        "shown": dict(SHOWN).get(view.case.facts.get("shown", "")),
        "same": _same(view, by) if building and view.case.is_open else [],
        "gather": gather if gather in view.acts else None,
        "with_it": [c for c in view.linked if c.mechanism == neighbourhoods.name],
    }
    return render(request, "neighbourhoods/requests/beside.html", context)
