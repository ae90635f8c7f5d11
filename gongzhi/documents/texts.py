"""Which text a letter has: as it came with the software, or as the city has changed it since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, registry
from gongzhi.documents.models import LetterText
from gongzhi.people.permissions import No, may_set
from gongzhi.people.posts import Holder

TO_PARTY = "---\nfor: party\n---\n"  # the only thing that may stand before a shipped text


@dataclass(frozen=True, slots=True)
class Shipped:
    """A text as it came with the software; whom it is written to is not the city's to change."""

    text: str
    to_party: bool


def folder(mechanism: str) -> Path:
    return Path(apps.get_app_config(mechanism).path) / "documents"


@cache
def shipped(mechanism: str, name: str) -> Shipped:
    text = (folder(mechanism) / f"{name}.md").read_text("utf-8")
    return Shipped(text.removeprefix(TO_PARTY), text.startswith(TO_PARTY))


def every() -> Iterator[tuple[str, str]]:
    """Mechanism and name of each letter, in the order of the declaration; then those without a
    case, like returns."""
    for mechanism in registry.every():
        if not folder(mechanism.name).is_dir():
            continue
        declared = [d.name for d in mechanism.documents]
        others = sorted(p.stem for p in folder(mechanism.name).glob("*.md"))
        for name in [*declared, *(o for o in others if o not in declared)]:
            yield mechanism.name, name


def versions(mechanism: str, name: str) -> list[LetterText]:
    """The newest first."""
    found = LetterText.objects.filter(mechanism=mechanism, name=name)
    return list(found.order_by("-version"))


def in_use(mechanism: str, name: str, *, at: datetime) -> str:
    """The newest text that there was at this instant."""
    found = LetterText.objects.filter(mechanism=mechanism, name=name, at__lte=at)
    newest = found.order_by("-version").values_list("text", flat=True).first()
    return shipped(mechanism, name).text if newest is None else newest


def may_change(by: Holder) -> Literal[True] | No:
    """Administrators and leaders of the county level or above: the texts are the whole city's."""
    if not may_set(by, Level.COUNTY):
        return No(_("文书文本由县级以上的系统管理员或分管领导修改。"))
    return True


def save(
    mechanism: str, name: str, text: str, *, after: int, now: datetime, by: Holder
) -> LetterText:
    """A new version, after the one that was changed. Raises Refused.

    Whether the text can be filled is asked before (trials.py).
    """
    allowed = may_change(by)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)
    try:
        with transaction.atomic():
            newest = versions(mechanism, name)[:1]
            if (newest[0].version if newest else 0) != after:
                raise Refused(_("这份文书刚被别人改过，请核对最新文本后再保存；您写的还在下面。"))
            return LetterText.objects.create(
                mechanism=mechanism, name=name, version=after + 1, text=text,
                account=by.account, post=by.post, at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("这份文书刚被别人改过，请核对最新文本后再保存；您写的还在下面。")) from None
