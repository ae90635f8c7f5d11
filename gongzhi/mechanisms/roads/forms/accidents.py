"""What is recorded of an accident: where, when, how grave; nothing about who was in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Accident, Road
from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder
from gongzhi.places.fields import PlaceField
from gongzhi.places.levels import ancestors

MOST_PEOPLE = 999
EAST, NORTH = (73.0, 136.0), (3.0, 54.0)  # within which China lies
MINUTE = "%Y-%m-%dT%H:%M"


class WhereForm(forms.Form):
    """A place, and the very spot in it: a stake of a road, a position, or both."""

    spot_needed = True

    place = PlaceField(
        label=_("在哪里"), level=(Level.COUNTY, Level.TOWN, Level.VILLAGE),
        help_text=_("写镇或村的名字，从列表中选择。"),
    )  # fmt: skip
    road = forms.CharField(
        label=_("道路编号"), max_length=20, required=False, help_text=_("如 X413。")
    )
    km = forms.FloatField(
        label=_("桩号（公里）"), required=False, min_value=0, max_value=9999,
        help_text=_("如 K3+200 写 3.2。道路和桩号，或者经度和纬度，至少写一样。"),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=_("经度"), required=False, min_value=EAST[0], max_value=EAST[1]
    )
    latitude = forms.FloatField(
        label=_("纬度"), required=False, min_value=NORTH[0], max_value=NORTH[1]
    )

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "place" in said:
            said["road_id"] = self._road(said.pop("road", ""), said["place"])
        if (said.get("longitude") is None) != (said.get("latitude") is None):
            self.add_error("longitude", _("经度和纬度要一起填，或者都不填。"))
        elif self.spot_needed and said.get("longitude") is None and not staked(said):
            self.add_error("km", _("请写道路和桩号，或者经度和纬度，至少一样。"))
        return said

    def _road(self, code: str, place: str) -> Any:
        if not code:
            return None
        here = [*ancestors(place), place]
        found = Road.objects.filter(code=code.upper(), place__in=here, valid_to=None).first()
        if found is None:
            self.add_error("road", _("道路台账里没有这个编号；不清楚就空着，写经度和纬度。"))
        return found.id if found else None


def staked(said: Mapping[str, Any]) -> bool:
    """Whether a road and a stake of it are named."""
    return said.get("road_id") is not None and said.get("km") is not None


class AccidentForm(WhereForm):
    """The same for the page and for a line of a sheet."""

    at = forms.DateTimeField(
        label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        error_messages={"invalid": _("请写日期和时间，如 2026-01-31 08:30。")},
    )
    kind = forms.ChoiceField(label=_("怎样的事故"), choices=list(accidents.KINDS.items()))
    deaths = forms.IntegerField(
        label=_("死亡人数"), min_value=0, max_value=MOST_PEOPLE, initial=0
    )  # fmt: skip
    injured = forms.IntegerField(
        label=_("受伤人数"), min_value=0, max_value=MOST_PEOPLE, initial=0
    )  # fmt: skip
    loss_yuan = forms.DecimalField(
        label=_("直接损失（元）"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    source = forms.CharField(
        label=_("谁提供的"), max_length=80, required=False, help_text=_("写单位，不写个人。")
    )
    note = forms.CharField(
        label=_("说明"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写路况和经过；不写姓名、车牌、电话和证件号。"),
    )  # fmt: skip
    void = forms.BooleanField(
        label=_("登记错了，作废"), required=False, help_text=_("记录还在，不再计数。")
    )

    field_order = ("place", "at")

    def __init__(self, *args: Any, by: Holder, of: Accident | None = None, **kwargs: Any) -> None:
        if of is not None:
            kwargs["initial"] = {n: getattr(of, n) for n in accidents.FACTS if n != "road_id"}
            kwargs["initial"]["road"] = of.road.code if of.road else ""
        super().__init__(*args, by=by, **kwargs)
        if of is None:
            del self.fields["void"]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError(_("事故时间不能晚于现在。"))
        return at

    def clean_note(self) -> str:
        """What is about persons after all is not kept."""
        return mask_text(self.cleaned_data["note"])

    def facts(self) -> dict[str, Any]:
        """As the register takes them."""
        said = self.cleaned_data
        facts = {name: said[name] for name in accidents.FACTS if name in said}
        return facts | {"at": said["at"].replace(second=0, microsecond=0)}
