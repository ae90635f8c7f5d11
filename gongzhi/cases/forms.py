"""What a person fills in at an act: ordinary Django forms that know the case and who acts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import numbers, sheets
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.fields import FilesField, phone
from gongzhi.cases.models import Case
from gongzhi.cases.snapshot import Snapshot
from gongzhi.people.kinds import VERY_MANY
from gongzhi.people.models import Unit
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors, level_of


class ActForm(forms.Form):
    """A form of an act. Text a person writes is sealed, unless its field is named in `plain`."""

    plain: frozenset[str] = frozenset()
    # Templates ask whether an act has a form; they must not make one.
    do_not_call_in_templates = True

    def __init__(self, *args: Any, case: Snapshot, by: Actor, now: datetime, **kwargs: Any) -> None:
        self.case, self.by, self.now = case, by, now
        super().__init__(*args, **kwargs)

    def told(self) -> dict[str, Any]:
        """The cleaned data as act() takes it: free text as Words, files left out."""
        return told(self, self.plain)

    def given(self) -> dict[str, Any]:
        """What the effect needs besides, and the ledger must not keep."""
        return {}

    def attached(self) -> list[tuple[str, bytes]]:
        """Files laid to the act: uploads and signatures, as (name, content)."""
        found = []
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if isinstance(value, bytes) and value:
                found.append((f"{name}.png", value))
            for upload in value if isinstance(value, list) else [value]:
                if isinstance(upload, UploadedFile):
                    found.append((upload.name or "", upload.read()))
        return found


def told(form: forms.Form, plain: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Cleaned data of any form: free text as Words; files and empty answers left out."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(field, forms.FileField) or isinstance(value, bytes) or value in (None, ""):
            continue
        free = isinstance(field, forms.CharField) and name not in plain
        found[name] = Words(value) if free and isinstance(value, str) else value
    return found


def words(label: Any, *, required: bool = True, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """A field for free text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


def unit_label(unit: Unit) -> str:
    english = (get_language() or "").startswith("en")
    return unit.name_en if english and unit.name_en else unit.name


def units_near(case: Snapshot) -> list[Unit]:
    """Units a case can go to: of its place and above, the nearest first; then of its county."""
    above = ancestors(case.place)
    county = case.place[:6]
    found = Unit.objects.filter(valid_to=None).exclude(id__in=[*case.hidden])
    # A county has thousands of them: only one that had the case may get it again.
    found = found.exclude(Q(kind__in=VERY_MANY) & ~Q(id__in=[*case.units]))
    near = found.filter(place__in=above) | found.filter(place__startswith=county)

    def distance(unit: Unit) -> tuple[int, int, str, str, str]:
        here = case.place.startswith(unit.place)
        depth = len(unit.place)
        return 0 if here else 1, -depth if here else depth, unit.place, unit.kind, unit.name

    return sorted(near, key=distance)


