"""What mechanisms offer to phones without a signal 离线: their screens, packs and operations.

The field surface knows mechanisms only through this: each adds its kit in its apps.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongzhi.cases.changes import NotFound, Refused
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that was done on a phone, as it came in.

    `at` is the phone's time, put right by its `skew`: so many seconds its clock was behind ours
    when it sent this.
    """

    key: str
    kind: str
    post: UUID
    at: datetime
    skew: int
    data: Mapping[str, Any]
    files: "Sequence[UploadedFile[Any]]" = ()

    @property
    def noted(self) -> dict[str, Any]:
        """What the ledger keeps of the phone's time; its own time is the server's."""
        return {"phone_at": self.at.isoformat(), "phone_skew": self.skew}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an operation: done, again, conflict or rejected; `said` to the person."""

    what: str
    said: str | Promise = ""
    number: str = ""
    case: tuple[str, UUID] | None = None


# Operations of one kind that came in a row, done in order: as many answers as operations.
Perform = Callable[[Sequence[Operation], datetime, Actor], list[Answer]]


def each(do: Callable[[Operation, datetime, Actor], Answer]) -> Perform:
    """One after another; one that is refused stops none of the others."""

    def perform(run: Sequence[Operation], now: datetime, by: Actor) -> list[Answer]:
        found = []
        for one in run:
            try:
                found.append(do(one, now, by))
            except NotFound:
                found.append(Answer("conflict", _("这件案件已不在您的范围内，或者已交给别人。")))
            except Refused as error:
                found.append(Answer("rejected", str(error.reason)))
        return found

    return perform


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What one mechanism gives phones.

    `pack`: what of it lies on the phone of a post; `kinds`: what may be done there, by the name of
    the operation; `acts`: names of acts on one's own cases that make sense out of doors; `anyone`:
    kinds that anybody might have told, so that they outlive the post of whoever noted them.
    `screens` is a template and `scripts` are ES modules that plug into the surface; `first` is a
    template put before all else on its start.
    """

    name: str
    label: str | Promise
    pack: Callable[[Holder, datetime], Mapping[str, Any]]
    offered_to: Callable[[Holder], bool]
    kinds: Mapping[str, Perform] = field(default_factory=dict)
    acts: frozenset[str] = frozenset()
    anyone: frozenset[str] = frozenset()
    first: str = ""
    screens: str = ""
    scripts: Sequence[str] = ()


def filled(data: Mapping[str, Any]) -> QueryDict:
    """What was filled in on the phone, as a form takes it."""
    found = QueryDict(mutable=True)
    told = data.get("said")
    for name, value in told.items() if isinstance(told, dict) else ():
        found.setlist(name, [str(v) for v in value] if isinstance(value, list) else [str(value)])
    return found


def wrong(form: forms.Form) -> str:
    """What is wrong with a form, in one line."""
    parts = []
    for name, errors in form.errors.items():
        label = f"{form.fields[name].label}：" if name in form.fields else ""
        parts.append(label + "".join(str(e) for e in errors))
    return "；".join(parts)


_kits: dict[str, Kit] = {}


def add(kit: Kit) -> None:
    _kits[kit.name] = kit


def every() -> list[Kit]:
    return list(_kits.values())


def kits_for(by: Holder) -> list[Kit]:
    """Those of use to this post."""
    return [kit for kit in _kits.values() if kit.offered_to(by)]
