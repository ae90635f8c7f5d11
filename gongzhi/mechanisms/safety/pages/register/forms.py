"""What is filled in about firms, sites and contacts."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.cases.fields import phone
from gongzhi.cases.forms import unit_label
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Enterprise
from gongzhi.mechanisms.safety.registers import (
    credit_code,
    enterprises,
    firm_units,
    industries,
    sites,
)
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, DUTIES, SIZES
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder
from gongzhi.places.coordinates import SYSTEMS
from gongzhi.places.fields import PlaceField
from gongzhi.ui.words import named

NEAR = (Level.TOWN, Level.VILLAGE)


def system_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        choices=[(name, label) for name, (label, _to) in SYSTEMS.items()],
        help_text=gettext_lazy("坐标从哪里来就选哪个；一律换算成 WGS84 保存。"),
    )


class CodeField(forms.CharField):
    """A unified social credit code, as people write it."""

    def clean(self, value: Any) -> str:
        try:
            return credit_code.read(super().clean(value))
        except credit_code.BadCode as error:
            raise forms.ValidationError(str(error)) from None


class FirmForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("企业名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=200, required=False)
    place = PlaceField(
        label=gettext_lazy("所在镇、村"), level=NEAR, help_text=gettext_lazy("企业的住所在哪里。")
    )
    industry = forms.ChoiceField(
        label=gettext_lazy("行业大类"), help_text=gettext_lazy("国民经济行业分类 GB/T 4754-2017。")
    )
    size = forms.ChoiceField(label=gettext_lazy("规模"), choices=list(SIZES.items()))
    employees = forms.IntegerField(
        label=gettext_lazy("从业人数"), min_value=0, max_value=999_999, required=False
    )
    overseer = forms.TypedChoiceField(
        label=gettext_lazy("监管单位"), required=False, coerce=UUID, empty_value=None,
        help_text=gettext_lazy("谁负责监管这家企业的安全。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        self.fields["industry"].choices = [("", "—"), *industries.grouped()]  # type: ignore[attr-defined]
        units = enterprises.overseers(by.place)
        self.fields["overseer"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((str(u.id), unit_label(u)) for u in units)
        ]  # fmt: skip


class NewFirmForm(FirmForm):
    code = CodeField(
        label=gettext_lazy("统一社会信用代码"), max_length=40,
        help_text=gettext_lazy("18 位，照营业执照；全角、小写、空格会自动改正。"),
    )  # fmt: skip
    field_order = ("code", "name")


class FactsField(forms.MultipleChoiceField):
    """What is done at a site."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("场所情况"), choices=list(FACTS.items()), required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("有什么就勾什么：检查哪些内容由它决定。"),
        )  # fmt: skip

    def clean(self, value: Any) -> list[str]:
        return sorted(super().clean(value))


class SiteForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("场所名称"), max_length=80,
        help_text=gettext_lazy("如：冲压车间、原料仓库、三楼餐厅。"),
    )  # fmt: skip
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=160, required=False)
    place = PlaceField(label=gettext_lazy("所在镇、村"), level=NEAR)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160, required=False)
    colour = forms.ChoiceField(label=gettext_lazy("风险颜色"), choices=list(COLOURS.items()))
    facts = FactsField()
    system = system_field()
    longitude = forms.FloatField(
        label=gettext_lazy("经度"), min_value=73, max_value=136, required=False
    )
    latitude = forms.FloatField(
        label=gettext_lazy("纬度"), min_value=3, max_value=54, required=False
    )

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        spot = said.get("longitude"), said.get("latitude")
        if (spot[0] is None) != (spot[1] is None):
            self.add_error("longitude", _("经度和纬度要写就都写。"))
        elif spot[0] is not None and spot[1] is not None and {"system", "place"} <= said.keys():
            try:
                said["longitude"], said["latitude"] = sites.placed(
                    (spot[0], spot[1]), said["system"], said["place"]
                )
            except Refused as error:
                self.add_error("longitude", str(error.reason))
        return said


class PersonForm(forms.Form):
    """A contact; the page is never filled in with who it is now."""

    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=list(DUTIES.items()))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=20, validators=[phone],
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=gettext_lazy("姓名和电话加密保存；换人以后，原来的随即删除。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么要看"), max_length=200,
        help_text=gettext_lazy("谁、什么时候、为什么看，都会记下来，企业也看得到。"),
    )  # fmt: skip


class AppointForm(forms.Form):
    """Who acts for the firm here."""

    kind = forms.ChoiceField(label=gettext_lazy("岗位"))
    username = forms.CharField(label=gettext_lazy("用户名"), max_length=60)

    def __init__(self, *args: Any, firm: Enterprise, **rest: Any) -> None:
        super().__init__(*args, **rest)
        posts = firm_units.posts_of(firm)
        self.fields["kind"].choices = [(p.kind, named(p)) for p in posts]  # type: ignore[attr-defined]

    def clean_username(self) -> Account:
        found = Account.objects.filter(
            username=self.cleaned_data["username"].strip(), is_active=True
        ).first()
        if found is None:
            raise forms.ValidationError(_("没有这个用户，请核对用户名。"))
        return found


class ProposeFactsForm(forms.Form):
    facts = FactsField()
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class ProposePersonForm(PersonForm):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
