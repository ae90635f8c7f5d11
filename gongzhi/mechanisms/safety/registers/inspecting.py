"""Inspections as they come from a phone 排查: checked by the edition that lay on it, and kept.

What is not met begins a hazard in the same transaction. Words about it are in the hazard's case.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Mechanism
from gongzhi.mechanisms.safety.models import (
    Answer,
    Check,
    Edition,
    Inspection,
    Item,
    RegisterChange,
    Site,
)
from gongzhi.mechanisms.safety.registers import checks, editions, enterprises
from gongzhi.mechanisms.safety.registers.kinds import VERDICTS
from gongzhi.mechanisms.safety.registers.reporting import Found, Seen, begin
from gongzhi.mechanisms.safety.roles import ENTERPRISE, OFFICIALS, OWN
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

Spot = tuple[float, float]
# Who makes which kind of inspection; an audit's papers come from its own pages.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "self": OWN, "grid": ("grid_member",), "department": OFFICIALS, "cross": ("expert",),
}  # fmt: skip
MET, NOT_MET, NOT_APPLICABLE = VERDICTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An inspection as it was made. `packed_at` is when the phone was told what to ask."""

    id: UUID
    site: UUID
    kind: str
    edition: UUID
    categories: Sequence[str]
    check: UUID | None
    packed_at: datetime
    began_at: datetime
    finished_at: datetime
    spot: Spot | None
    verdicts: Mapping[str, str]
    found: Mapping[str, Found]
    noted: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: hazards that began, those that were known; whether it had come before."""

    row: Inspection
    begun: int = 0
    known: int = 0
    again: bool = False


def kinds_of(by: Holder) -> list[str]:
    """Which kinds of inspection this post makes, of sites that are its to inspect."""
    own = by.unit_kind == ENTERPRISE
    return [k for k, posts in KINDS.items() if by.kind in posts and (k == "self") == own]


def inspects(by: Holder, site: Site) -> bool:
    """A firm its own sites, wherever they lie; all others what lies in their place."""
    if by.unit_kind == ENTERPRISE:
        own = enterprises.of_unit(by)
        return own is not None and own.id == site.enterprise_id
    return site.place.startswith(by.place)


@lru_cache(maxsize=1_000)
def _part(
    edition: UUID, industry: str, facts: frozenset[str], categories: frozenset[str]
) -> tuple[Item, ...]:
    asked = editions.applicable(edition, industry=industry, facts=facts)
    return tuple(i for i in asked if not categories or i.category.code in categories)


def part(
    edition: UUID, industry: str, facts: Collection[str], categories: Collection[str]
) -> Sequence[Item]:
    """What is asked: of these categories, or of all where none is named. Editions are never
    rewritten, so that it is the same for all sites of a kind."""
    return _part(edition, industry, frozenset(facts), frozenset(categories))


def _then(of: Site, row: Site | Any, name: str, at: datetime) -> Any:
    """How a fact of the register stood at a time: what changed it first since says it."""
    changes = RegisterChange.objects.filter(
        of=of.enterprise_id, what=row.id, at__gt=at, facts__has_key=name
    )
    first = changes.order_by("at").first()
    before = first.facts[name][0] if first else None
    return getattr(row, name) if before is None else before


def _site(told: Told, by: Holder) -> Site:
    """Also one that has ended since. Raises Refused."""
    found = Site.objects.filter(id=told.site).select_related("enterprise").first()
    day = timezone.localdate(told.packed_at)
    if found is None or (found.valid_to is not None and found.valid_to <= day):
        raise Refused(_("没有这个场所，或者它已经停用。"))
    if told.kind not in kinds_of(by) or not inspects(by, found):
        raise Refused(_("您的岗位不能对这个场所做这种检查。"))
    return found


def _edition(told: Told, site: Site) -> Edition:
    """The one that was taken along, also where another holds by now. Raises Refused."""
    found = Edition.objects.filter(id=told.edition, place__in=[*ancestors(site.place), site.place])
    edition = found.filter(valid_from__lte=timezone.localdate(told.packed_at)).first()
    if edition is None:
        raise Refused(_("手机上的检查清单这里不认识，请更新后重新检查。"))
    return edition


def _asked(told: Told, site: Site, edition: Edition) -> dict[str, Item]:
    """By code, as the site was when the phone was told."""
    industry = _then(site, site.enterprise, "industry", told.packed_at)
    facts = _then(site, site, "facts", told.packed_at)
    return {i.code: i for i in part(edition.id, industry, facts, told.categories)}


def _must_fit(told: Told, asked: Mapping[str, Item]) -> None:
    """Raises Refused."""
    if not told.verdicts or not set(told.verdicts.values()) <= set(VERDICTS):
        raise Refused(_("这份检查没有结果，或者结果无法读取。"))
    strange = sorted(told.verdicts.keys() - asked.keys())
    if strange:
        raise Refused(_("这些检查项不适用于这个场所：%(codes)s") % {"codes": "、".join(strange)})
    not_met = {code for code, verdict in told.verdicts.items() if verdict == NOT_MET}
    silent = sorted(code for code in not_met if not told.found.get(code))
    if silent:
        raise Refused(_("不符合的项要写明情况：%(codes)s") % {"codes": "、".join(silent)})
    if told.found.keys() - not_met:
        raise Refused(_("只有不符合的项才写情况。"))


def _check(told: Told, site: Site, by: Holder) -> Check | None:
    """The one due that this is meant to be. Raises Refused."""
    if told.check is None:
        return None
    found = Check.objects.filter(id=told.check, site=site, unit=by.unit).first()
    if found is None:
        raise Refused(_("这项待办检查不属于这个场所，或者不归您的单位。"))
    return found


def _row(told: Told, site: Site, asked: int, now: datetime, by: Holder) -> Inspection:
    """Raises Refused."""
    counts = [sum(v == name for v in told.verdicts.values()) for name in VERDICTS]
    return Inspection(
        id=told.id, site=site, check_of=_check(told, site, by), place=site.place,
        kind=told.kind, edition_id=told.edition, categories=list(told.categories), unit=by.unit,
        post=by.post, account=by.account, began_at=told.began_at, finished_at=told.finished_at,
        received_at=now, longitude=told.spot and told.spot[0], latitude=told.spot and told.spot[1],
        asked=asked, met=counts[0], not_met=counts[1], not_applicable=counts[2],
    )  # fmt: skip


def _before(told: Told, by: Holder) -> Inspection | None:
    """Raises Refused where somebody else has sent one of this id."""
    found = Inspection.objects.filter(id=told.id).first()
    if found is not None and found.account != by.account:
        raise Refused(_("这份检查的编号已经用过。"))
    return found


def take(told: Told, *, mechanism: Mechanism, now: datetime, by: Holder) -> Taken:
    """Keep an inspection and begin its hazards; the same again changes nothing. Raises Refused."""
    with transaction.atomic():
        before = _before(told, by)
        if before is not None:
            return Taken(before, again=True)
        site = _site(told, by)
        asked = _asked(told, site, _edition(told, site))
        _must_fit(told, asked)
        row = _row(told, site, len(asked), now, by)
        row.save(force_insert=True)
        seen = [Seen(asked[code], told.found[code]) for code in sorted(told.found)]
        begun = begin(row, seen, told.noted, mechanism=mechanism, now=now, by=by)
        Answer.objects.bulk_create(
            Answer(inspection=row, code=code, verdict=verdict, number=begun.numbers.get(code, ""))
            for code, verdict in told.verdicts.items()
        )
        if row.whole:  # what was broken off is kept, and the check stays due
            checks.settle(row)
    return Taken(row, begun=len(begun.fresh), known=len(begun.numbers) - len(begun.fresh))
