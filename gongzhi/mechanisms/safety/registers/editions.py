"""Editions of the catalogue: which holds where and when, and what it asks of a site.

An edition is never rewritten, so its contents are read from the database once in a process.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Basis, Category, Edition, Item, Site
from gongzhi.mechanisms.safety.registers import contents, industries, shipped
from gongzhi.mechanisms.safety.registers.contents import Contents
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

KEPT = 12  # editions at a time: those of a city and its counties


def on_day(on: date) -> Q:
    """What holds on that day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def in_force(place: str, on: date) -> Edition | None:
    """The nearest place's upwards that has one."""
    found = Edition.objects.filter(on_day(on), place__in=[*ancestors(place), place])
    return max(found, key=lambda e: len(e.place), default=None)


def before(edition: Edition) -> Edition | None:
    """What held at its place until it came: one of the place itself, or else of a place above."""
    day = edition.valid_from
    ended = Edition.objects.filter(place=edition.place, valid_to=day).exclude(id=edition.id)
    # Rather one that held for a while than one that was put right before its day.
    last = ended.filter(entered_at__lte=edition.entered_at).order_by("valid_from").first()
    above = ancestors(edition.place)
    return last or (in_force(above[-1], day) if above else None)


@lru_cache(maxsize=KEPT)
def of(edition: UUID) -> Contents:
    """What stands in it, in order of codes."""
    items = Item.objects.filter(category__edition=edition).select_related("category")
    return Contents(
        list(Category.objects.filter(edition=edition).order_by("code")),
        list(items.order_by("category__code", "code")),
        list(Basis.objects.filter(edition=edition).order_by("key")),
    )


def applies(row: Category | Item, industry: str, facts: Collection[str]) -> bool:
    """Whether it is for this industry, and the site has all that it needs."""
    return industries.covers(row.industries, industry) and set(row.needs) <= set(facts)


def applicable(edition: UUID, *, industry: str, facts: Collection[str]) -> list[Item]:
    """What an edition asks of a site of such an industry with such facts, in order."""
    categories = of(edition).categories
    within = {c.id for c in categories if applies(c, industry, facts)}
    return [
        item for item in of(edition).items
        if item.category_id in within and applies(item, industry, facts)
    ]  # fmt: skip


def items_for(site: Site, *, on: date) -> list[Item]:
    """What this site is asked by the edition that holds there; nothing where none does."""
    edition = in_force(site.place, on)
    if edition is None:
        return []
    return applicable(edition.id, industry=site.enterprise.industry, facts=site.facts)


@dataclass(frozen=True, slots=True)
class Cited:
    """A basis with the article that an item rests on."""

    basis: Basis
    article: str

    def __str__(self) -> str:
        """As one cites it: name, number or else year, article."""
        number = self.basis.number or str(self.basis.year)
        return f"《{self.basis.name}》（{number}）{self.article}"


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with its bases, for display."""

    item: Item
    cited: Sequence[Cited]


def shown(edition: UUID, code: str) -> Shown | None:
    """One item of an edition; None where it has none of that code."""
    held = of(edition)
    item = next((i for i in held.items if i.code == code), None)
    if item is None:
        return None
    bases = {b.key: b for b in held.bases}
    return Shown(item, [Cited(bases[key], article) for key, article in item.basis])


def enter(edition: Edition, held: Contents, *, now: datetime, by: Holder | None = None) -> Edition:
    """From its day on it holds at its place; what held before ends on that day.

    Without `by` it is the installation that lays it. Raises Refused.
    """
    if by is not None and not may_set(by, Level.COUNTY, edition.place):
        raise Refused(_("县级以上的领导或管理员才能更换本地的检查清单。"))
    with transaction.atomic():
        _alone()
        others = Edition.objects.filter(place=edition.place)
        if others.filter(valid_from__gt=edition.valid_from).exists():
            raise Refused(_("这天以后已有新的一版，请另选日期。"), field="valid_from")
        for other in others.exclude(valid_to__lte=edition.valid_from):
            other.valid_to = edition.valid_from
            other.save(update_fields=["valid_to"])
        edition.digest, edition.entered_at = contents.digest(held), now
        edition.account, edition.post = (by.account, by.post) if by else (None, None)
        edition.save(force_insert=True)
        for category in held.categories:
            category.edition = edition
        for basis in held.bases:
            basis.edition = edition
        Category.objects.bulk_create(held.categories)
        Item.objects.bulk_create(held.items)
        Basis.objects.bulk_create(held.bases)
    return edition


def _alone() -> None:
    """Two at a time would not know of each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('editions of checks'))")


def ship(place: str, *, now: datetime) -> Edition:
    """The catalogue that ships with us holds at a place from today on; once, for the same contents.

    Raises Refused where the place has an edition of its own.
    """
    held, on = shipped.contents(), timezone.localdate(now)
    with transaction.atomic():
        _alone()
        there = Edition.objects.filter(place=place, digest=contents.digest(held)).last()
        if there is not None:
            return there
        if Edition.objects.filter(place=place, account__isnull=False).exists():
            raise Refused(_("这里已有自己的清单；请导出后用 Excel 增补。"))
        edition = Edition(place=place, name=shipped.NAME, source=shipped.SOURCE, valid_from=on)
        return enter(edition, held, now=now)
