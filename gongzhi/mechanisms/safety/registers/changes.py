"""What the register notes of every change: who, when, each fact before and after 变更记录."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from gongzhi.mechanisms.safety.models import Enterprise, RegisterChange
from gongzhi.people.posts import Holder

PAGE = 30


def told(value: Any) -> Any:
    plain = value is None or isinstance(value, str | int | float | list)
    return value if plain else str(value)


def differing(row: Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The row takes these facts; those that were otherwise, each as [before, after]."""
    changed = {}
    for name, value in facts.items():
        before = None if row._state.adding else getattr(row, name)
        if value != before:
            changed[name] = [told(before), told(value)]
        setattr(row, name, value)
    return changed


def given(row: Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """What a new row says, as changes from nothing."""
    said = {name: told(getattr(row, name)) for name in names}
    return {name: [None, value] for name, value in said.items() if value not in (None, "", [])}


def line(
    of: Enterprise, what: UUID, called: str, facts: Mapping[str, Any], *, by: Holder, now: datetime
) -> RegisterChange:
    return RegisterChange(
        of=of, what=what, called=called[:120], at=now, account=by.account, post=by.post,
        facts=facts,
    )  # fmt: skip


def note(
    of: Enterprise, what: UUID, called: str, facts: Mapping[str, Any], *, by: Holder, now: datetime
) -> None:
    line(of, what, called, facts, by=by, now=now).save()


def history(of: Enterprise, *, before: int | None = None) -> QuerySet[RegisterChange]:
    """The latest first, from behind the last one that was shown."""
    found = of.changes.order_by("-id")
    return found.filter(id__lt=before) if before else found
