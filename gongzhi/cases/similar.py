"""Similar and repeated matters 相似事项, found before a new case is made or taken up.

Same people are found by the blind indexes of name and phone on either side; the same matter by its
town and the likeness of the stories. Only what the post may see is looked at, and shown masked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import sealed
from gongzhi.cases.changes import NotFound
from gongzhi.cases.likeness import ALIKE, likeness
from gongzhi.cases.models import Case, Party, Sealed
from gongzhi.declare import Level
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.sealing import SealBroken, blind_index
from gongzhi.places.levels import county_of

MOST = 8  # shown: more would not be read
LOOKED_AT = 100  # open cases of the town whose stories are compared, the latest
LATELY = timedelta(days=365)
AGAIN = timedelta(days=90)  # within which a closed matter that comes back counts as recurred


@dataclass(frozen=True, slots=True)
class Told:
    """A matter to look for: the blind indexes of its people, and its story."""

    names: tuple[bytes, ...]
    phones: tuple[bytes, ...]
    text: str

    @classmethod
    def new(cls, names: Iterable[str], phones: Iterable[str], text: str) -> "Told":
        """As it was just written down."""
        return cls(
            tuple(blind_index("name", n) for n in names if n),
            tuple(blind_index("phone", p) for p in phones if p),
            text,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A case that may be the same matter, and why it is thought so."""

    case: Case
    why: str | Promise

    def recurs(self, now: datetime) -> bool:
        closed = self.case.closed_at
        return not self.case.is_open and closed is not None and now - closed <= AGAIN


def _stories(cases: Iterable[Case]) -> Mapping[UUID, str]:
    """What was told when each began; where that is erased, how its title goes on after the kind.

    Read by the machine to compare, and shown to nobody: the page shows titles alone.
    """
    titles = {c.id: c.title.split("：", 1)[-1] for c in cases}
    counties = {c.county for c in cases}
    rows = Sealed.objects.filter(county__in=counties, case_id__in=titles, seq=1, field="text")
    for row in rows:
        try:
            told = sealed.opened(row.county, row.case_id, row.seq, row.field, bytes(row.body))
        except SealBroken:
            continue
        titles[row.case_id] = told
    return titles


def _still_matters(case: Case, now: datetime) -> bool:
    return case.is_open or (case.closed_at is not None and now - case.closed_at <= LATELY)


def _of_people(told: Told, county: str) -> list[UUID]:
    """Cases of the county with one of these people on either side."""
    found = Party.objects.filter(
        Q(phone_index__in=told.phones) | Q(name_index__in=told.names), county=county
    )
    return list(found.order_by("-case_id").values_list("case_id", flat=True).distinct()[: MOST + 1])


def find(
    by: Holder, place: str, told: Told, *, now: datetime, but: UUID | None = None
) -> list[Found]:
    """Those with the same people first, then those of the town that read alike; `but` itself is
    none of them."""
    county, town = county_of(place), place[: Level.TOWN.digits]
    with within(by.scope):
        same = _of_people(told, county)
        cases = Case.objects.filter(county=county, id__in=same, erased_at=None)
        people = [c for c in cases if c.id != but and _still_matters(c, now)]
        known = {but, *(c.id for c in people)}
        open_here = Case.objects.filter(town=town, is_open=True).order_by("-reported_at")
        around = [c for c in open_here[:LOOKED_AT] if c.id not in known]
        stories = _stories(around)
    shares = likeness(told.text, [stories[c.id] for c in around])
    alike = sorted(zip(shares, around, strict=True), key=lambda pair: -pair[0])
    found = [Found(c, _("同一当事人")) for c in sorted(people, key=lambda c: c.id, reverse=True)]
    found += [Found(c, _("同一地点，说的事相近")) for share, c in alike if share >= ALIKE]
    return found[:MOST]


def like_case(by: Holder, county: str, id_: UUID, *, now: datetime) -> list[Found]:
    """What may be the same matter as this case, which came by itself, say from the portal.

    Raises NotFound when it is not theirs to see.
    """
    with within(by.scope):
        case = Case.objects.filter(county=county, id=id_).first()
        if case is None:
            raise NotFound
        people = list(Party.objects.filter(county=county, case_id=id_, erased_at=None))
        story = _stories([case])[id_]
    told = Told(
        tuple(bytes(p.name_index) for p in people if p.name_index),
        tuple(bytes(p.phone_index) for p in people if p.phone_index),
        story,
    )
    return find(by, case.place, told, now=now, but=id_)
