"""The form with which every case begins, for the public and for clerks alike."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue, sealed
from gongzhi.cases.act import Report
from gongzhi.cases.changes import NewFile, NewParty, Words
from gongzhi.cases.fields import FilesField, Several, phone
from gongzhi.cases.forms import told
from gongzhi.declare import Mechanism

# What does not belong to the words of the matter: persons, and what the report itself names.
APART = {"name", "phone", "respondent", "respondent_phone", "accused", "category", "channel",
         "urgent", "unit", "no_phone", "longitude", "latitude"}  # fmt: skip
TITLE_WORDS = 24  # characters of the story that a list shows


class ReportForm(forms.Form):
    """A matter in the words of whoever reports it, and what the mechanism asks besides.

    Text a person writes is sealed, unless its field is named in `plain`. What the mechanism asks
    may depend on the place (`at_place`) and on other answers (`check`).
    """

    plain: frozenset[str] = frozenset()

    category = forms.ChoiceField(
        label=_("是哪一类事情"),
        error_messages={"invalid_choice": _("没有这一类，或者已经停用，请另选一类。")},
    )
    text = forms.CharField(
        label=_("发生了什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("什么时候、什么事、您希望怎样解决。"),
    )  # fmt: skip
    name = forms.CharField(label=_("您的姓名"), max_length=40)
    phone = forms.CharField(
        label=_("您的电话"), max_length=20, validators=[phone],
        error_messages={"required": _("请写电话；没有电话的，请勾选下面一项。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("只有办案人员能看到；查询进度时用后四位。"),
    )  # fmt: skip
    no_phone = forms.BooleanField(label=_("没有电话，用查询码查进度"), required=False)
    photos = FilesField(
        label=_("照片或文件"), required=False, help_text=_("照片中的位置和时间信息会自动删除。"),
        widget=Several(attrs={"accept": "image/*,application/pdf", "multiple": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, mechanism: Mechanism, place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mechanism = mechanism
        self.fields["phone"].required = not self.data.get(self.add_prefix("no_phone"))
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *catalogue.choices(mechanism),
        ]
        if mechanism.starts.form is not None:
            own = mechanism.starts.form()
            if hasattr(own, "at_place"):
                own.at_place(place)
            if getattr(own, "anonymous", False):
                self.fields["name"].required = self.fields["phone"].required = False
            asked = own.fields
            self.plain |= own.plain
            self.fields.update(asked)
            self.order_fields(["category", "text", *asked, "name", "phone", "no_phone", "photos"])

    @property
    def about(self) -> str:
        """What the address one came by says of the matter, where the mechanism can tell."""
        tell = getattr(self.mechanism.starts.form, "about", None)
        return str(tell(self.initial)) if tell and self.initial else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        check = getattr(self.mechanism.starts.form, "check", None)
        for name, wrong in (check(said) if check else {}).items():
            if name not in self.errors:  # said once is enough
                self.add_error(name, wrong)
        return said


def preset(mechanism: Mechanism, given: Mapping[str, str]) -> dict[str, Any]:
    """What the address of a report says already, for the fields that the mechanism names so."""
    form = mechanism.starts.form
    found = {}
    for name in getattr(form, "preset", ()):
        with suppress(forms.ValidationError):
            found[name] = form.base_fields[name].clean(given.get(name, ""))  # type: ignore[union-attr]
    return {name: value for name, value in found.items() if value}


def title_of(form: ReportForm) -> str:
    """What a list shows of it: its kind, and how the story begins."""
    said = form.cleaned_data
    label = catalogue.kind(form.mechanism, said["category"]).label
    return f"{label}：{said['text'][:TITLE_WORDS]}"


def code_for(form: ReportForm, key: str) -> str:
    """The code by which who has no phone follows the case; empty for who has one."""
    return "" if form.cleaned_data["phone"] else sealed.tracking_code(key)


def report_from(
    form: ReportForm, place: str, files: list[NewFile], *, key: str, **more: Any
) -> Report:
    """What was filled in, as report() takes it: persons apart, words sealed."""
    said = form.cleaned_data
    data = {k: v for k, v in told(form, form.plain).items() if k not in APART}
    code = code_for(form, key)
    if code:
        data["code"] = Words(code)
    parties = [NewParty("applicant", name=said["name"], phone=said["phone"], code=code)]
    if said.get("respondent"):
        other = said.get("respondent_phone", "")
        parties.append(NewParty("respondent", name=said["respondent"], phone=other))
    if said.get("accused"):
        called = {str(value): label for value, label in form.fields["accused"].choices}  # type: ignore[attr-defined]
        parties += [NewParty("respondent", name=called[str(u)], who=u) for u in said["accused"]]
    return Report(
        place=place,
        category=said["category"],
        title=title_of(form),
        data=data,
        parties=parties,
        files=files,
        longitude=said.get("longitude"),
        latitude=said.get("latitude"),
        **more,
    )
