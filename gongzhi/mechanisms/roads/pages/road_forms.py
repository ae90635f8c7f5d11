"""What is filled in about a road, its sections, points and chiefs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Road, Section
from gongzhi.mechanisms.roads.registers import charges, geometry, roads, tracks
from gongzhi.people.posts import Holder
from gongzhi.places.coordinates import SYSTEMS, to_wgs84
from gongzhi.places.distance import Spot
from gongzhi.places.fields import PlaceField
from gongzhi.places.names import name_of


def system_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("坐标系"), choices=[(name, label) for name, (label, _to) in
                                             SYSTEMS.items()],
        help_text=gettext_lazy("坐标从哪里来就选哪个；一律换算成 WGS84 保存。"),
    )  # fmt: skip


class StakeField(forms.CharField):
    """A stake 桩号, kept as kilometres."""

    def prepare_value(self, value: Any) -> Any:
        return geometry.stake(value) if isinstance(value, float) else value

    def clean(self, value: Any) -> Any:
        try:
            return geometry.kilometres(super().clean(value))
        except geometry.Unreadable as error:
            raise forms.ValidationError(str(error)) from None


class RoadForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    about = forms.CharField(
        label=gettext_lazy("说明"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("对外公开，不写个人信息。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)


class NewRoadForm(RoadForm):
    code = forms.RegexField(
        roads.CODE.pattern, label=gettext_lazy("编号"), max_length=20,
        help_text=gettext_lazy("G 国道、S 省道、X 县道、Y 乡道、C 村道，加数字，如 X413。"),
        error_messages={"invalid": gettext_lazy("编号是 G、S、X、Y、C 之一加数字，如 X413。")},
    )  # fmt: skip
    county = PlaceField(
        label=gettext_lazy("所在县"), level=Level.COUNTY,
        help_text=gettext_lazy("国道、省道按全省编号，县道、乡道、村道按县编号。"),
    )  # fmt: skip
    field_order = ("code", "county", "name")

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        rest["initial"] = {"county": by.place[:6] if len(by.place) >= 6 else ""}
        super().__init__(*args, by=by, **rest)
        self.fields["county"].within = by.place  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    """A section in one village; its line is typed, or taken from a track that was driven."""

    name = forms.CharField(label=gettext_lazy("路段名称"), max_length=80)
    village = PlaceField(label=gettext_lazy("所在村（社区）"), level=Level.VILLAGE)
    from_km = StakeField(label=gettext_lazy("起点桩号"), max_length=12)
    to_km = StakeField(label=gettext_lazy("止点桩号"), max_length=12)
    system = system_field()
    line = forms.CharField(
        label=gettext_lazy("线形"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("先经度后纬度，点之间用分号；没有测过可以空着。"),
    )  # fmt: skip
    track = forms.FileField(
        label=gettext_lazy("轨迹文件（GPX）"), required=False,
        help_text=gettext_lazy("沿路走一遍记下的轨迹，代替上面的线形；只能有一条。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["village"].within = by.place  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        field = "track" if said.get("track") else "line"
        try:
            spots = self._spots(said)
            said["line"] = geometry.line_of(spots, said["village"]) if spots else []
        except geometry.Unreadable as error:
            self.add_error(field, str(error))
        except KeyError:
            pass  # without a village nothing can be said of its line
        return said

    def _spots(self, said: dict[str, Any]) -> list[Spot]:
        """Raises Unreadable."""
        system = said.get("system", "wgs84")
        if not said.get("track"):
            return geometry.read(said.get("line") or "", system)
        ways = [w for w in tracks.read(said["track"].read()) if w.kind == "sections"]
        if len(ways) != 1:
            raise geometry.Unreadable(_("文件里要有一条轨迹，现在有 %(n)d 条。")
                                      % {"n": len(ways)})  # fmt: skip
        return [to_wgs84(spot, system) for spot in ways[0].spots]


class PointForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=list(roads.KINDS.items()))
    what = forms.CharField(
        label=gettext_lazy("种类"), max_length=40,
        help_text=gettext_lazy("如：平交路口、护栏、标志、急弯、临水、学校门口。"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    section = forms.TypedChoiceField(
        label=gettext_lazy("在哪一段"), required=False, empty_value=None
    )
    system = system_field()
    longitude = forms.FloatField(label=gettext_lazy("经度"), min_value=73, max_value=136)
    latitude = forms.FloatField(label=gettext_lazy("纬度"), min_value=3, max_value=54)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, road: Road, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.by, self.known = by, {str(s.id): s for s in roads.of_road(road)}
        field: Any = self.fields["section"]
        field.choices = [("", "—"), *((key, s.name) for key, s in self.known.items())]
        field.coerce = lambda key: self.known[key].id

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not {"longitude", "latitude", "system"} <= said.keys():
            return said
        spot = to_wgs84((said["longitude"], said["latitude"]), said["system"])
        section = self.known.get(str(said.get("section")))
        try:
            geometry.check_inside([spot], section.village if section else self.by.place)
        except geometry.Unreadable as error:
            self.add_error("longitude", str(error))
        said["longitude"], said["latitude"] = spot
        return said


class ChargeForm(forms.Form):
    """Which post answers for which part of the road."""

    post = forms.ChoiceField(
        label=gettext_lazy("路长岗位"),
        help_text=gettext_lazy("列表里没有的，请管理员先在“岗位”里设。"),
    )
    section = forms.ChoiceField(label=gettext_lazy("管哪一段"), required=False)

    def __init__(self, *args: Any, by: Holder, road: Road, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.posts = {str(p.id): p for p in charges.posts_for(road, by)}
        self.sections: dict[str, Section] = {str(s.id): s for s in roads.of_road(road)}
        post, section = self.fields["post"], self.fields["section"]
        post.choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((key, f"{name_of(p.place)} · {p.unit.name} · {p.title}")
              for key, p in self.posts.items()),
        ]  # fmt: skip
        section.choices = [  # type: ignore[attr-defined]
            ("", _("整条路（本岗位所在地方之内）")),
            *((key, s.name) for key, s in self.sections.items()),
        ]
