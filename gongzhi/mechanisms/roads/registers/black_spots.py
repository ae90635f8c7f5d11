"""Black spots 事故多发点段: found by count, made cases by a person, looked at again when treated.

How they are found: registers/windows.py; by which numbers: registers/parameters.py. Accidents of a
case that has ended count no more: what happens after that is counted anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.act import Receipt, Report
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Case
from gongzhi.declare import Level, registry
from gongzhi.mechanisms.roads.models import Accident, Road
from gongzhi.mechanisms.roads.registers import accidents, windows
from gongzhi.networks.responsibility import routing
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.places.distance import Spot, metres
from gongzhi.places.levels import ancestors, county_of

CATEGORY = "black_spot"
MONTH = 30.4375  # days, on average
LONGEST = 1095  # days before and after that are compared at most
HURT = Q(deaths__gt=0) | Q(injured__gt=0)


@dataclass(frozen=True)
class BlackSpot:
    """Accidents that lie close together, and the open case they belong to, if there is one."""

    accidents: Sequence[Accident]
    case: UUID | None

    @cached_property
    def road(self) -> Road | None:
        """The road, if they were found along it."""
        first = self.accidents[0]
        return first.road if first.km is not None else None

    @property
    def stakes(self) -> tuple[float, float] | None:
        """From which stake to which (km)."""
        if self.road is None:
            return None
        kms = [a.km for a in self.accidents if a.km is not None]
        return min(kms), max(kms)

    @property
    def middle(self) -> Spot | None:
        """The middle of the positions that are known."""
        known = [(a.longitude, a.latitude) for a in self.accidents
                 if a.longitude is not None and a.latitude is not None]  # fmt: skip
        if not known:
            return None
        xs, ys = zip(*known, strict=True)
        return round(sum(xs) / len(xs), 6), round(sum(ys) / len(ys), 6)

    @property
    def place(self) -> str:
        """The deepest place that all of them lie in."""
        first = self.accidents[0].place
        above = [first, *reversed(ancestors(first))]
        return next((p for p in above if all(a.place.startswith(p) for a in self.accidents)), "")

    @property
    def fresh(self) -> list[Accident]:
        """Those that belong to no case yet."""
        return [a for a in self.accidents if a.case is None]

    @property
    def deaths(self) -> int:
        return sum(a.deaths for a in self.accidents)

    @property
    def injured(self) -> int:
        return sum(a.injured for a in self.accidents)

    @property
    def key(self) -> str:
        """Under which it is found again: its first accident, as ids order."""
        return str(min(a.id for a in self.accidents))


def _since(now: datetime, months: int) -> datetime:
    return now - timedelta(days=months * MONTH)


def _open_cases(ids: Iterable[UUID], place: str) -> set[UUID]:
    with within(Scope(place=place)):
        found = Case.objects.filter(id__in=[*ids], is_open=True)
        return set(found.values_list("id", flat=True))


def found(place: str, rule: Mapping[str, int], *, now: datetime) -> list[BlackSpot]:
    """The black spots of a place by a rule (names as in parameters.KNOWN), the gravest first."""
    hurt, since = HURT if rule["spots.injured"] else Q(), _since(now, rule["spots.months"])
    counted = accidents.of_place(place).filter(hurt, at__gt=since, at__lte=now)
    rows = list(counted.select_related("road").order_by("at", "id"))
    still = _open_cases({a.case for a in rows if a.case}, place)
    rows = [a for a in rows if a.case is None or a.case in still]
    spots = [_spot(group) for group in _groups(rows, rule)]
    return sorted(spots, key=lambda s: (-len(s.accidents), -s.deaths, -s.injured, s.key))


def _groups(rows: Sequence[Accident], rule: Mapping[str, int]) -> list[list[Accident]]:
    length, enough = rule["spots.metres"], rule["spots.accidents"]
    groups: list[list[Accident]] = []
    on: dict[UUID, list[tuple[int, Accident]]] = {}
    loose: list[tuple[Spot, Accident]] = []
    for a in rows:
        if a.road_id is not None and a.km is not None:
            on.setdefault(a.road_id, []).append((round(a.km * 1000), a))
        elif a.longitude is not None and a.latitude is not None:
            loose.append(((a.longitude, a.latitude), a))
    for of in on.values():
        near = windows.along([stake for stake, _a in of], length, enough)
        groups += [[of[i][1] for i in group] for group in near]
    near = windows.around([spot for spot, _a in loose], length, enough)
    return groups + [[loose[i][1] for i in group] for group in near]


def _spot(group: Sequence[Accident]) -> BlackSpot:
    return BlackSpot(group, next((a.case for a in group if a.case), None))


def title_of(spot: BlackSpot) -> str:
    where = ""
    if spot.road is not None and spot.stakes is not None:
        where = f"{spot.road.code} {spot.stakes[0]:.3f}–{spot.stakes[1]:.3f} km"
    return f"事故多发点段：{where or len(spot.accidents)}"


def _facts(spot: BlackSpot, rule: Mapping[str, int]) -> dict[str, Any]:
    """What stays with the case: where it lies, and by which numbers it was found."""
    facts: dict[str, Any] = {"spot": {
        "accidents": len(spot.accidents), "stakes": spot.stakes, "middle": spot.middle,
        "rule": {name: n for name, n in rule.items() if name.startswith("spots.")},
    }}  # fmt: skip
    return facts | ({"road": str(spot.road.id)} if spot.road else {})


def take_up(
    place: str, key: str, rule: Mapping[str, int], *, now: datetime, by: Holder
) -> tuple[str, UUID]:
    """The spot becomes a case, or its new accidents join the one it is already. Raises Refused."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # two who press at once would make two cases
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('black spots'))")
        spot = next((s for s in found(place, rule, now=now) if s.key == key), None)
        if spot is None:
            raise Refused(_("情况有变，请看最新的清单。"))
        if not spot.place.startswith(by.place):
            raise Refused(_("这一处跨出了您的辖区，请由上一级立案。"))
        case = spot.case or _begun(spot, rule, now, by).id
        Accident.objects.filter(id__in=[a.id for a in spot.fresh]).update(case=case)
    return county_of(spot.place), case


