"""What waits for a post: keyset pages over partial indexes, whatever the number of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from uuid import UUID

from django.db.models import BooleanField, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from gongzhi.cases.models import Case, Task
from gongzhi.people.posts import Holder
from gongzhi.people.scope import asked, within
from gongzhi.places.levels import span

PAGE = 50
KINDS = ("mine", "unit", "place")
ORDERS = ("due", "newest")
LAST = datetime.max.replace(tzinfo=UTC)  # where a case without due time stands
# As one comparison of rows the index goes straight to the page; as Django's OR it would read
# through all cases that fall due at the same instant, and whole days' cases do.
WAITING = """
SELECT count(*) FROM (
    SELECT FROM cases_task
    WHERE unit = %s AND done_at IS NULL AND (post IS NULL OR post = %s) LIMIT %s) t
"""
AFTER = "(due_at, id) > (%s, %s)"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins (None: this is the last)."""

    rows: list[Case]
    after: str | None


# Columns of a case, by the digits of the place: each has an index of its own.
LEVELS = {2: "province", 4: "city", 6: "county", 9: "town", 12: "place"}


def _below(place: str) -> Q:
    """Everything in a place, as its index wants to be asked."""
    return Q(**{LEVELS[len(place)]: place})


def _sources(kind: str, by: Holder, place: str) -> list[Q]:
    """What the list is made of: each is read in order from one index, then they are merged."""
    if kind == "mine":
        asked = Task.objects.filter(post=by.post, done_at=None)
        return [Q(post=by.post), Q(pk__in=asked.values("county", "case_id"))]
    if kind == "unit" or not by.sees_place:
        return [Q(unit=by.unit)]
    return [_below(place if place.startswith(by.place) else by.place)]


def _wanted(wanted: Mapping[str, str]) -> Q:
    chosen = ("mechanism", "state", "phase", "category")
    found = Q(**{name: wanted[name] for name in chosen if wanted.get(name)})
    if wanted.get("overdue"):
        found &= Q(overdue=True)
    if wanted.get("urgent"):
        found &= Q(urgent=True)
    if wanted.get("place"):
        low, high = span(wanted["place"])
        found &= Q(place__gte=low, place__lt=high)
    return found


def _key(case: Case) -> tuple[datetime, UUID]:
    return case.due_at or LAST, case.id


def _read_key(text: str) -> tuple[datetime, UUID] | None:
    due, _, id_ = text.partition("_")
    try:
        return datetime.fromisoformat(due), UUID(id_)
    except ValueError:
        return None


def _ordered(cases: QuerySet[Case], order: str, after: str) -> QuerySet[Case]:
    """From behind the last row of the page before. Ids rise with time: they order by intake."""
    key = _read_key(after)
    if order == "newest":
        found = cases.order_by("-id")
        return found.filter(id__lt=key[1]) if key else found
    found = cases.order_by("due_at", "id")
    return found.filter(RawSQL(AFTER, key, BooleanField())) if key else found  # noqa: S611 -- our own words


def page(
    kind: str, by: Holder, wanted: Mapping[str, str] | None = None, *, after: str = "",
    size: int = PAGE, order: str = "due",
) -> Page:  # fmt: skip
    """Open cases within the post's scope: the most pressing first, or the newest."""
    wanted = wanted or {}
    cases = _ordered(Case.objects.filter(_wanted(wanted), is_open=True), order, after)
    with within(by.scope):
        lists = [
            list(cases.filter(source)[: size + 1])
            for source in _sources(kind, by, wanted.get("place", ""))
        ]
    newest = order == "newest"
    merged = merge(*lists, key=(lambda c: c.id) if newest else _key, reverse=newest)
    found = {c.id: c for c in merged}
    rows = list(islice(found.values(), size + 1))
    if len(rows) <= size:
        return Page(rows, None)
    due, last = _key(rows[size - 1])
    return Page(rows[:size], f"{due.isoformat()}_{last}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A task and the case it belongs to."""

    task: Task
    case: Case


def tasks_of(by: Holder, *, limit: int = PAGE) -> list[Asked]:
    """What a post or its unit is asked to do, the most pressing first."""
    with within(by.scope):
        tasks = list(
            Task.objects.filter(unit=by.unit, done_at=None)
            .filter(Q(post=None) | Q(post=by.post))
            .order_by(F("due_at").asc(nulls_last=True))[:limit]
        )
        of = {
            c.id: c
            for c in Case.objects.filter(
                county__in={t.county for t in tasks}, id__in={t.case_id for t in tasks}
            )
        }
    return [Asked(t, of[t.case_id]) for t in tasks if t.case_id in of]


def waiting(by: Holder, *, most: int = 99) -> int:
    """How many tasks a post or its unit has; one more than `most` for any larger number."""
    (n,) = asked(by.scope, WAITING, [by.unit, by.post, most + 1])
    return int(n)


def by_number(by: Holder, number: str) -> Case | None:
    """A case by its number, open or closed, if this post may see it."""
    with within(by.scope):
        return Case.objects.filter(county=number[:6], number=number).first()
