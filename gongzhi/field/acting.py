"""Acts on cases that were done on a phone, and notes: by the declaration, for every mechanism.

An act that the case no longer waits for is a conflict for the person to resolve. Where the case
has gone to another unit meanwhile, what was written goes there by itself, as a note.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from gongzhi.cases import files, linkage
from gongzhi.cases.act import act, lock
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.forms import ActForm
from gongzhi.cases.reading import acts_open_to
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Act
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder
from gongzhi.ui import offline, words
from gongzhi.ui.offline import Answer, Operation

Case = tuple[str, UUID]


class Malformed(Refused):
    """这条记录不完整，无法办理。"""


def _case(data: Mapping[str, Any]) -> Case:
    try:
        county, id_ = data["case"]
        return str(county), UUID(id_)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Malformed from None


def _attached(form: type[ActForm], one: Operation) -> "MultiValueDict[str, Any]":
    """Photos belong to the field of the form that takes files."""
    name = next((n for n, f in form.base_fields.items() if isinstance(f, forms.FileField)), "")
    return MultiValueDict({name: list(one.files)} if name else {})


def _filled(
    chosen: Act, seen: Snapshot, one: Operation, now: datetime, by: Actor
) -> ActForm | None:
    """Raises Refused with what is wrong with it."""
    if chosen.form is None:
        return None
    form: ActForm = chosen.form(
        offline.filled(one.data), _attached(chosen.form, one), case=seen, by=by, now=now
    )
    if not form.is_valid():
        raise Refused(offline.wrong(form))
    return form


def _offered(seen: Snapshot, name: object) -> Act:
    """An act that phones have. Raises Refused."""
    names = {n for kit in offline.every() if kit.name == seen.mechanism.name for n in kit.acts}
    if name not in names:
        raise Malformed
    return linkage.act_named(seen.mechanism, str(name))


def _written(chosen: Act, one: Operation) -> str:
    """What was written on the phone, in one sentence."""
    fields = chosen.form.base_fields if chosen.form else {}
    free = {n for n, f in fields.items() if type(f) is forms.CharField}
    told = offline.filled(one.data)
    said = "；".join(v for n in told if n in free for v in told.getlist(n) if v)
    head = _("离线记录“%(act)s”，%(at)s") % {"act": _(chosen.label), "at": words.moment(one.at)}
    return f"{head}：{said}" if said else head


def _note(case: Case, text: str, one: Operation, now: datetime, by: Actor) -> None:
    stored = [files.accept(f) for f in one.files]  # type: ignore[arg-type]
    act(case, linkage.note, {"note": Words(text), **one.noted}, key=one.key, now=now, by=by,
        files=stored)  # fmt: skip


def _moved_on(seen: Snapshot, chosen: Act, one: Operation, now: datetime, by: Actor) -> Answer:
    """The case does not wait for this any more."""
    case = (seen.county, seen.id)
    gone = isinstance(by, Holder) and seen.unit != by.unit
    if gone and linkage.note in acts_open_to(by, seen):
        _note(case, _written(chosen, one), one, now, by)
        said = _("这件案件已转给别的单位，您的记录已作为办理记录附上。")
        return Answer("done", said, seen.number, case)
    said = _("这件案件现在是“%(state)s”，不再等这一步。") % {"state": _(seen.state.label)}
    return Answer("conflict", said, seen.number, case)


def _acted(one: Operation, now: datetime, by: Actor) -> Answer:
    case = _case(one.data)
    with transaction.atomic():
        seen, before = lock(*case, key=one.key, now=now, by=by)
        if before is not None:
            return Answer("again", number=seen.number, case=case)
        chosen = _offered(seen, one.data.get("act"))
        if chosen not in acts_open_to(by, seen):
            return _moved_on(seen, chosen, one, now, by)
        form = _filled(chosen, seen, one, now, by)
        stored = [files.accept(content) for _name, content in form.attached()] if form else []
        act(case, chosen, {**(form.told() if form else {}), **one.noted}, key=one.key, now=now,
            by=by, files=stored, given=form.given() if form else None)  # fmt: skip
    return Answer("done", number=seen.number, case=case)


def _noted(one: Operation, now: datetime, by: Actor) -> Answer:
    case, text = _case(one.data), str(one.data.get("text", "")).strip()
    if not text:
        raise Malformed
    with transaction.atomic():
        seen, before = lock(*case, key=one.key, now=now, by=by)
        if before is None:
            _note(case, text, one, now, by)
    return Answer("done" if before is None else "again", number=seen.number, case=case)


KINDS: Mapping[str, offline.Perform] = {"act": offline.each(_acted), "note": offline.each(_noted)}
