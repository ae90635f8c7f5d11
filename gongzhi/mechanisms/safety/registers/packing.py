"""What of work safety lies on a phone: sites to be checked; items of editions, each once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Case as Sql
from django.db.models import QuerySet, Value, When

from gongzhi.cases.models import Case
from gongzhi.mechanisms.safety.models import Check, Edition, Item, Site
from gongzhi.mechanisms.safety.registers import editions, enterprises, inspecting, sites
from gongzhi.mechanisms.safety.registers.editions import Cited
from gongzhi.mechanisms.safety.roles import ENTERPRISE
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

MOST: Final = 60  # sites on a phone: those with a check due, then the gravest near
CHECKS: Final = 3  # due at one site


def due(by: Holder, today: date) -> QuerySet[Check]:
    """What the unit is to check, of kinds that this post makes, the most pressing first."""
    found = Check.objects.filter(
        unit=by.unit, done_at=None, from_day__lte=today, plan__kind__in=inspecting.kinds_of(by)
    )  # fmt: skip
    return found.select_related("plan", "site__enterprise").order_by("due", "id")


def _near(by: Holder) -> QuerySet[Site]:
    low, high = span(by.place)
    here = Site.objects.filter(sites.current(), place__gte=low, place__lt=high)
    grave = Sql(*(When(colour=c, then=Value(n)) for c, n in sites.GRAVEST.items()))
    return here.select_related("enterprise").order_by(grave, "place", "id")


def sites_of(by: Holder, checks: Sequence[Check]) -> list[Site]:
    """A firm's own; for others those with a check due, and the gravest in their place."""
    if by.unit_kind == ENTERPRISE:
        firm = enterprises.of_unit(by)
        return sites.of_firm(firm)[:MOST] if firm else []
    asked = [c.site for c in checks if c.site.valid_to is None and inspecting.inspects(by, c.site)]
    found = {s.id: s for s in (*asked, *_near(by)[:MOST])}
    return list(found.values())[:MOST]


def hazards(cases: Iterable[Case]) -> Mapping[str, Counter[str]]:
    """How many of each colour by site; without a colour yet: the empty name."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        found[case.facts["site"]][case.facts.get("rank", "")] += 1
    return found


def in_force(of: Iterable[Site], on: date) -> dict[str, Edition | None]:
    """The edition that holds at each place, asked once for a place."""
    return {place: editions.in_force(place, on) for place in {s.place for s in of}}


def _item(one: Item, bases: Mapping[str, Any]) -> dict[str, Any]:
    cited = [str(Cited(bases[key], article)) for key, article in one.basis]
    return {"code": one.code, "what": one.what, "how": one.how, "not_met": one.not_met,
            "basis": "；".join(cited), "rank": one.rank, "evidence": one.evidence}  # fmt: skip


def asked(edition: Edition, codes: set[str]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Categories with those of their items that any site here is asked."""
    held = editions.of(edition.id)
    bases = {b.key: b for b in held.bases}
    by_category: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in held.items:
        if one.code in codes:
            by_category[one.category_id].append(_item(one, bases))
    return [(c, by_category[c.id]) for c in held.categories if c.id in by_category]
