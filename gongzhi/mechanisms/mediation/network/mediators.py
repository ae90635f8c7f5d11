"""Who can mediate a dispute: without an interest in it, the most fitting first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.mediation.models import Mediator
from gongzhi.people.models import Account, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.places.levels import ancestors
from gongzhi.ui.words import title

KINDS = ("mediator", "judicial_officer", "clerk")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator as they are offered, with why they stand where they stand."""

    holder: Holder
    load: int
    skilled: bool
    speaks: bool
    near: int
    languages: Sequence[str]

    @property
    def order(self) -> tuple[bool, bool, int, int, str]:
        return not self.speaks, not self.skilled, -self.near, self.load, self.holder.name

    def __str__(self) -> str:
        parts = [f"{self.holder.name} · {self.holder.unit_name} {title(self.holder)}"]
        if self.skilled:
            parts.append(_("擅长此类纠纷"))
        if self.languages:
            parts.append("、".join(_(language) for language in self.languages))
        parts.append(_("在办 %(n)d 件") % {"n": self.load})
        return "，".join(parts)


def loads(county: str, posts: Iterable[UUID]) -> dict[UUID, int]:
    """How many open cases of the county each post holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM load_v1(%s, %s)", [county, list(posts)])
        return dict(cursor.fetchall())


def _units(case: Snapshot) -> list[UUID]:
    """The holder; committees from the village upwards; all studios of the county."""
    above = Q(kind="mediation_committee", place__in=[case.place, *ancestors(case.place)])
    studios = Q(kind="studio", place__startswith=case.county)
    found = Unit.objects.filter(above | studios, valid_to=None)
    return [case.unit, *found.exclude(id=case.unit).values_list("id", flat=True)]


def _without_interest(case: Snapshot, found: Sequence[Holder]) -> list[Holder]:
    """No party, by identity or by phone; nobody complained about, nobody objected to."""
    phones = {p.phone_index for p in case.parties if p.phone_index}
    parties = {p.who for p in case.parties if p.who} | {*case.hidden}
    objected = set(case.facts.get("objected", []))
    known = dict(
        Account.objects.filter(id__in=[h.account for h in found]).values_list("id", "phone_index")
    )
    return [
        h for h in found
        if not {h.account, h.post, h.unit} & parties
        and str(h.post) not in objected
        and (known[h.account] is None or bytes(known[h.account] or b"") not in phones)
    ]  # fmt: skip


def candidates(case: Snapshot) -> list[Candidate]:
    """By language, skill, nearness and load (a rule for all, 人民调解法 Art. 19 [M])."""
    units = _units(case)
    found = _without_interest(case, holders_in(units, at=case.at, kinds=KINDS))
    # Of other units only their mediators: a clerk of theirs has no business here.
    found = [h for h in found if h.unit == case.unit or h.kind == "mediator"]
    known = {m.post: m for m in Mediator.objects.filter(post__in=[h.post for h in found])}
    load = loads(case.county, [h.post for h in found])
    wanted = case.facts.get("language")
    matter = {case.category, catalogue.origin(case.mechanism, case.category)}
    offered = [
        Candidate(
            holder=h, load=load.get(h.post, 0),
            skilled=h.post in known and not matter.isdisjoint(known[h.post].skills),
            speaks=not wanted or (h.post in known and wanted in known[h.post].languages),
            near=len(h.place) if case.place.startswith(h.place) else 0,
            languages=known[h.post].languages if h.post in known else [],
        )
        for h in found
    ]  # fmt: skip
    return sorted(offered, key=lambda c: c.order)
