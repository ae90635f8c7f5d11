"""Working papers 工作底稿: item by item what was seen at a site of the sample, by whom and when.

A paper is an inspection of the kind `audit`; what is not met begins a hazard as any other, and the
words about it are in that case alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import registry
from gongzhi.mechanisms.safety.models import Answer, Audit, Edition, Framed, Inspection, Item
from gongzhi.mechanisms.safety.registers import audits, editions
from gongzhi.mechanisms.safety.registers.reporting import Found, Seen, begin
from gongzhi.people.posts import Holder


@dataclass(frozen=True, slots=True)
class Paper:
    """What was seen: verdicts by item, and words about what is not met. Its id is given on the
    page, so that a form sent twice is one paper."""

    id: UUID
    began_at: datetime
    finished_at: datetime
    verdicts: Mapping[str, str]
    notes: Mapping[str, str]


def of_site(of: Audit, site: UUID) -> Sequence[Inspection]:
    """All papers of a site, with their answers."""
    found = Inspection.objects.filter(audit=of.id, site=site).order_by("finished_at", "id")
    return list(found.prefetch_related("answers").select_related("edition"))


def left(of: Audit, row: Framed, now: datetime) -> tuple[Edition | None, list[Item]]:
    """What the site is asked by the edition in force, without what was looked at already."""
    edition = editions.in_force(row.site.place, timezone.localdate(now))
    if edition is None:
        return None, []
    asked = editions.applicable(
        edition.id, industry=row.site.enterprise.industry, facts=row.site.facts
    )
    seen = Answer.objects.filter(inspection__audit=of.id, inspection__site=row.site_id)
    codes = set(seen.values_list("code", flat=True))
    return edition, [item for item in asked if item.code not in codes]


def checked_before(of: Audit, site: UUID, by: Holder) -> bool:
    """Whether this person checked the site in the period: nobody audits their own work."""
    own = Inspection.objects.filter(site=site, account=by.account).exclude(kind="audit")
    return own.filter(finished_at__date__gte=of.since).exists()


def record(of: Audit, row: Framed, paper: Paper, *, by: Holder, now: datetime) -> Inspection:
    """Keeps a paper and begins its hazards, all or nothing; the same again is the first one.

    Raises Refused.
    """
    with transaction.atomic():
        found = audits.at_work(of, by)
        there = Inspection.objects.filter(id=paper.id, audit=of.id).first()
        if there is not None:
            return there
        if row.turn is None:
            raise Refused(_("这处不在样本里。"))
        if checked_before(found, row.site_id, by):
            raise Refused(_("这处在审计期间由您检查过，请由别的人审计。"))
        edition, items = left(found, row, now)
        asked = {item.code: item for item in items}
        if edition is None or not paper.verdicts or paper.verdicts.keys() - asked.keys():
            raise Refused(_("没有选检查结果，或者有的项已经看过；请重新打开这一页。"))
        made = _inspection(found, row, paper, edition, by=by, now=now)
        made.categories = sorted({asked[code].category.code for code in paper.verdicts})
        made.save(force_insert=True)
        begun = begin(
            made, _seen(paper, asked), {}, mechanism=registry.get("safety"), now=now, by=by
        )
        Answer.objects.bulk_create(
            Answer(inspection=made, code=code, verdict=verdict, number=begun.numbers.get(code, ""))
            for code, verdict in paper.verdicts.items()
        )
        audits.note(found, "paper", by=by, now=now, said=row.called[:200])
    return made


def _inspection(
    of: Audit, row: Framed, paper: Paper, edition: Edition, *, by: Holder, now: datetime
) -> Inspection:
    told = list(paper.verdicts.values())
    return Inspection(
        id=paper.id, site_id=row.site_id, audit=of.id, place=row.site.place, kind="audit",
        edition=edition, unit=by.unit, post=by.post, account=by.account,
        began_at=paper.began_at, finished_at=paper.finished_at, received_at=now,
        asked=len(told), met=told.count("met"), not_met=told.count("not_met"),
        not_applicable=told.count("not_applicable"),
    )  # fmt: skip


def _seen(paper: Paper, asked: Mapping[str, Item]) -> list[Seen]:
    """Each item not met, with the words about it. Raises Refused."""
    found = []
    for code in (c for c, verdict in paper.verdicts.items() if verdict == "not_met"):
        words = paper.notes.get(code, "").strip()
        if not words:
            raise Refused(_("不符合的，请写看到了什么：%(code)s") % {"code": code}, field=code)
        found.append(Seen(asked[code], Found(words)))
    return found
