"""What is asked of a resident who wants something done in the building: as little as will do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.act import Report as Told
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.registers import buildings, charges
from gongzhi.ui.words import named

IN_PLAIN_WORDS = {
    "leak": _("水管漏、楼上渗水、屋顶漏雨"), "drain": _("下水道堵了、污水冒出来"),
    "lift": _("电梯停了、关人、异响"), "power": _("停电、楼道灯不亮"),
    "water_supply": _("没水、水太小"), "gas": _("闻到煤气味请先打报修电话"),
    "fire_passage": _("通道被占、灭火器没有了"), "charging": _("上楼充电、飞线充电"),
    "falling": _("外墙砖要掉、有人从高处扔东西"), "rubbish": _("垃圾没人收、楼道堆杂物"),
    "noise": _("装修、广场舞、邻居太吵"), "parking": _("没位置、乱停、占车位"),
    "property": _("物业收费、管理、维修"), "order": _("门禁坏、丢东西、可疑情况"),
    "care": _("独居老人、行动不便要人帮"), "trees": _("树枝挡窗、要倒"),
    "pests": _("老鼠、蟑螂、白蚁"), "papers": _("怎么办证、找哪个部门"),
    "other": _("不知道算哪类，就选这个"),
}  # fmt: skip
MOST = 500  # buildings to choose from in one community
SHOWN = [
    ("no", _("不给邻居看")),
    ("kind", _("只让邻居知道是哪一类、办到哪一步")),
    ("words", _("邻居也能看到我写的话（不含姓名电话）")),
]


class Tell(forms.Form):
    """The building comes with the code at its door; what neighbours see is the teller's choice."""

    hints = IN_PLAIN_WORDS
    invites = (_("楼里有事找楼长"), _("漏水、电梯、楼道、邻里帮忙；楼长先答复，办不了的逐级上报。"))
    preset = ("building", "same_as")
    plain = frozenset({"shown", "same_as"})

    building = forms.UUIDField(
        label=_("哪一栋"), required=False, widget=forms.Select,
        help_text=_("扫楼门口的码会自动选好；不清楚可以不选，由社区接。"),
    )  # fmt: skip
    where = forms.CharField(
        label=_("在楼里哪个位置"), max_length=80, required=False,
        help_text=_("如 2 单元 3 楼楼道；要上门的写房号，只有办理的人看得到。"),
    )  # fmt: skip
    danger = forms.BooleanField(label=_("现在就有危险"), required=False)
    shown = forms.ChoiceField(
        label=_("邻居能看到什么"), choices=SHOWN, initial="no", required=False,
        widget=forms.RadioSelect,
        help_text=_("同一栋楼的人遇到同样的事，可以一起办。"),
    )  # fmt: skip
    about_chief = forms.BooleanField(
        label=_("说的是楼长本人（直接交社区，楼长看不到）"), required=False
    )
    same_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def at_place(self, place: str) -> None:
        """The buildings there are in this community."""
        found = [(str(b.id), named(b)) for b in buildings.buildings_in(place)[:MOST]]
        field = self.fields["building"]
        if not found or len(place) < Level.VILLAGE.digits:
            field.widget = forms.HiddenInput()
        else:
            field.widget.choices = [("", _("不清楚")), *found]

    @staticmethod
    def check(said: dict[str, Any]) -> dict[str, str]:
        """The team follows from the building; one that is over says nothing."""
        found = buildings.building(said["building"]) if said.get("building") else None
        said |= {
            "building": found and found.id,
            "about": found.team if found and said.get("about_chief") else None,
        }
        return {}

    @staticmethod
    def about(preset: Mapping[str, Any]) -> str:
        """The building that the code at the door stands for."""
        found = buildings.building(preset["building"]) if "building" in preset else None
        return named(found)

    @staticmethod
    def unit_for(told: Told, *, now: datetime) -> tuple[UUID, Mapping[str, Any]] | None:
        """The building's own team, where it has a chief in office who is not complained about."""
        id_ = told.data.get("building")
        found = buildings.building(id_) if id_ else None
        if found is None or told.place != found.community or told.data.get("about"):
            return None
        chief = charges.chief(found, now=now)
        if chief is None or not chief.name:
            return None
        spot = {"post": str(chief.post.id), "called": str(found)}
        return found.team, {"by_spot": spot, "team": str(found.team)}
