"""Similar and repeated matters 相似事项, found before a new case is made.

Same people are found by the blind indexes of name and phone on either side; the same matter by its
place and the likeness of its title. Only what the post may see is looked at, and shown masked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.models import Case, Party
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.sealing import blind_index
from gongzhi.places.levels import county_of

MOST = 8  # shown: more would not be read
LOOKED_AT = 200  # open cases of the place whose titles are compared
LIKE = 0.5  # share of character pairs in common from which titles are called alike
LATELY = timedelta(days=365)
AGAIN = timedelta(days=90)  # within which a closed matter that comes back counts as recurred


@dataclass(frozen=True, slots=True)
class Found:
    """A case that may be the same matter, and why it is thought so."""

    case: Case
    why: str | Promise

    def recurs(self, now: datetime) -> bool:
        closed = self.case.closed_at
        return not self.case.is_open and closed is not None and now - closed <= AGAIN


def pairs(text: str) -> set[str]:
    """Neighbouring characters: Chinese has no spaces to tell words by."""
    said = "".join(c for c in text if c.isalnum())
    return {said[n : n + 2] for n in range(len(said) - 1)}


def likeness(one: str, other: str) -> float:
    """Shared pairs by the pairs of the shorter text (overlap coefficient): a title that was cut
    off still meets the whole one."""
    a, b = pairs(one), pairs(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _of_people(names: Iterable[str], phones: Iterable[str], county: str) -> list[UUID]:
    """Cases of the county with one of these people on either side."""
    by_phone = [blind_index("phone", p) for p in phones if p]
    by_name = [blind_index("name", n) for n in names if n]
    found = Party.objects.filter(
        Q(phone_index__in=by_phone) | Q(name_index__in=by_name), county=county
    )
    return list(found.order_by("-case_id").values_list("case_id", flat=True).distinct()[:MOST])


def find(
    by: Holder, place: str, *, names: Iterable[str], phones: Iterable[str], title: str,
    now: datetime,
) -> list[Found]:  # fmt: skip
    """Those with the same people first, then those of the place that read alike."""
    with within(by.scope):
        same = _of_people(names, phones, county_of(place))
        cases = Case.objects.filter(county=county_of(place), id__in=same, erased_at=None)
        people = [c for c in cases if c.is_open or (c.closed_at and now - c.closed_at <= LATELY)]
        around = list(Case.objects.filter(place=place, is_open=True).order_by("due_at")[:LOOKED_AT])
    known = {c.id for c in people}
    alike = sorted(
        ((likeness(title, c.title), c) for c in around if c.id not in known),
        key=lambda pair: -pair[0],
    )
    found = [Found(c, _("同一当事人")) for c in sorted(people, key=lambda c: c.id, reverse=True)]
    found += [Found(c, _("同一地点，说的事相近")) for share, c in alike if share >= LIKE]
    return found[:MOST]
