"""Fills in the form of any act as a person might: one answer for each kind of field.

A form with rules of its own needs an answer of its own in `SPECIAL`; the machine says so.
"""

import base64
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import openpyxl
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.datastructures import MultiValueDict
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from PIL import Image

from gongzhi.cases.forms import ActForm
from gongzhi.cases.steps import StepsField
from gongzhi.declare import Act
from gongzhi.ui.fields import PREFIX, SignatureField

TEXTS = st.sampled_from(["甲", "按约定办理。", "=1+1", "张三的电话是13800001234，请联系。"])
INSTALMENTS = ["", "2026-12-31 100", "2026-12-31 100\n2027-01-31 50.5元"]


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 2), "white").save(out, "PNG")
    return out.getvalue()


def _sheet(*rows: tuple[str, str]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


PNG = _png()
PEOPLE = _sheet(("姓名", "电话"), ("王五", "13700000001"), ("赵六", ""))
# What each act asks for in a sheet, where it is not people; of the petitioner that every case has.
SHEETS = {"share": _sheet(("姓名", "金额"), ("张三", "100"))}


class CannotAnswer(Exception):
    """There is nothing to choose from: a person could not send this form either."""


def _choices(field: forms.ChoiceField) -> list[Any]:
    """What may be chosen, the groups of a list laid together."""
    flat: list[tuple[Any, Any]] = list(flatten_choices(field.choices))  # type: ignore[arg-type]
    values = [value for value, _label in flat if value != ""]
    if not values:
        raise CannotAnswer
    return values


def _signature(field: forms.Field, data: DataObject, now: Any) -> str:
    return PREFIX + base64.b64encode(PNG).decode()


def _steps(field: StepsField, data: DataObject, now: Any) -> dict[str, str]:
    """One step or two; the rows of a form are fields of their own."""
    units = sorted(field.units)
    if not units:
        raise CannotAnswer
    due = (timezone.localdate(now) + timedelta(days=3)).isoformat()
    return {
        f"steps_{n}_{part}": value
        for n in range(1, data.draw(st.integers(1, 2)) + 1)
        for part, value in (
            ("unit", data.draw(st.sampled_from(units))), ("what", "拆除"), ("due", due),
        )
    }  # fmt: skip


Answer = Callable[[Any, DataObject, Any], Any]
# The first kind that fits answers, so the special ones stand before the general ones.
ANSWERS: Sequence[tuple[type[forms.Field], Answer]] = (
    (SignatureField, _signature),
    (forms.MultipleChoiceField, lambda f, data, now: data.draw(
        st.lists(st.sampled_from(_choices(f)), min_size=1, max_size=2, unique=True))),
    (forms.ChoiceField, lambda f, data, now: data.draw(st.sampled_from(_choices(f)))),
    (forms.BooleanField, lambda f, data, now: True),
    (forms.DateTimeField, lambda f, data, now: timezone.localtime(
        now - data.draw(st.sampled_from([timedelta(0), timedelta(hours=30)]))
    ).replace(tzinfo=None).isoformat(timespec="minutes")),
    (forms.DateField, lambda f, data, now: timezone.localdate(now).isoformat()),
    (forms.DecimalField, lambda f, data, now: data.draw(st.sampled_from(["0", "1", "99.50"]))),
    (forms.FloatField, lambda f, data, now: data.draw(st.sampled_from(["23.1", "112.4"]))),
    (forms.IntegerField, lambda f, data, now: data.draw(st.sampled_from(["0", "1", "5"]))),
    (forms.CharField, lambda f, data, now: data.draw(TEXTS)),
)  # fmt: skip
SPECIAL: dict[str, Answer] = {
    "begins_at": lambda f, data, now: (
        timezone.localtime(
            now + data.draw(st.sampled_from([timedelta(hours=1), timedelta(hours=30)]))
        )
        .replace(tzinfo=None)
        .isoformat(timespec="minutes")
    ),
    "duties": lambda f, data, now: data.draw(st.sampled_from(["", "2026-12-31 拆除棚子"])),
    "meeting": lambda f, data, now: "",
    "legal": lambda f, data, now: _choices(f),
    "setting": lambda f, data, now: "apart",
    # A limit, which an extension must move on.
    "until": lambda f, data, now: (
        timezone.localdate(now) + timedelta(days=data.draw(st.sampled_from([0, 20])))
    ).isoformat(),
    "instalments": lambda f, data, now: data.draw(st.sampled_from(INSTALMENTS)),
}


# Not required by their field, but by the rest of what is said.
NEEDED = {"record", "signature_applicant", "signature_respondent", "signature_mediator", "why",
          "reason", "note", "stars", "unit", "units", "likelihood", "exposure", "consequence",
          "often", "grave", "criterion"}  # fmt: skip


def _answer(name: str, field: forms.Field, data: DataObject, now: Any) -> Any:
    if name in SPECIAL:
        return SPECIAL[name](field, data, now)
    for kind, answer in ANSWERS:
        if isinstance(field, kind):
            return answer(field, data, now)
    raise NotImplementedError(f"nobody has said how to answer a {type(field).__name__}")


def _answers(name: str, field: forms.Field, data: DataObject, now: Any) -> dict[str, Any]:
    if isinstance(field, StepsField):
        return _steps(field, data, now)
    return {name: _answer(name, field, data, now)}


def _must_be_valid(act: Act, form: ActForm) -> None:
    if set(form.errors) == {"number"}:  # what that other case is, may stand against it
        raise CannotAnswer
    assert form.is_valid(), f"{act.name}: no valid answer for {dict(form.errors)}"


def fill(
    act: Act, data: DataObject, *, numbers: Sequence[str], **of: Any
) -> tuple[dict[str, Any], dict[str, Any], list[bytes]]:
    """What to tell act(): data, what is given besides, files. Raises CannotAnswer.

    `numbers` are the cases that may be named in it.
    """
    if act.form is None:
        return {}, {}, []
    empty: ActForm = act.form(**of)
    answers: dict[str, Any] = {}
    uploads: MultiValueDict[str, Any] = MultiValueDict()
    for name, field in empty.fields.items():
        if not field.required and name not in NEEDED and data.draw(st.booleans()):
            continue
        if isinstance(field, forms.FileField):
            if field.required:
                uploads[name] = SimpleUploadedFile("list.xlsx", SHEETS.get(act.name, PEOPLE))
        elif name == "number":
            if not numbers:
                raise CannotAnswer
            answers[name] = data.draw(st.sampled_from(numbers))
        else:
            answers |= _answers(name, field, data, of["now"])
    form: ActForm = act.form(answers, uploads, **of)
    _must_be_valid(act, form)
    return form.told(), form.given(), [content for _name, content in form.attached()]
