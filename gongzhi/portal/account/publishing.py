"""Publishes a closed month once: counts, withholds, freezes, with a digest of what went out."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gongzhi.declare import Mechanism
from gongzhi.places.city import facts
from gongzhi.places.models import Division
from gongzhi.portal.account import opened
from gongzhi.portal.account.figures import FIGURES, KIND, counts, mechanisms, towns_of
from gongzhi.portal.account.withholding import Below, totals, tree, withheld
from gongzhi.portal.models import OpenFigure, Publication
from gongzhi.ui.period import month_after, months_between


class NotClosed(ValueError):
    """只能公布已经过完的月份，而且要接着上一期。"""


def publish_due(now: datetime, since: str = "") -> list[str]:
    """The month before, and those that were missed since the last publication, or since a first
    one. Returns which."""
    until = month_after(f"{timezone.localtime(now):%Y-%m}", -1)
    last = Publication.objects.order_by("-month").values_list("month", flat=True).first()
    first = month_after(last, 1) if last else since or until
    due = months_between(first, until) if first <= until else []
    for month in due:
        publish(month, now=now)
    return due


def publish(month: str, *, now: datetime) -> Publication:
    """Raises NotClosed: for a month that goes on, was published, or lies before one that was."""
    closed = month < f"{timezone.localtime(now):%Y-%m}"
    if not closed or Publication.objects.filter(month__gte=month).exists():
        raise NotClosed
    city, least = facts(settings.CONFIG.city).code, settings.CONFIG.account_least
    towns = towns_of(city, month)
    below = tree(towns, city)
    named = _names([city, *(code for kids in below.values() for code in kids)])
    rows = [
        OpenFigure(publication_id=month, place=code, name=named[code][0], name_en=named[code][1],
                   mechanism=of.name, **row)
        for of in mechanisms()
        for code, row in _table(of, city, below, counts(city, month, towns, of), least)
    ]  # fmt: skip
    rows.sort(key=lambda r: (r.place, r.mechanism))
    made = Publication(month=month, published_at=now, least=least, digest=digest(rows))
    with transaction.atomic(using="owner"):
        made.save(using="owner", force_insert=True)
        OpenFigure.objects.using("owner").bulk_create(rows, batch_size=1_000)
    return made


def _table(
    of: Mechanism, city: str, below: Below, found: Mapping[str, Mapping[str, int]], least: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place of the city with its figures; each figure is withheld for itself, since no
    equation joins one to another."""
    told: dict[str, dict[str, Any]] = {}
    for figure in FIGURES:
        total = totals(city, below, {code: figure.of(flows) for code, flows in found.items()})
        hidden = withheld(city, below, total, least)
        for code, n in total.items():
            told.setdefault(code, {})[figure.name] = None if code in hidden else n
    for code, row in told.items():
        shown = row["reported"] is not None
        row["often"] = _often(found.get(code, {}), least) if shown else []
        yield code, row


def _often(flows: Mapping[str, int], least: int) -> list[str]:
    kinds = [(n, name.removeprefix(KIND)) for name, n in flows.items() if name.startswith(KIND)]
    return [kind for n, kind in sorted(kinds, key=lambda k: (-k[0], k[1])) if n >= least]


def _names(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    found = Division.objects.filter(code__in=list(codes))
    return {d.code: (d.name, d.name_en) for d in found.only("code", "name", "name_en")}


def digest(rows: Sequence[OpenFigure]) -> str:
    return hashlib.sha256(opened.csv_of(rows)).hexdigest()


def intact(publication: Publication) -> bool:
    """Whether what is published is still what was."""
    return digest(opened.rows(publication.month)) == publication.digest
