"""Fills in the form of any act, so that random acts carry data a person could have given."""

from datetime import timedelta
from typing import Any

from django import forms
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from gongzhi.cases.forms import ActForm
from gongzhi.cases.reading import CaseView
from gongzhi.declare import Act
from gongzhi.people.permissions import Actor
from gongzhi.ui.fields import PREFIX, SignatureField

PNG = PREFIX + "iVBORw0KGgo="


def _values(field: forms.ChoiceField) -> list[Any]:
    return [value for value, _label in list(field.choices) if value != ""]  # type: ignore[arg-type]


def _chosen(field: forms.Field, data: DataObject) -> Any:
    """One or some of what may be chosen; None where there is nothing."""
    if not isinstance(field, forms.ChoiceField):
        return None
    values = _values(field)
    if not values:
        return None
    if isinstance(field, forms.MultipleChoiceField):
        return data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))
    return data.draw(st.sampled_from(values))


def _answer(name: str, field: forms.Field, form: ActForm, data: DataObject) -> Any:
    """A valid answer; None where nothing can be answered."""
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, data)
    if isinstance(field, SignatureField):
        return PNG
    if isinstance(field, forms.BooleanField):
        return True
    if isinstance(field, forms.DateTimeField):
        return (form.now - timedelta(hours=1)).isoformat()
    if name == "instalments":
        return data.draw(st.sampled_from(["", "2026-12-31 100", "2026-12-31 100\n2027-01-31 50"]))
    return data.draw(st.sampled_from(["甲", "按约定办理。"]))


def fill(act: Act, view: CaseView, by: Actor, now: Any, data: DataObject) -> ActForm | None:
    """The act's form with valid answers; None when the act asks for none or cannot be answered."""
    if act.form is None:
        return None
    empty: ActForm = act.form(case=view.snapshot, by=by, now=now)
    answers = {}
    for name, field in empty.fields.items():
        if isinstance(field, forms.FileField):
            continue
        answer = _answer(name, field, empty, data)
        if answer is not None:
            answers[name] = answer
    filled: ActForm = act.form(answers, case=view.snapshot, by=by, now=now)
    return filled
