"""What waits for a post: keyset pages over partial indexes, whatever the number of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from gongzhi.cases.models import Case, Task
from gongzhi.declare import Level
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

PAGE = 50
KINDS = ("mine", "unit", "place")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins (None: this is the last)."""

    rows: list[Case]
    after: str | None


def _cases(kind: str, by: Holder) -> QuerySet[Case]:
    cases = Case.objects.filter(is_open=True)
    if kind == "mine":
        asked = Task.objects.filter(
            county=OuterRef("county"), case_id=OuterRef("id"), post=by.post, done_at=None
        )
        return cases.filter(Q(post=by.post) | Exists(asked))
    if kind == "unit" or not by.sees_place:
        return cases.filter(unit=by.unit)
    digits = len(by.place)
    if digits == Level.VILLAGE.digits:
        return cases.filter(place=by.place)
    return cases.annotate(prefix=Left("place", digits)).filter(prefix=by.place)


def _filtered(cases: QuerySet[Case], wanted: Mapping[str, str]) -> QuerySet[Case]:
    for name in ("mechanism", "state", "phase", "category"):
        if wanted.get(name):
            cases = cases.filter(**{name: wanted[name]})
    if wanted.get("overdue"):
        cases = cases.filter(overdue=True)
    if wanted.get("urgent"):
        cases = cases.filter(urgent=True)
    if wanted.get("place"):
        cases = cases.filter(place__startswith=wanted["place"])
    return cases


def _key(case: Case) -> str:
    due = case.due_at.isoformat() if case.due_at else ""
    return f"{due}_{case.id}"


def page(
    kind: str, by: Holder, wanted: Mapping[str, str] | None = None, *, after: str = "",
    size: int = PAGE,
) -> Page:  # fmt: skip
    """Open cases by due time, the most pressing first, within the post's scope."""
    cases = _filtered(_cases(kind, by), wanted or {}).order_by("due_at", "id")
    if after:
        due_text, _, id_text = after.partition("_")
        due, last = datetime.fromisoformat(due_text), UUID(id_text)
        cases = cases.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=last), due_at__gte=due)
    with within(by.scope):
        rows = list(cases[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], _key(rows[size - 1]) if more else None)


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


def by_number(by: Holder, number: str) -> Case | None:
    """A case by its number, open or closed, if this post may see it."""
    with within(by.scope):
        return Case.objects.filter(county=number[:6], number=number).first()
