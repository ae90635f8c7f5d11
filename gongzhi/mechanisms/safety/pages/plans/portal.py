"""What a firm is shown of its checks, orders and hazards.

Nothing here, and nothing in the whole product, tells a firm what a worker or neighbour reported.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.cases import sealed
from gongzhi.cases.models import Case, Entry, Sealed, Task
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.forms.handling import Order
from gongzhi.mechanisms.safety.models import Site
from gongzhi.mechanisms.safety.pages.register.asking import own_firm
from gongzhi.mechanisms.safety.registers import checks
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, COLOURS
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.sealing import SealBroken
from gongzhi.people.session import as_post

MOST: Final = 50
ORDERS: Final = (m.order.name, m.stop.name)
# In the order of the five things settled 五落实; the day has its own column.
SETTLED: Final = ("responsible", "measures", "funds_yuan", "contingency", "protection")


def due_of(by: Holder, today: date) -> dict[str, Any]:
    """The first checks that are due, and how many there are."""
    found = checks.due(by, today)
    return {"checks": checks.page(found, "", today).rows, "counts": checks.counts(found, today),
            "kinds": CHECKS, "colours": COLOURS, "today": today}  # fmt: skip


def _joined(by: Holder) -> QuerySet[Case]:
    """Hazards in which its unit takes part, and never what the public told."""
    found = Case.objects.filter(units__contains=[by.unit], mechanism=m.safety.name)
    return found.exclude(facts__contains={"told_by_public": True})


def _row(case: Case) -> dict[str, Any]:
    rank = case.facts.get("rank", "")
    return {"case": case, "state": m.safety.state(case.state), "rank": rank,
            "rank_label": RANKS.get(rank, "")}  # fmt: skip


def orders(by: Holder) -> list[dict[str, Any]]:
    """What is open, the most pressing first; `due` is the firm's own day, where it has something
    to do, and `five` what the last order settled."""
    with within(by.scope):
        found = list(_joined(by).filter(is_open=True).order_by("due_at", "id")[:MOST])
        ids = [c.id for c in found]
        tasks = Task.objects.filter(unit=by.unit, done_at=None, case_id__in=ids)
        due = dict(tasks.order_by("-due_at").values_list("case_id", "due_at"))
        five = _settled(ids)
    return [{**_row(c), "due": due.get(c.id), "five": five.get(c.id, ())} for c in found]


def _settled(cases: Collection[UUID]) -> Mapping[UUID, list[tuple[Any, str]]]:
    """What the last order to each says of the five things."""
    entries = Entry.objects.filter(case_id__in=cases, act__in=ORDERS).order_by("seq")
    last = {entry.case_id: entry for entry in entries}
    said: dict[UUID, dict[str, str]] = {id_: {} for id_ in last}
    for row in Sealed.objects.filter(case_id__in=last, field__in=SETTLED):
        if row.seq == last[row.case_id].seq:
            said[row.case_id][row.field] = _opened(row)
    labels = {name: Order.base_fields[name].label for name in SETTLED}
    return {
        id_: [(labels[n], words[n]) for n in SETTLED if n in words] for id_, words in said.items()
    }


def _opened(row: Sealed) -> str:
    try:
        return sealed.opened(row.county, row.case_id, row.seq, row.field, bytes(row.body))
    except SealBroken as error:
        return str(error.__doc__)


@as_post
def hazards(request: HttpRequest, by: Holder) -> HttpResponse:
    """All hazards of its own sites that it was told of, the latest first."""
    firm = own_firm(by)
    own = [str(id_) for id_ in Site.objects.filter(enterprise=firm).values_list("id", flat=True)]
    with within(by.scope):
        found = _joined(by).filter(facts__site__in=own).order_by("-reported_at", "-id")
        last = _last(request.GET.get("before", ""), found)
        if last is not None:
            key = last.reported_at, last.id
            found = found.filter(RawSQL("(reported_at, id) < (%s, %s)", key, BooleanField()))
        rows = list(found[: MOST + 1])
    context = {
        "by": by, "firm": firm, "rows": [_row(c) for c in rows[:MOST]],
        "older": f"?before={rows[MOST - 1].id}" if len(rows) > MOST else "",
    }  # fmt: skip
    return render(request, "safety/own/hazards.html", context)


def _last(said: str, found: QuerySet[Case]) -> Case | None:
    try:
        return found.filter(id=UUID(said)).first() if said else None
    except ValueError:
        return None
