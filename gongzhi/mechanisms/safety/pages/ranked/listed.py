"""Hazards of a place in the order of urgency 轻重缓急, and how many of each colour."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import urgency
from gongzhi.cases.models import Case
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.models import Site
from gongzhi.mechanisms.safety.pages.register.asking import place_asked, places_near
from gongzhi.mechanisms.safety.registers import ranked_rules
from gongzhi.mechanisms.safety.registers.ranks import DANGER, RANKS, rank_of_weight, weights
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths
from gongzhi.ui import words

# What is not ranked stands beside the colours.
UNRANKED: Final = "unranked"
COLOURS: Final = {**RANKS, UNRANKED: _("待定级")}
OPEN: Final = [state for state in safety.states if not state.final]


def of_colour(colour: str) -> tuple[int, ...]:
    return weights("" if colour == UNRANKED else colour)


def _wanted(request: HttpRequest) -> dict[str, str]:
    states = {state.name for state in OPEN}
    asked = {"colour": COLOURS, "state": states, "overdue": {"1"}}
    return {
        name: request.GET[name] for name, known in asked.items()
        if request.GET.get(name) in known
    }  # fmt: skip


def _as_asked(wanted: Mapping[str, str]) -> urgency.Wanted:
    colours = [wanted["colour"]] if "colour" in wanted else list(COLOURS)
    return urgency.Wanted(
        weights=[w for colour in colours for w in of_colour(colour)],
        states=[wanted["state"]] if "state" in wanted else [],
        overdue_at=timezone.now() if "overdue" in wanted else None,
    )


def listed_by(case: Case) -> str:
    """The level that has listed it for supervision, in words; empty when none has."""
    listed = case.facts.get("listed")
    return words.level(Level[listed["level"].upper()]) if listed else ""


def _rows(cases: Iterable[Case]) -> list[dict[str, Any]]:
    cases = list(cases)
    paths(c.place for c in cases)  # all names at once
    units = Unit.objects.in_bulk({c.unit for c in cases})
    asked = {UUID(c.facts["site"]) for c in cases if c.facts.get("site")}
    sites = Site.objects.select_related("enterprise").in_bulk(asked)
    return [
        {
            "case": c, "colour": rank_of_weight(c.weight), "danger": c.weight == DANGER,
            "state": safety.state(c.state), "unit": units.get(c.unit),
            "site": sites.get(UUID(c.facts["site"])) if c.facts.get("site") else None,
            "listed": listed_by(c), "major": bool(c.facts.get("major")),
        }
        for c in cases
    ]  # fmt: skip


def _counted(of: Mapping[int, int]) -> dict[str, int]:
    return {colour: sum(of.get(w, 0) for w in of_colour(colour)) for colour in COLOURS}


@as_post
def ranked(request: HttpRequest, by: Holder) -> HttpResponse:
    """A post that sees no place sees what its unit holds, and no figures of a place."""
    place, wanted = place_asked(request, by), _wanted(request)
    near = places_near(place, by)
    counted = urgency.numbers(safety, by, [place, *near["children"]]) if by.sees_place else {}
    page = urgency.page(safety, by, place, _as_asked(wanted), after=request.GET.get("after", ""))
    here = {"place": place, **wanted}
    below = [(code, _counted(counted[code])) for code in near["children"] if counted.get(code)]
    context = {
        "by": by, "tab": "ranked", "rows": _rows(page.rows), "wanted": wanted, **near,
        "colours": COLOURS, "states": OPEN, "counts": _counted(counted.get(place, {})),
        "below": [(code, of) for code, of in below if any(of.values())],
        "after": request.GET.get("after", ""), "link": urlencode(here),
        "sets": ranked_rules.may_set_rules(by),
        "next": urlencode({**here, "after": page.after}) if page.after else "",
    }  # fmt: skip
    return render(request, "safety/ranked/list.html", context)
