"""How a city changes the kinds of matter 类别 it offers: who may, and what is kept of it.

Nothing is deleted, and the clocks and rules of a kind never change: cases stand on them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue
from gongzhi.cases.catalogue import Kind
from gongzhi.cases.changes import Refused
from gongzhi.cases.registers import Category, CategoryChange
from gongzhi.declare import Level, Mechanism
from gongzhi.people.models import Account, Post
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder

EDITORS = ("administrator", "leader")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FACTS = ("label", "label_en", "code", "in_use")


class Changed(Refused):
    """别人刚刚改过这个类型。请看下面的变更记录，核对后再保存一次。"""


class Taken(Refused):
    """已经有一个同名的类型，停用的也算。请换一个名称，或者去恢复使用那一个。"""


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made: of which kind, when, by whom, and each fact before and after."""

    kind: Kind
    at: datetime
    who: str
    post: Post | None
    facts: Mapping[str, Sequence[Any]]


def may_edit(by: Holder) -> Literal[True] | No:
    """The city's administrators and leaders: a list of the city is the same in all its places."""
    if by.kind in EDITORS and by.level is Level.CITY:
        return True
    return No(_("类型由市级的系统管理员或分管领导维护。需要增加或改名，请向他们提出。"))


def _must(by: Holder) -> None:
    allowed = may_edit(by)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def _all_rows(mechanism: Mechanism) -> list[Category]:
    """In order, and nobody else changes them meanwhile; what was only declared gets a row."""
    with connection.cursor() as cursor:
        said = f"category of {mechanism.name}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [said])
    rows = list(Category.objects.filter(mechanism=mechanism.name).order_by("order", "name"))
    have = {row.name for row in rows}
    missing = [
        Category(mechanism=mechanism.name, name=name, label=label, order=len(rows) + n)
        for n, (name, label) in enumerate(c for c in mechanism.categories if c[0] not in have)
    ]
    return rows + Category.objects.bulk_create(missing)


def english(kind: Kind | Category) -> str:
    """Its English name; of a declared one that was never renamed, the translated one."""
    with translation.override("en"):
        return kind.label_en or _(kind.label)


def _free_name(said: str, label_en: str, rows: Sequence[Category]) -> str:
    """The key under which it is counted for good: as typed, or made from the English name."""
    taken = {row.name for row in rows}
    if said:
        if said in taken:
            raise Refused(_("这个标识已经有了，请换一个，或者不填。"), field="name")
        if not NAME.fullmatch(said):
            reason = _("标识用小写英文字母、数字和下划线，以字母开头，最多 40 个字符。")
            raise Refused(reason, field="name")
        return said
    made = re.sub(r"[^a-z0-9]+", "_", label_en.lower()).strip("_")[:36]
    if not NAME.fullmatch(made):
        raise Refused(_("请用英文字母写英文名称，或者另填标识。"), field="label_en")
    return next(n for n in (made, *(f"{made}_{i}" for i in range(2, 1000))) if n not in taken)


def _check(row: Category, others: Sequence[Category]) -> None:
    """Names tell kinds apart, in sheets too; and something is always offered."""
    if any(row.label == other.label for other in others):
        raise Taken(field="label")
    if any(row.label_en.casefold() == english(other).casefold() for other in others):
        raise Taken(field="label_en")
    if not any(one.in_use for one in (row, *others)):
        raise Refused(_("至少要有一个类型在用。"), field="in_use")


def _placed(row: Category, others: Sequence[Category], after: str) -> None:
    """Put behind the one of that name, or first."""
    names = ["", *(other.name for other in others)]
    if after not in names:
        raise Refused(_("请从列表中选择排在哪里。"), field="after")
    at = names.index(after)
    ordered = [*others[:at], row, *others[at:]]
    for n, one in enumerate(ordered):
        one.order = n
    Category.objects.bulk_update(ordered, ["order"])


def _told(row: Category) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    return {**facts, "label_en": english(row), "order": row.order + 1}


def _log(row: Category, before: Mapping[str, Any], *, by: Holder, now: datetime) -> None:
    facts = {
        name: [before.get(name), value]
        for name, value in _told(row).items() if before.get(name) != value
    }  # fmt: skip
    if facts:
        CategoryChange.objects.create(
            mechanism=row.mechanism, name=row.name, at=now, account=by.account, post=by.post,
            facts=facts,
        )  # fmt: skip


def add(mechanism: Mechanism, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> str:
    """A new kind, which has the clocks and rules of a declared one. Its name. Raises Refused."""
    _must(by)
    if facts["follows"] not in dict(mechanism.categories):
        raise Refused(_("请选择时限和规则与哪一类相同。"), field="follows")
    with transaction.atomic():
        others = _all_rows(mechanism)
        row = Category(
            mechanism=mechanism.name, name=_free_name(facts["name"], facts["label_en"], others),
            follows=facts["follows"], order=len(others),
            **{name: facts[name] for name in FACTS if name in facts},
        )  # fmt: skip
        _check(row, others)
        row.save(force_insert=True)
        _placed(row, others, facts["after"])
        _log(row, {}, by=by, now=now)
    catalogue.forget()
    return row.name


def change(
    mechanism: Mechanism, name: str, facts: Mapping[str, Any], *,
    seen: int, by: Holder, now: datetime,
) -> None:  # fmt: skip
    """Rename, move, put out of use or into use again. Raises Refused.

    `seen`: the last change that whoever fills in the form has seen; what came after it would be
    undone unseen.
    """
    _must(by)
    with transaction.atomic():
        rows = _all_rows(mechanism)
        row = next(one for one in rows if one.name == name)
        if last_change(mechanism, name) != seen:
            raise Changed
        others, before = [one for one in rows if one is not row], _told(row)
        for fact in FACTS:
            setattr(row, fact, facts[fact])
        _check(row, others)
        row.save(update_fields=FACTS)
        _placed(row, others, facts["after"])
        _log(row, before, by=by, now=now)
    catalogue.forget()


def last_change(mechanism: Mechanism, name: str) -> int:
    """The number of the last change of this kind, 0 before the first."""
    of = CategoryChange.objects.filter(mechanism=mechanism.name, name=name)
    return of.order_by("-id").values_list("id", flat=True).first() or 0


def history(mechanism: Mechanism, name: str = "", *, most: int = 50) -> list[Change]:
    """The last changes, of one kind or of all, the newest first."""
    of = CategoryChange.objects.filter(mechanism=mechanism.name).order_by("-id")
    rows = list((of.filter(name=name) if name else of)[:most])
    people = Account.objects.in_bulk({row.account for row in rows})
    posts = Post.objects.select_related("unit").in_bulk({row.post for row in rows})
    return [
        Change(
            catalogue.kind(mechanism, row.name), row.at,
            people[row.account].name if row.account in people else "", posts.get(row.post),
            row.facts,
        )
        for row in rows
    ]  # fmt: skip