def _begun(spot: BlackSpot, rule: Mapping[str, int], now: datetime, by: Holder) -> Receipt:
    x, y = spot.middle or (None, None)
    with override("zh-hans"):  # as all that is written into a case
        text = gettext("%(months)d 个月内 %(n)d 起事故，%(deaths)d 人死亡，%(injured)d 人受伤。")
    said = text % {"months": rule["spots.months"], "n": len(spot.accidents),
                   "deaths": spot.deaths, "injured": spot.injured}  # fmt: skip
    told = Report(
        place=spot.place,
        category=CATEGORY,
        title=title_of(spot),
        data={"text": Words(said)},
        channel="patrol",
        longitude=x,
        latitude=y,
        facts=_facts(spot, rule),
    )
    key = f"{CATEGORY}/{spot.key}/{len(spot.accidents)}"
    return routing.begin(registry.get("roads"), told, key=key, now=now, by=by)


@dataclass(frozen=True, slots=True)
class Periods:
    """How long is looked at before the case began and after it was cleared: equally long."""

    before: tuple[datetime, datetime]
    after: tuple[datetime, datetime]

    @property
    def days(self) -> int:
        return (self.after[1] - self.after[0]).days


def periods(case: Case, now: datetime) -> Periods | None:
    """None until a whole day has passed since it was cleared."""
    if case.is_open or case.closed_at is None or "cleared_at" not in case.facts:
        return None
    days = min((now - case.closed_at).days, LONGEST)
    if days < 1:
        return None
    long = timedelta(days=days)
    return Periods((case.reported_at - long, case.reported_at),
                   (case.closed_at, case.closed_at + long))  # fmt: skip


def there(case: Case) -> list[Accident]:
    """All accidents at the spot of a case, whenever they happened: as wide as one window around
    it."""
    spot, place = case.facts.get("spot", {}), case.place[: Level.COUNTY.digits]
    rule = spot.get("rule", {})
    found = accidents.of_place(place).filter(HURT if rule.get("spots.injured") else Q())
    half = rule.get("spots.metres", 0) / 2
    if spot.get("stakes"):
        low, high = spot["stakes"]
        room = max(half / 1000 - (high - low) / 2, 0.0)
        near = found.filter(road=case.facts["road"], km__gte=low - room, km__lte=high + room)
        return list(near.order_by("at"))
    if not spot.get("middle"):
        return []
    own = Q(case=case.id)
    box = half / windows.DEGREE
    x, y = spot["middle"]
    wide = found.filter(own | Q(latitude__gte=y - box, latitude__lte=y + box)).order_by("at")
    return [
        a for a in wide if a.case == case.id or _within((a.longitude, a.latitude), (x, y), half)
    ]


def _within(at: tuple[float | None, float | None], middle: Spot, far: float) -> bool:
    x, y = at
    return x is not None and y is not None and metres((x, y), middle) <= far


def counts(rows: Iterable[Accident], of: Periods) -> tuple[int, int]:
    """How many lie in each period."""
    times = [a.at for a in rows]
    before = sum(of.before[0] <= at < of.before[1] for at in times)
    after = sum(of.after[0] <= at < of.after[1] for at in times)
    return before, after
