"""What is filled in about an accident; nothing about who was killed or hurt."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.safety.models import Accident, Enterprise, Site
from gongzhi.mechanisms.safety.pages.register.forms import CodeField
from gongzhi.mechanisms.safety.registers import accidents, industries
from gongzhi.mechanisms.safety.registers.accidents_law import KINDS
from gongzhi.mechanisms.safety.registers.accidents_sheets import COLUMNS, LONGEST, MOST_PEOPLE, NEAR
from gongzhi.mechanisms.safety.registers.groups import GROUPS, LABELS
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder
from gongzhi.places.fields import PlaceField

MINUTE = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    def __init__(self, **rest: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
        wrong = {"invalid": gettext_lazy("请写日期和时间，如 2026-01-31 08:30。")}
        super().__init__(widget=widget, error_messages=wrong, **rest)

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        return found and found.replace(second=0, microsecond=0)


class DayField(forms.DateField):
    """Browsers take a day in this form alone, whatever the language."""

    def __init__(self, **rest: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **rest)


class FirmField(CodeField):
    """A firm by its code, where one is written."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if value and str(value).strip() else ""


class AccidentForm(forms.Form):
    place = PlaceField(
        label=COLUMNS["place"], level=NEAR, help_text=gettext_lazy("写镇或村的名字，从列表中选择。")
    )
    code = FirmField(
        label=COLUMNS["code"], max_length=40, required=False,
        help_text=gettext_lazy("哪家企业的事故；企业要先在台账里。不知道就空着，写行业。"),
    )  # fmt: skip
    site = forms.CharField(
        label=COLUMNS["site"], max_length=80, required=False,
        help_text=gettext_lazy("照台账的名称；写了才能对照这个场所以前的隐患。"),
    )  # fmt: skip
    industry = forms.ChoiceField(label=COLUMNS["industry"], required=False)
    at = MomentField(label=COLUMNS["at"])
    known_at = MomentField(
        label=COLUMNS["known_at"], required=False,
        help_text=gettext_lazy("从这时起算上报的时限。"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=COLUMNS["kind"], choices=[("", "—"), *KINDS.items()])
    group = forms.ChoiceField(
        label=COLUMNS["group"], required=False,
        choices=[("", "—"), *((name, LABELS[name]) for name, _label in GROUPS)],
        help_text=gettext_lazy("说得清再选；不是对原因的认定。"),
    )  # fmt: skip
    deaths = forms.IntegerField(
        label=COLUMNS["deaths"], min_value=0, max_value=MOST_PEOPLE, initial=0
    )
    injured = forms.IntegerField(
        label=COLUMNS["injured"], min_value=0, max_value=MOST_PEOPLE, initial=0,
        help_text=gettext_lazy("包括急性工业中毒。只写人数，不写是谁。"),
    )  # fmt: skip
    loss_yuan = forms.DecimalField(
        label=COLUMNS["loss_yuan"], required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=gettext_lazy("不知道就空着，以后更正。"),
    )  # fmt: skip
    how = forms.CharField(
        label=COLUMNS["how"], max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写经过和现场情况；不写姓名、电话和证件号。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, by: Holder, of: Accident | None = None, site: Site | None = None,
        **rest: Any,
    ) -> None:  # fmt: skip
        rest["initial"] = _initial(of, site)
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        self.fields["industry"].choices = [("", "—"), *industries.grouped()]  # type: ignore[attr-defined]

    def clean_how(self) -> str:
        """What is about persons after all is not kept."""
        return mask_text(self.cleaned_data["how"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        code, name = said.pop("code", ""), said.pop("site", "").strip()
        firm = Enterprise.objects.filter(code=code).order_by("-valid_from").first()
        if code and firm is None:
            self.add_error("code", _("台账里没有这家企业；请先登记，或空着写行业。"))
        sites = Site.objects.filter(enterprise=firm, name=name) if firm and name else None
        site = sites.order_by("-valid_from").first() if sites is not None else None
        if name and firm and site is None:
            self.add_error("site", _("台账里这家企业没有这个场所；不清楚就空着。"))
        if name and not code and not self.has_error("code"):
            self.add_error("code", _("写了场所，就要写企业。"))
        said["industry"] = said.get("industry") or (firm.industry if firm else "")
        if not said["industry"] and not self.errors:
            self.add_error("industry", _("没有写企业，就要写行业。"))
        said["enterprise_id"], said["site_id"] = firm and firm.id, site and site.id
        return said

    def facts(self) -> dict[str, Any]:
        """As the register takes them."""
        return {n: self.cleaned_data[n] for n in accidents.FACTS if n in self.cleaned_data}


def _initial(of: Accident | None, site: Site | None) -> dict[str, Any]:
    if of is None:
        if site is None:
            return {}
        firm = site.enterprise
        return {"place": site.place, "code": firm.code, "site": site.name,
                "industry": firm.industry}  # fmt: skip
    return {n: getattr(of, n) for n in accidents.FACTS} | {
        "code": of.enterprise.code if of.enterprise else "",
        "site": of.site.name if of.site else "",
    }  # fmt: skip


class CorrectionForm(AccidentForm):
    """The same, and why it is changed: what was entered was wrong, or it has become worse since."""

    why = forms.ChoiceField(
        label=gettext_lazy("为什么更正"), widget=forms.RadioSelect,
        choices=[("mistake", gettext_lazy("登记有误")), ("grown", gettext_lazy("伤亡人数变化"))],
    )  # fmt: skip
    stood_on = DayField(
        label=gettext_lazy("哪一天的人数"), required=False,
        help_text=gettext_lazy("人数变化的才写。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("why") == "grown" and not said.get("stood_on"):
            self.add_error("stood_on", _("请写是哪一天的人数。"))
        if said.get("why") == "mistake":
            said["stood_on"] = None
        return said


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
