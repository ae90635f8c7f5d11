"""The end of a campaign: its figures as they stood, and who came forgotten on its date."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, CheckIn, Progress, Purpose
from gongzhi.mechanisms.neighbourhoods.registers import campaigns
from gongzhi.people.posts import Holder

FIGURES = ("households", "came", "people")


def close(id_: UUID, note: str, *, by: Holder, now: datetime) -> Campaign:
    """Nobody is checked in any more, and the report is made. Raises Refused."""
    with transaction.atomic():
        return _closed(campaigns.must_lead(id_, by=by), note, now)


def _closed(of: Campaign, note: str, now: datetime) -> Campaign:
    """Of a campaign that is held: check-ins under way are waited for, and counted."""
    today = timezone.localdate(now)
    of.closed_at, of.report = now, _report(of) | {"note": note}
    of.save(update_fields=["closed_at", "report"])
    still = Q(ends_on=None) | Q(ends_on__gt=today)
    Purpose.objects.filter(still, campaign=of.id).update(ends_on=today)
    return of


def _report(of: Campaign) -> dict[str, Any]:
    """By building, community and day, with the names as they are now."""
    rows = {p.building: p for p in Progress.objects.filter(campaign=of)}
    known = Building.objects.filter(id__in=rows).select_related("grid")
    every: list[dict[str, Any]] = [
        {"id": str(b.id), "community": b.community, "grid": b.grid.name, "code": b.code,
         "name": b.name, "households": rows[b.id].households, "came": rows[b.id].came,
         "people": rows[b.id].people}
        for b in known.order_by("community", "code")
    ]  # fmt: skip
    of_community: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in every:
        of_community[one["community"]].append(one)
    here = CheckIn.objects.filter(campaign=of)
    by_day = here.annotate(day=TruncDate("at")).values("day")
    ends = here.aggregate(first=Min("at"), last=Max("at"))
    return {
        **sums(every),
        "first_at": ends["first"] and ends["first"].isoformat(),
        "last_at": ends["last"] and ends["last"].isoformat(),
        "days": [
            [d["day"].isoformat(), d["homes"], d["heads"]]
            for d in by_day.annotate(homes=Count("household"), heads=Sum("people")).order_by("day")
        ],
        "communities": [{"code": code, **sums(found)} for code, found in of_community.items()],
        "places": every,
    }  # fmt: skip


def sums(found: list[dict[str, Any]]) -> dict[str, int]:
    """Of buildings as a report has them."""
    return {
        "buildings": len(found),
        "begun": sum(one["came"] > 0 for one in found),
        **{name: sum(one[name] for one in found) for name in FIGURES},
    }


def forget(now: datetime) -> int:
    """Who came, of campaigns whose date has come; how many campaigns.

    One that nobody has closed by then is closed, since its counts could not be corrected any more.
    """
    due = Campaign.objects.filter(erase_on__lte=timezone.localdate(now), erased_at=None)
    ids = list(due.values_list("id", flat=True))
    for id_ in ids:
        with transaction.atomic():
            of = Campaign.objects.select_for_update().get(id=id_)
            if of.closed_at is None:
                _closed(of, "", now)
            CheckIn.objects.filter(campaign=of).delete()
            of.erased_at = now
            of.save(update_fields=["erased_at"])
    return len(ids)
