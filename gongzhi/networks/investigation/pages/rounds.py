"""The first page of rounds 排查: what this post is asked to answer, and how rounds stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.networks.investigation import asked, coverage
from gongzhi.networks.investigation import rounds as rules
from gongzhi.networks.investigation.asked import Place
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.turns import Turn, turns
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths

MOST = 20  # rounds on a page


@dataclass(slots=True)
class Group:
    """One round with the places that this post answers for: one, or a town's several."""

    of: Round
    turn: Turn
    todo: list[Place] = field(default_factory=list)
    done: list[Place] = field(default_factory=list)


def grouped(places: Iterable[Place]) -> list[Group]:
    groups: dict[object, Group] = {}
    for place in places:
        group = groups.setdefault(place.of.id, Group(place.of, place.turn))
        (group.done if place.answer else group.todo).append(place)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Row:
    """A round in the list of those who declare: its latest turn within the reader's part."""

    of: Round
    turn: Turn | None
    here: str
    all: int = 0
    answered: int = 0
    is_over: bool = False

    @property
    def silent(self) -> int:
        return self.all - self.answered


def _rows(found: Iterable[Round], by: Holder, now: datetime) -> list[Row]:
    latest = [(of, next(iter(turns(of, now)), None), rules.part_of(by, of)) for of in found]
    counts = coverage.progress([(of, turn, here) for of, turn, here in latest if turn])
    return [
        Row(of, turn, here, *counts.get(of.id, (0, 0)),
            is_over=bool(of.ended_at or (turn and turn.is_over(now))))
        for of, turn, here in latest
    ]  # fmt: skip


@as_post
def rounds(request: HttpRequest, by: Holder) -> HttpResponse:
    now = timezone.now()
    groups = grouped(asked.places_of(by, now=now))
    page = Paginator(rules.seen_by(by), MOST).get_page(request.GET.get("page"))
    paths(p.code for g in groups for p in [*g.todo, *g.done])  # all names at once
    context = {
        "by": by, "now": now,
        "groups": groups,
        "todo": [g for g in groups if g.todo],
        "may_declare": rules.may_declare(by),
        "page": page,
        "rows": _rows(page, by, now),
    }  # fmt: skip
    return render(request, "investigation/rounds.html", context)
