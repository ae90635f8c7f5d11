"""Was it known? 是否早有隐患: what stood in the files of a site before an accident.

Shown, never judged: whether a hazard is connected with the accident is said by an official in their
own words. Nothing here says what caused what, and nothing is about persons.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case
from gongzhi.mechanisms.safety.models import Accident, Answer, Connection, Inspection, Item, Site
from gongzhi.mechanisms.safety.registers import accidents, audit_rights
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

NAME: Final = "safety"
BEFORE: Final = timedelta(days=365)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Hazard:
    """One that had been found before the accident; `was_open`: when it happened."""

    case: Case
    rank: str
    was_open: bool
    same_group: bool
    said: Connection | None


@dataclass(frozen=True, slots=True)
class Looked:
    """An inspection before the accident; `related`: its answers about the accident's group."""

    row: Inspection
    related: Mapping[str, int]

    @property
    def asked(self) -> int:
        return sum(self.related.values())


def sites_of(row: Accident) -> list[Site]:
    """The site; where it is not known all of the firm's, those that are over too."""
    if row.site is not None:
        return [row.site]
    return list(Site.objects.filter(enterprise=row.enterprise_id)) if row.enterprise_id else []


def hazards(row: Accident, by: Holder) -> list[Hazard]:
    """Found before, and open within the year before; those that this post may see."""
    sites = sites_of(row)
    if not sites:
        return []
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=row.at - BEFORE)
    with within(by.scope):
        # The place has an index; what is in facts has none that the wall would let it use.
        found = Case.objects.filter(
            still, mechanism=NAME, place__in={s.place for s in sites}, reported_at__lt=row.at,
            facts__site__in=[str(s.id) for s in sites],
        )  # fmt: skip
        cases = list(found.order_by("-reported_at")[:MOST])
    said = words_on(row)
    return [
        Hazard(c, str(c.facts.get("rank") or ""), c.closed_at is None or c.closed_at >= row.at,
               bool(row.group) and c.category == row.group, said.get(c.number))
        for c in cases
    ]  # fmt: skip


def words_on(row: Accident) -> dict[str, Connection]:
    """The last word on each hazard."""
    return {c.number: c for c in row.connections.order_by("at", "id")}


def inspections(row: Accident, by: Holder) -> list[Looked]:
    """Those of the year before that this post may be shown, the latest first."""
    found = Inspection.objects.filter(
        audit_rights.open_papers(by),
        site__in=sites_of(row),
        finished_at__lt=row.at,
        finished_at__gte=row.at - BEFORE,
    )
    rows = list(found.select_related("site").order_by("-finished_at")[:MOST])
    related = _related(rows, row.group)
    return [Looked(r, related.get(r.id, {})) for r in rows]


def _related(rows: Sequence[Inspection], group: str) -> dict[UUID, Counter[str]]:
    """Verdicts on items of the group, by inspection, each by its own edition."""
    found: dict[UUID, Counter[str]] = {}
    if not group:
        return found
    editions = {r.id: r.edition_id for r in rows}
    items = Item.objects.filter(category__edition__in=set(editions.values()), category__group=group)
    codes = set(items.values_list("category__edition", "code"))
    answers = Answer.objects.filter(
        inspection__in=rows, code__in={code for _edition, code in codes}
    )
    for inspection, code, verdict in answers.values_list("inspection", "code", "verdict"):
        if (editions[inspection], code) in codes:
            found.setdefault(inspection, Counter())[verdict] += 1
    return found


def connect(
    row: Accident, number: str, connected: bool, reason: str, *, now: datetime, by: Holder
) -> Connection:
    """What an official says of one hazard, and why. Raises Refused."""
    if not accidents.may_record(by, row.place):
        raise Refused(_("由登记事故的单位说明。"))
    if not reason.strip():
        raise Refused(_("请写理由。"))
    if number not in {h.case.number for h in hazards(row, by)}:
        raise Refused(_("这个场所此前一年没有这件隐患。"))
    return Connection.objects.create(
        accident=row, number=number, connected=connected, reason=reason.strip()[:400], at=now,
        account=by.account, post=by.post,
    )  # fmt: skip


def tally(found: Sequence[Hazard]) -> dict[str, Any]:
    """How many there were, how many stood open, how many an official has connected."""
    return {
        "all": len(found), "open": sum(h.was_open for h in found),
        "connected": sum(h.said is not None and h.said.connected for h in found),
    }  # fmt: skip
