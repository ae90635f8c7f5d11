"""Who to knock at: the doors of one building that have not heard yet, and a tap for each."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.pages.notices.staff import notice_or_404
from gongzhi.mechanisms.neighbourhoods.registers import announced, announcing, buildings
from gongzhi.mechanisms.neighbourhoods.registers.announced import Door
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


def by_stair(doors: list[Door]) -> dict[str, list[Door]]:
    found: dict[str, list[Door]] = defaultdict(list)
    for door in doors:
        found[door.household.dwelling.stair].append(door)
    return dict(found)


@as_post
def doors(request: HttpRequest, by: Holder, announcement: UUID, building: UUID) -> HttpResponse:
    """For those who knock there, staircase by staircase; nobody's name stands here."""
    a = notice_or_404(by, announcement)
    of = buildings.building_for(by, building) if announcing.may_knock(by) else None
    if of is None or a.withdrawn_at is not None:
        raise Http404
    if request.method == "POST":
        return _ticked(request, by, announcement, building)
    every = announced.doors(a, of)
    left = [d for d in every if not d.heard]
    context = {
        "by": by, "a": a, "building": of, "wording": announcing.latest(a),
        "stairs": by_stair(left), "left": len(left), "all": len(every),
        "told": [d for d in every if d.heard and d.told_by is not None],
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/doors.html", context)


def _ticked(request: HttpRequest, by: Holder, announcement: UUID, building: UUID) -> HttpResponse:
    try:
        household = UUID(request.POST.get("household", ""))
        if "undo" in request.POST:
            announcing.untell_at_door(announcement, household, by=by)
        else:
            announcing.tell_at_door(announcement, household, by=by, now=timezone.now())
    except ValueError:
        raise Http404 from None
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("neighbourhoods:notice_doors", announcement, building)
