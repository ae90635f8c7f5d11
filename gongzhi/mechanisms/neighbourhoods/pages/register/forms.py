"""What is filled in about grids, buildings, doors, households and posts on the rungs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.registers import appointing, buildings
from gongzhi.mechanisms.neighbourhoods.registers.appointing import Over
from gongzhi.mechanisms.neighbourhoods.registers.entering import NewDoor
from gongzhi.mechanisms.neighbourhoods.roles import RUNGS
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.places.fields import PlaceField
from gongzhi.places.names import name_of
from gongzhi.ui.words import named

MOST_DOORS = 1_000  # of one building at a time


def people_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("人数"), min_value=1, max_value=99, required=False,
        help_text=gettext_lazy("住户自己说的；不知道就空着。不登记姓名。"),
    )  # fmt: skip


class FindForm(forms.Form):
    """Which door: doors and buildings, never persons."""

    community = PlaceField(label=gettext_lazy("社区（村）"), level=Level.VILLAGE)
    building = forms.CharField(
        label=gettext_lazy("楼栋"), max_length=80, required=False,
        help_text=gettext_lazy("编号、名称或地址的一部分。"),
    )  # fmt: skip
    room = forms.CharField(
        label=gettext_lazy("房号"), max_length=41, required=False,
        help_text=gettext_lazy("如 301；有几个单元的写 2单元 301。"),
    )  # fmt: skip

    def __init__(self, *args: Any, within: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        community: Any = self.fields["community"]
        community.within = within
        community.initial = within if len(within) == Level.VILLAGE.digits else ""


class GridForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("网格编号"), max_length=20)
    name = forms.CharField(label=gettext_lazy("网格名称"), max_length=80)


class BuildingForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("楼栋编号"), max_length=20,
        help_text=gettext_lazy("在本社区内不重复，如 3、A2。"),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("楼栋名称"), max_length=80, help_text=gettext_lazy("如：翠湖苑 3 栋。")
    )
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    grid = forms.TypedChoiceField(label=gettext_lazy("所在网格"))
    address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    storeys = forms.IntegerField(
        label=gettext_lazy("层数"), min_value=1, max_value=200, required=False
    )
    longitude = forms.FloatField(
        label=gettext_lazy("经度"), min_value=73, max_value=136, required=False,
        help_text=gettext_lazy("WGS84，可以空着。"),
    )  # fmt: skip
    latitude = forms.FloatField(
        label=gettext_lazy("纬度"), min_value=3, max_value=54, required=False
    )

    def __init__(self, *args: Any, community: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        known = {str(g.id): g for g in buildings.grids_in(community)}
        field: Any = self.fields["grid"]
        field.choices = [(key, f"{g.code} {g.name}") for key, g in known.items()]
        field.coerce = known.__getitem__


class DoorForm(forms.Form):
    stair = forms.CharField(
        label=gettext_lazy("单元"), max_length=20, required=False,
        help_text=gettext_lazy("如 2单元；只有一个楼梯的可以空着。"),
    )  # fmt: skip
    storey = forms.IntegerField(
        label=gettext_lazy("楼层"), min_value=-5, max_value=200, required=False
    )
    room = forms.CharField(label=gettext_lazy("房号"), max_length=20)


class PeopleForm(forms.Form):
    people = people_field()


class DoorsForm(forms.Form):
    """Doors of a building that is alike from storey to storey: 1 to 7, two rooms on each."""

    stairs = forms.CharField(
        label=gettext_lazy("单元"), max_length=200, required=False,
        help_text=gettext_lazy("用空格分开，如：1单元 2单元。只有一个楼梯的可以空着。"),
    )  # fmt: skip
    lowest = forms.IntegerField(label=gettext_lazy("最低一层"), min_value=1, max_value=200)
    highest = forms.IntegerField(label=gettext_lazy("最高一层"), min_value=1, max_value=200)
    rooms = forms.IntegerField(
        label=gettext_lazy("每层每单元几户"), min_value=1, max_value=50,
        help_text=gettext_lazy("房号按“楼层＋两位数”编，如 301、302；个别不同的以后再改。"),
    )  # fmt: skip
    lived_in = forms.BooleanField(
        label=gettext_lazy("都有人住"), required=False, initial=True,
        help_text=gettext_lazy("空置的以后在门牌页登记搬出。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not {"lowest", "highest", "rooms"} <= said.keys():
            return said
        if said["highest"] < said["lowest"]:
            self.add_error("highest", _("最高一层不能低于最低一层。"))
        said["stairs"] = said.get("stairs", "").split() or [""]
        n = len(said["stairs"]) * (said["highest"] - said["lowest"] + 1) * said["rooms"]
        if n > MOST_DOORS:
            self.add_error("rooms", _("一次最多 %(n)d 户。") % {"n": MOST_DOORS})
        return said

    def doors(self, community: str, building: str) -> list[NewDoor]:
        said = self.cleaned_data
        return [
            NewDoor(community, building, stair, storey, f"{storey}{n:02}", said["lived_in"])
            for stair in dict.fromkeys(said["stairs"])
            for storey in range(said["lowest"], said["highest"] + 1)
            for n in range(1, said["rooms"] + 1)
        ]


class ChargeForm(forms.Form):
    """Which post stands on which rung; a post that is not there yet is made."""

    rung = forms.ChoiceField(label=gettext_lazy("层级"))
    post = forms.TypedChoiceField(
        label=gettext_lazy("岗位"), required=False, empty_value=None,
        help_text=gettext_lazy("列表里没有的，在下面新设。谁任这个岗位，另在“交接”里办。"),
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=gettext_lazy("新设岗位：所在单位"), required=False, empty_value=None
    )
    title = forms.CharField(
        label=gettext_lazy("新设岗位：名称"), max_length=120, required=False,
        help_text=gettext_lazy("如：副楼长、第二网格网格长。"),
    )  # fmt: skip
    deputy = forms.IntegerField(
        label=gettext_lazy("顺序"), min_value=0, max_value=9, initial=0,
        help_text=gettext_lazy("0 是负责的；1、2……是代理，应急时按这个顺序顶上。"),
    )  # fmt: skip

    def __init__(self, *args: Any, over: Over, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        posts = {str(p.id): p for p in appointing.posts_for(over)}
        units = {str(u.id): u for u in appointing.units_for(over, by)}
        self._offer("rung", {name: str(RUNGS[name]) for name in over.rungs})
        if len(over.rungs) > 1:
            self.fields["rung"].choices.insert(0, ("", "—"))  # type: ignore[attr-defined]
        self._offer("post", {"": "—"} | {k: _post(p) for k, p in posts.items()})
        self._offer("unit", {"": "—"} | {k: named(u) for k, u in units.items()})
        self.fields["post"].coerce = posts.__getitem__  # type: ignore[attr-defined]
        self.fields["unit"].coerce = units.__getitem__  # type: ignore[attr-defined]

    def _offer(self, field: str, choices: dict[str, str]) -> None:
        self.fields[field].choices = list(choices.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        post: Post | None = said.get("post")
        unit: Unit | None = said.get("unit")
        new = bool(unit and said.get("title"))
        if bool(post) == new:
            self.add_error("post", _("选一个岗位，或者写明新设岗位的单位和名称。"))
        return said


def _post(post: Post) -> str:
    return f"{name_of(post.place)} · {named(post.unit)} · {named(post)}"
