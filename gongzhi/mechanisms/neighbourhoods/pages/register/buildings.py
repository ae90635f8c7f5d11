"""A building and a door for staff: who lives behind which door is never said, only that they do."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.cases.custody import manages
from gongzhi.cases.models import Case
from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods as declared
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import building_or_404, door_or_404
from gongzhi.mechanisms.neighbourhoods.pages.register.history import told
from gongzhi.mechanisms.neighbourhoods.registers import buildings, changing, charges
from gongzhi.mechanisms.neighbourhoods.registers.doors import doors_of, laid_out
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.levels import county_of
from gongzhi.places.names import paths

LATEST: Final = 30


def open_requests(of: Building, by: Holder) -> list[Case]:
    """What residents of the building wait for, as far as the post may see it."""
    with within(by.scope):
        # A community has few open cases; what is in facts has no index that the wall would use.
        found = Case.objects.filter(
            county=county_of(of.community), place=of.community, mechanism=declared.name,
            is_open=True,
        ).order_by("due_at", "id")  # fmt: skip
        return [case for case in found if case.facts.get("building") == str(of.id)]


def shared(of: Building, by: Holder) -> dict[str, Any]:
    """What the page of a building and of its doors have in common."""
    chain = charges.chain(of, now=timezone.now())
    paths([of.community])
    return {
        "by": by, "building": of, "chain": chain,
        "managed": {a.post.id for rung in chain for a in rung.answering if manages(by, a.post)},
        "keeps": bool(buildings.keeps(by, of.community)),
    }  # fmt: skip


@as_post
def building(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    of = building_or_404(building, by)
    doors = doors_of(of)
    lived_in = [d for d in doors if d.household]
    context = shared(of, by) | {
        "stairs": laid_out(doors),
        "doors": len(doors),
        "empty": len(doors) - len(lived_in),
        "people": sum(d.people or 0 for d in lived_in),
        "silent": sum(d.people is None for d in lived_in),
        "requests": open_requests(of, by),
        "history": told(changing.history([of.id, *(d.id for d in doors)])[:LATEST]),
    }
    return render(request, "neighbourhoods/register/building.html", context)


@as_post
def door(request: HttpRequest, by: Holder, row: UUID) -> HttpResponse:
    """One door: whether somebody lives there, since when, and who answers for it."""
    of = door_or_404(row, by)
    context = shared(of.building, by) | {
        "door": of,
        "home": changing.home_of(of),
        "before": of.households.exclude(until=None).order_by("-since"),
        "history": told(changing.history([of.id])[:LATEST]),
    }
    return render(request, "neighbourhoods/register/door.html", context)
