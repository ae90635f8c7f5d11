"""What a phone sends of inspections, as the register takes it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.cases import files
from gongzhi.cases.changes import NewFile, Refused
from gongzhi.mechanisms.safety.forms.inspecting import Exhibited, Inspected
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.registers import exhibits as register
from gongzhi.mechanisms.safety.registers import inspecting
from gongzhi.mechanisms.safety.roles import OWN
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder
from gongzhi.ui.offline import Answer, Operation

# Whose day's work it is; others who may inspect have no kit of it on their phones.
OUT_OF_DOORS: Final = (*OWN, "grid_member", "safety_inspector", "expert")
AT_ONCE = 2  # files that are looked at side by side


def _checked(form: forms.Form) -> dict[str, Any]:
    """Raises Refused."""
    if not form.is_valid():
        raise Refused(_("这份检查记录不完整，无法读取。"))
    return form.cleaned_data


def _holder(by: Actor) -> Holder:
    if not isinstance(by, Holder):
        raise Refused
    return by


def _said(taken: inspecting.Taken) -> str:
    if not taken.row.not_met:
        return ""
    said = ngettext("已登记 %(n)d 处隐患", "已登记 %(n)d 处隐患", taken.begun) % {"n": taken.begun}
    if taken.known:
        known = ngettext("%(n)d 处以前登记过，还没有销号", "%(n)d 处以前登记过，还没有销号",
                         taken.known) % {"n": taken.known}  # fmt: skip
        said = f"{said}；{known}"
    return said


def inspection(one: Operation, now: datetime, by: Actor) -> Answer:
    form = Inspected(dict(one.data))
    _checked(form)
    taken = inspecting.take(form.told(one.at, one.noted), mechanism=safety, now=now, by=_holder(by))
    return Answer("again" if taken.again else "done", _said(taken))


def _stored(one: Operation) -> list[NewFile] | Refused:
    try:
        return [files.accept(f) for f in one.files]  # type: ignore[arg-type]
    except Refused as error:
        return error


def exhibits(run: Sequence[Operation], now: datetime, by: Actor) -> list[Answer]:
    """Pictures are cleaned side by side, since that is what takes long."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        stored = list(pool.map(_stored, run))
    return [_exhibit(one, found, now, by) for one, found in zip(run, stored, strict=True)]


def _exhibit(one: Operation, stored: list[NewFile] | Refused, now: datetime, by: Actor) -> Answer:
    try:
        if isinstance(stored, Refused):
            raise stored
        said = _checked(Exhibited(dict(one.data)))
        register.keep(said["inspection"], said["code"], stored, what=said["what"], now=now,
                      by=_holder(by))  # fmt: skip
    except Refused as error:
        return Answer("rejected", str(error.reason))
    return Answer("done")
