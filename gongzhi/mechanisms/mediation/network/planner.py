"""Where new contact points would serve most: the maximal covering location problem.

Church and ReVelle (1974): choose p sites so that as much demand as possible lies within a radius
of one of them. Solved exactly with HiGHS, which also says how far from the best an answer may be
when its time is up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import highspy

from gongzhi.mechanisms.mediation.network.coverage import coverage
from gongzhi.mechanisms.mediation.network.sites import seats
from gongzhi.places.distance import Spot, km
from gongzhi.places.models import Division

SECONDS = 10.0  # that a page may think


@dataclass(frozen=True, slots=True)
class Town:
    """A seat where a point could stand, and the demand that lies there."""

    code: str
    spot: Spot
    villages: int
    weight: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`covered` and `total` in the weight asked for, `gap` as a share of what is covered."""

    chosen: Sequence[str]
    reached: Sequence[str]
    covered: float
    total: float
    villages: int
    optimal: bool
    gap: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Question:
    """What there is to plan with, and what the data cannot say."""

    towns: Sequence[Town]
    unserved: int
    placeless: Sequence[str]  # towns whose seat is unknown
    left_out: int  # their villages that no point serves


def question(place: str, *, by_people: bool) -> Question:
    """The villages of a place that no point serves, as demand at the seats of their towns."""
    parts = coverage(place, digits=9)
    known = seats(p.code for p in parts)
    each = _people_of_a_village({p.code[:6] for p in parts}) if by_people else {}
    towns = [
        Town(p.code, known[p.code], len(p.unserved), len(p.unserved) * each.get(p.code[:6], 1.0))
        for p in parts
        if p.code in known
    ]
    placeless = [p for p in parts if p.code not in known]
    return Question(
        towns,
        sum(len(p.unserved) for p in parts),
        [p.code for p in placeless],
        sum(len(p.unserved) for p in placeless),
    )


def _people_of_a_village(counties: set[str]) -> dict[str, float]:
    """The county's people spread evenly over its villages: nothing finer is known."""
    people = Division.objects.filter(code__in=counties, population__isnull=False)
    found = {}
    for code, population in people.values_list("code", "population"):
        n = Division.objects.filter(level=5, code__startswith=code, valid_to=None).count()
        found[code] = (population or 0) / max(n, 1)
    return found


def plan(towns: Sequence[Town], *, radius: float, p: int, seconds: float = SECONDS) -> Plan:
    """The best p seats for a radius in kilometres."""
    began = monotonic()
    demand = [t for t in towns if t.weight > 0]
    within = [
        [n for n, there in enumerate(towns) if km(t.spot, there.spot) <= radius] for t in demand
    ]
    chosen, gap, optimal = _solve(len(towns), demand, within, p, seconds)
    reached = [t for t, near in zip(demand, within, strict=True) if chosen & set(near)]
    return Plan(
        chosen=[towns[n].code for n in sorted(chosen)],
        reached=[t.code for t in reached],
        covered=sum(t.weight for t in reached),
        total=sum(t.weight for t in demand),
        villages=sum(t.villages for t in reached),
        optimal=optimal,
        gap=gap,
        seconds=monotonic() - began,
    )


def _solve(
    n: int, demand: Sequence[Town], within: Sequence[Sequence[int]], p: int, seconds: float
) -> tuple[set[int], float, bool]:
    """Numbers of the chosen seats, the gap, and whether nothing better is possible."""
    if not demand or p < 1:
        return set(), 0.0, True
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", 0.0)
    build = [model.addBinary() for _ in range(n)]
    # Whether a demand is met follows from what is built: it need not be a whole number.
    met = [model.addVariable(lb=0, ub=1) for _ in demand]
    for y, near in zip(met, within, strict=True):
        model.addConstr(y <= sum((build[j] for j in near[1:]), start=1 * build[near[0]]))
    model.addConstr(sum(build[1:], start=1 * build[0]) <= p)
    weights = [t.weight for t in demand]
    model.maximize(sum((w * y for w, y in zip(weights, met, strict=True)), start=0 * build[0]))
    optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = {j for j, v in enumerate(model.getSolution().col_value[:n]) if v > 0.5}
    gap = model.getInfo().mip_gap
    return _needed(found, demand, within), 0.0 if optimal else gap, optimal


def _needed(found: set[int], demand: Sequence[Town], within: Sequence[Sequence[int]]) -> set[int]:
    """Without seats whose demand the others meet: they would be built for nobody."""
    kept = set(found)
    for j in sorted(found):
        rest = kept - {j}
        if all(rest & set(near) for near in within if kept & set(near)):
            kept = rest
    return kept
