"""The figures of an emergency: of the board while it lasts, and of the report when it is over.

Added up from counters; nobody is named, and nothing a household said is in it.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum

from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Asked,
    Called,
    Emergency,
    EmergencyEntry,
    Movement,
    RollCall,
    RollTally,
    Shift,
)
from gongzhi.places.levels import span

COUNTS = ("households", "registered", "needs", "served", "errands", "errands_done")
# What makes the timeline; needs and tasks come in thousands, and stand in the figures.
MILESTONES = ("activated", "extended", "roll_called", "passed_on", "errands_given", "ended")
MOST = 500


def _within(rows: QuerySet[Any], place: str) -> QuerySet[Any]:
    low, high = span(place)
    return rows.filter(community__gte=low, community__lt=high)


def by_community(of: Emergency, place: str) -> list[dict[str, Any]]:
    """Buildings, households and what was done there, in the order of codes."""
    rows = _within(Affected.objects.filter(emergency=of), place).values("community")
    found = rows.annotate(
        buildings=Count("building"), **{f"n_{name}": Sum(name) for name in COUNTS}
    )
    return [
        {"community": row["community"], "buildings": row["buildings"],
         **{name: row[f"n_{name}"] for name in COUNTS}}
        for row in found.order_by("community")
    ]  # fmt: skip


def added(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("buildings", *COUNTS)}


def by_kind(of: Emergency, place: str) -> dict[str, dict[str, int]]:
    """Needs asked for and met, by kind."""
    rows = _within(Asked.objects.filter(emergency=of), place).values("kind")
    found = rows.annotate(asked=Sum("n"), met=Sum("served"))
    return {r["kind"]: {"n": r["asked"], "served": r["met"]} for r in found.order_by("kind")}


def newest(of: Emergency, n: int = 60) -> list[EmergencyEntry]:
    return list(of.entries.order_by("-at", "-id")[:n])


def _calls(of: Emergency) -> list[dict[str, Any]]:
    found = []
    for roll in RollCall.objects.filter(emergency=of).order_by("called_at"):
        rows = list(RollTally.objects.filter(roll_call=roll))
        names = ("buildings", "answered", "acting", "waiting", "gaps")
        times = [sum(t.times[n] for t in rows) for n in range(len(rows[0].times) if rows else 0)]
        found.append(
            {"called_at": roll.called_at.isoformat(), "due_at": roll.due_at.isoformat(),
             **{name: sum(getattr(t, name) for t in rows) for name in names}, "times": times}
        )  # fmt: skip
    return found


def _supplies(of: Emergency) -> list[dict[str, Any]]:
    moved = Movement.objects.filter(supply__emergency=of)
    came = dict(moved.filter(n__gt=0).values_list("supply").annotate(total=Sum("n")))
    return [
        {"name": s.name, "measure": s.measure, "in": came.get(s.id, 0),
         "out": came.get(s.id, 0) - s.left, "left": s.left}
        for s in of.supplies.order_by("name")
    ]  # fmt: skip


def _shifts(of: Emergency) -> dict[str, Any]:
    rows = list(Shift.objects.filter(emergency=of))
    seconds = sum((s.to_at - s.from_at).total_seconds() for s in rows)
    return {"n": len(rows), "posts": len({s.post for s in rows}), "hours": round(seconds / 3600, 1)}


def _timeline(of: Emergency) -> list[dict[str, Any]]:
    rows = of.entries.filter(what__in=MILESTONES).order_by("at", "id")[:MOST]
    found = [{"at": e.at.isoformat(), "what": e.what, "facts": e.facts} for e in rows]
    first = of.entries.exclude(what__in=MILESTONES).values("what").annotate(at=Min("at"))
    return found + [{"at": r["at"].isoformat(), "what": r["what"], "facts": {}} for r in first]


def figures(of: Emergency) -> Mapping[str, Any]:
    """All there is to say of it when it ends."""
    communities = by_community(of, of.place)
    stepped = Called.objects.filter(roll_call__emergency=of).exclude(appointment=None)
    timeline = sorted(_timeline(of), key=lambda e: str(e["at"]))
    return {
        **added(communities), "communities": communities, "calls": _calls(of),
        "deputies": stepped.count(), "kinds": by_kind(of, of.place), "supplies": _supplies(of),
        "shifts": _shifts(of), "entries": of.entries.count(), "timeline": timeline,
    }  # fmt: skip
