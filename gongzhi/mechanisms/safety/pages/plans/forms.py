"""What is filled in for a plan of checks, and for training material."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.forms import unit_label
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Plan
from gongzhi.mechanisms.safety.registers import editions, groups, industries, plans
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.people.posts import Holder
from gongzhi.places.fields import PlaceField
from gongzhi.ui.words import named

USUAL: Final = {"red": 7, "orange": 15, "yellow": 30, "blue": 90}  # days, to begin with
Choices = list[tuple[str, Any]]


def some_of(label: Any, choices: Choices, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )  # fmt: skip


def industry_choices() -> Choices:
    """Each section as a whole, then its divisions."""
    return [
        (name, [(divisions[0][0][:1], _("整个门类")), *divisions])
        for name, divisions in industries.grouped() if divisions
    ]  # fmt: skip


def _category_choices(place: str, on: date) -> Choices:
    """Of the edition that holds there, by group."""
    edition = editions.in_force(place, on)
    if edition is None:
        return []
    order = list(groups.LABELS)
    rows = sorted(editions.of(edition.id).categories, key=lambda c: (order.index(c.group), c.code))
    return [
        (str(groups.LABELS[group]), [(c.code, f"{c.code} {named(c)}") for c in of])
        for group, of in groupby(rows, key=lambda c: c.group)
    ]


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class PlanForm(forms.Form):
    """Who checks which sites, what, how often, from when."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, help_text=gettext_lazy("如：涉粉企业部门检查。")
    )
    place = PlaceField(label=gettext_lazy("哪里的场所"))
    kind = forms.ChoiceField(
        label=gettext_lazy("由谁检查"), choices=list(plans.KINDS.items()), widget=forms.RadioSelect
    )
    unit = forms.TypedChoiceField(
        label=gettext_lazy("由哪个单位检查"), required=False, coerce=UUID, empty_value=None,
        help_text=gettext_lazy("只有部门检查和专家交叉检查要选；要是当地或上级的单位。"),
    )  # fmt: skip
    valid_from = _day(gettext_lazy("从哪天起"), gettext_lazy("今天或以后。"))

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((str(u.id), unit_label(u)) for u in plans.units_for(by))
        ]  # fmt: skip
        for colour, label in COLOURS.items():
            self.fields[colour] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=plans.SELDOM
            )
        self.fields |= {
            "industries": some_of(gettext_lazy("行业"), industry_choices()),
            "facts": some_of(gettext_lazy("场所情况"), list(FACTS.items())),
            "categories": some_of(
                gettext_lazy("检查哪些类别"), _category_choices(by.place, timezone.localdate())
            ),
        }

    @property
    def often(self) -> list[forms.BoundField]:
        return [self[colour] for colour in COLOURS]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "place", "kind", "unit", "valid_from")]

    @property
    def parts(self) -> list[tuple[forms.BoundField, bool]]:
        """Long choices, and whether anything of them is chosen."""
        return [(self[n], bool(self[n].value())) for n in ("industries", "facts", "categories")]

    def row(self) -> Plan:
        """As it would be kept."""
        said = self.cleaned_data
        told = {name: said[name] for name in plans.FACTS if name != "every"}
        every = {colour: said[colour] for colour in COLOURS if said[colour]}
        return Plan(**told, every=every, valid_from=said["valid_from"])

    @staticmethod
    def of(row: Plan) -> Mapping[str, Any]:
        """What a plan says, to be changed."""
        told = {name: getattr(row, name) for name in plans.FACTS if name != "every"}
        return {**told, **row.every}

    @staticmethod
    def fresh(by: Holder) -> Mapping[str, Any]:
        return {"place": by.place, "kind": "self", "valid_from": tomorrow(), **USUAL}


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


class TrainingForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200, required=False)
    url = forms.URLField(
        label=gettext_lazy("网址"), max_length=300, assume_scheme="https",
        help_text=gettext_lazy("https:// 开头；材料放在原来的网站上，这里只给链接。"),
    )  # fmt: skip
    place = PlaceField(
        label=gettext_lazy("给哪里的企业"), level=(Level.PROVINCE, Level.CITY, Level.COUNTY)
    )
    valid_from = _day(gettext_lazy("起用日期"))
    valid_to = _day(gettext_lazy("停用日期"), gettext_lazy("不写就一直显示。"), required=False)

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        self.fields["industries"] = some_of(gettext_lazy("行业"), industry_choices())
        self.fields["facts"] = some_of(gettext_lazy("场所情况"), list(FACTS.items()))

    @property
    def first(self) -> list[forms.BoundField]:
        names = ("title", "title_en", "url", "place", "valid_from", "valid_to")
        return [self[name] for name in names]

    @property
    def parts(self) -> list[tuple[forms.BoundField, bool]]:
        return [(self[n], bool(self[n].value())) for n in ("industries", "facts")]
