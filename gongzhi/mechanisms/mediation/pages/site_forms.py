"""What is filled in about a site, its villages and its mediators."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import catalogue
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.network import coverage, hours, sites
from gongzhi.mechanisms.mediation.network.sites import Known
from gongzhi.mechanisms.mediation.pages.shown import kind_label
from gongzhi.people.posts import Holder
from gongzhi.places.distance import km
from gongzhi.places.fields import PlaceField
from gongzhi.places.search import name_of, paths

FAR = 50.0  # kilometres from the town's seat: further is a slip of the pen
WORDS = re.compile(r"[、,，;；\n]+")


class ListField(forms.CharField):
    """Some short words with 、 between them."""

    def __init__(self, *, each: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.each = each

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        words = [w.strip() for w in WORDS.split(super().clean(value)) if w.strip()]
        for word in words:
            if len(word) > self.each:
                raise forms.ValidationError(
                    _("“%(word)s”太长，每项最多 %(n)d 个字。") % {"word": word, "n": self.each}
                )
        return list(dict.fromkeys(words))


class HoursField(forms.CharField):
    """Opening times, a line for each group of days."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(hours.said(value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        try:
            return [list(line) for line in hours.read(super().clean(value))]
        except hours.Unreadable as error:
            raise forms.ValidationError(str(error)) from None


class SiteForm(forms.Form):
    """The facts of a site that may change; `place` is where it stands, unless the form asks."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=200, required=False)
    address = forms.CharField(
        label=gettext_lazy("地址"), max_length=200, required=False,
        help_text=gettext_lazy("写到门牌或显眼的地方，让没来过的人找得到。"),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=40, required=False,
        help_text=gettext_lazy("对外公开，请填单位电话，不填个人手机。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    hours = HoursField(
        label=gettext_lazy("开放时间"), required=False,
        help_text=gettext_lazy("每行写星期和时间，如：周一至周五 8:30-12:00 14:30-17:30"),
    )  # fmt: skip
    services = ListField(
        each=40, label=gettext_lazy("服务事项"), required=False,
        help_text=gettext_lazy("用顿号分开，如：调解、立案咨询、法律咨询"),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=gettext_lazy("经度"), required=False, min_value=73, max_value=136,
        help_text=gettext_lazy(
            "GPS 坐标（WGS84），如 111.78；手机地图软件的坐标会偏几百米。不填则按镇政府驻地标注。"
        ),
    )  # fmt: skip
    latitude = forms.FloatField(
        label=gettext_lazy("纬度"), required=False, min_value=3, max_value=54
    )
    about = forms.CharField(
        label=gettext_lazy("简介"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, place: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.stands_at = place

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        x, y = given.get("longitude"), given.get("latitude")
        if (x is None) != (y is None) and not {"longitude", "latitude"} & set(self.errors):
            missing = "longitude" if x is None else "latitude"
            self.add_error(missing, _("经度和纬度要一起填，或者都不填。"))
        place = given.get("place", self.stands_at)
        seat = sites.seats([place[:9]]).get(place[:9]) if place else None
        if x is not None and y is not None and seat and km(seat, (x, y)) > FAR:
            far = round(km(seat, (x, y)))
            self.add_error(
                "longitude", _("离本镇驻地有 %(km)d 公里，请核对经度和纬度。") % {"km": far}
            )
        given["located"] = "surveyed" if x is not None and y is not None else "town"
        return given


class OpenSiteForm(SiteForm):
    kind = forms.ChoiceField(label=gettext_lazy("网点类型"))
    place = PlaceField(
        label=gettext_lazy("所在地"), level=(Level.COUNTY, Level.TOWN, Level.VILLAGE),
        help_text=gettext_lazy("写镇或村的名字，从列表中选择。"),
    )  # fmt: skip
    field_order = ("kind", "place", "name")

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["kind"].choices = [(k, kind_label(k)) for k in sites.KINDS]  # type: ignore[attr-defined]
        self.fields["place"].within = by.place  # type: ignore[attr-defined]


class VillagesForm(forms.Form):
    """The villages of the point's own town to tick, and one of another town to add."""

    villages = forms.MultipleChoiceField(
        label=gettext_lazy("联系的村（社区）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = PlaceField(
        label=gettext_lazy("再加一个别的镇的村（社区）"), level=Level.VILLAGE, required=False
    )

    def __init__(self, *args: Any, of: Known, **rest: Any) -> None:
        served, place = coverage.villages_of(of.unit), of.unit.place
        rest["initial"] = {"villages": served}
        super().__init__(*args, **rest)
        own = coverage.villages_in(place[:9]) if len(place) >= 9 else []
        codes = list(dict.fromkeys([*own, *served]))
        paths(codes)  # all names at once
        self.fields["villages"].choices = [(c, name_of(c)) for c in codes]  # type: ignore[attr-defined]
        self.fields["other"].within = place[:6]  # type: ignore[attr-defined]


class RoomForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("新的调解室"), max_length=60)


class MediatorForm(forms.Form):
    """What parties may know of a mediator, so that they can choose."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("擅长的纠纷"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = ListField(
        each=20, label=gettext_lazy("会说的话"), required=False,
        help_text=gettext_lazy("用顿号分开，如：普通话、粤语、客家话"),
    )  # fmt: skip
    since = forms.IntegerField(
        label=gettext_lazy("从哪一年开始做调解"), required=False, min_value=1949
    )
    about = forms.CharField(
        label=gettext_lazy("简介"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("对外公开。不写个人电话、住址和身份证号。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["skills"].choices = [  # type: ignore[attr-defined]
            (name, str(kind))
            for name, kind in catalogue.every(mediation).items()
            if kind.in_use or name in (self.initial.get("skills") or [])
        ]

    def clean_since(self) -> int | None:
        year: int | None = self.cleaned_data["since"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("年份不能晚于今年。"))
        return year