class UnitsField(forms.TypedMultipleChoiceField):
    """Some units, chosen by name; one of them when `single`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=UUID, widget=forms.CheckboxSelectMultiple, **kwargs)


class Reason(ActForm):
    """An act that needs a reason and nothing else."""

    reason = words(_("理由"))


class Note(ActForm):
    note = words(_("办理记录"))


class ToUnit(ActForm):
    """Moves the case to a unit."""

    unit = forms.TypedChoiceField(label=_("交给哪个单位"), coerce=UUID)
    reason = words(_("理由"), help_text=_("写明为什么交给这个单位，对方和上级都会看到。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.candidates()
        self._levels = {u.id: level_of(u.place) for u in found}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in found
        ]

    def candidates(self) -> list[Unit]:
        return [u for u in units_near(self.case) if u.id != self.case.unit]

    def given(self) -> dict[str, Any]:
        return {"level": self._levels[self.cleaned_data["unit"]]}


class DownToUnit(ToUnit):
    def candidates(self) -> list[Unit]:
        deep = len(self.case.holder_place)
        return [u for u in super().candidates() if len(u.place) > deep]


class SidewaysToUnit(ToUnit):
    def candidates(self) -> list[Unit]:
        level = len(self.case.holder_place)
        return [u for u in super().candidates() if len(u.place) == level]


class CallIn(ActForm):
    """Calls units in beside the holder."""

    units = UnitsField(label=_("请哪些单位协同"))
    reason = words(_("要做什么"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in units_near(self.case) if u.id != self.case.unit
        ]


class Accused(ActForm):
    """Names the units and posts of ours that a case complains about: they are shut out of it."""

    units = UnitsField(
        label=_("投诉的是哪些单位"), required=False,
        help_text=_("这些单位从此看不到此案；由它办理的，转到上级。"),
    )  # fmt: skip
    posts = UnitsField(
        label=_("投诉的是哪些岗位上的人"), required=False,
        help_text=_("这些人从此在任何岗位上都看不到此案。"),
    )  # fmt: skip
    reason = words(_("理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in units_near(self.case)
        ]
        self.fields["posts"].choices = [  # type: ignore[attr-defined]
            (str(h.post), f"{h.unit_name} {h.title} {h.name}") for h in self._over_it()
        ]

    def _over_it(self) -> list[Holder]:
        """Who works in the units of the case, and in those of its place and above."""
        here = Unit.objects.filter(place__in=ancestors(self.case.place), valid_to=None).exclude(
            kind__in=VERY_MANY
        )
        concerned = Unit.objects.filter(id__in=self.case.units)
        units = (here | concerned).exclude(id__in=[*self.case.hidden])
        found = holders_in(units.values_list("id", flat=True), at=self.now)
        return [h for h in found if not h.deputy and not {*h.ids} & {*self.case.hidden}]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("units") and not said.get("posts"):
            self.add_error("units", _("请选投诉的是哪些单位，或者哪些岗位上的人。"))
        return said


class Addition(ActForm):
    """Something a party or the holder adds: words and files."""

    note = words(_("补充什么"))
    photos = FilesField(label=_("照片或文件"), required=False)


class OtherCase(ActForm):
    """Names another case by its number; only one that the actor may see."""

    plain = frozenset({"number"})
    number = forms.CharField(label=_("另一案件的编号"), max_length=24)
    kind = forms.ChoiceField(
        label=_("两案关系"),
        choices=[("duplicate", _("重复")), ("related", _("相关")), ("follows", _("由此引起"))],
    )

    def clean_number(self) -> str:
        number = numbers.parse(self.cleaned_data["number"])
        other = None
        if number:
            with within(self.by.scope):
                other = Case.objects.filter(county=number[:6], number=number).first()
        if other is None:
            raise forms.ValidationError(_("没有找到这个编号，或者不在您的范围内。"))
        self.other = other
        return other.number

    def told(self) -> dict[str, Any]:
        return {**super().told(), "other": (self.other.county, self.other.id)}


def _fault(name: str, number: str, first: int, n: int) -> str:
    """What is wrong with one line of a list of people; empty when nothing is."""
    if not name:
        return gettext("没有姓名")
    if first != n:
        return gettext("和第 %(first)d 行是同一个人") % {"first": first}
    try:
        if number:
            phone(number)
    except forms.ValidationError as error:
        return error.messages[0]
    return ""


class Group(ActForm):
    """Many parties of one matter, from a sheet: name and phone in the first two columns."""

    sheet = forms.FileField(
        label=_("名单（Excel）"), help_text=_("第一行是表头，前两列依次为姓名、电话。")
    )

    def clean_sheet(self) -> list[NewParty]:
        try:
            lines = sheets.lines_of(self.cleaned_data["sheet"].read())
        except sheets.BadSheet as error:
            raise forms.ValidationError(str(error)) from None
        people, wrong, seen = [], [], dict[tuple[str, str], int]()
        for n, line in lines[1:]:
            name, number = (*line, "", "")[:2]
            fault = _fault(name, number, seen.setdefault((name, number), n), n)
            if fault:
                wrong.append(_("第 %(n)d 行：%(fault)s") % {"n": n, "fault": fault})
            people.append(NewParty("applicant", name=name, phone=number))
        if not people:
            raise forms.ValidationError(_("名单里一个人也没有，请从第二行写起。"))
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return people

    def told(self) -> dict[str, Any]:
        """The people go to the parties, encrypted; the ledger keeps how many they are."""
        return {"count": len(self.cleaned_data["sheet"])}

    def given(self) -> dict[str, Any]:
        return {"people": self.cleaned_data["sheet"]}

    def attached(self) -> list[tuple[str, bytes]]:
        return []
