"""What is asked of whoever finds a hazard: what is wrong, where; a name only if they want."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.mechanisms.safety.registers import sites

IN_PLAIN_WORDS = {
    "management": _("没培训、没人管、没预案"), "fire": _("通道堵、灭火器坏、电动车上楼"),
    "electricity": _("电线乱拉、漏电、没有接地"), "special_work": _("动火、进池下罐、登高没有防护"),
    "public": _("商场、学校、养老院、饭店、出租屋"),
    "special_equipment": _("锅炉、电梯、叉车、吊车"),
    "storage": _("仓库、快递、招牌、外墙、要垮的坡、会淹的地方"),
    "machinery": _("机器没有护罩、联锁失灵、铁水铝水"), "dust": _("木粉、金属粉积得厚"),
    "light_industry": _("陶瓷、水泥、玻璃、造纸、纺织、鞋厂"), "food": _("食品厂、冷库、氨味"),
    "coating": _("喷漆、电子、锂电池"), "recycling": _("废品站、污水池"),
    "chemicals": _("危险化学品乱放、煤气味、烟花爆竹"), "mining": _("矿山、采石、尾矿库"),
    "construction": _("脚手架、基坑、塔吊、修路"), "traffic": _("货车客车、渡口、码头"),
    "tourism_farming": _("景区、农机、电站、实验室"), "other": _("不知道算哪类，就选这个"),
}  # fmt: skip


class Find(forms.Form):
    """A worker need not say who they are; the firm never learns it."""

    hints = IN_PLAIN_WORDS
    invites = (
        _("生产经营场所有危险"),
        _("工厂、工地、商铺、饭店；可以不留姓名，企业不会知道是谁说的。"),
    )
    anonymous = True
    uncounted = True  # in a town of few firms a count of one would tell one of them
    preset = ("site", "item")
    plain: frozenset[str] = frozenset({"item"})

    danger = forms.BooleanField(label=_("现在就有危险"), required=False)
    site = forms.UUIDField(required=False, widget=forms.HiddenInput)
    item = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    @staticmethod
    def check(said: dict[str, Any]) -> dict[str, str]:
        """The firm follows from the site; one that is over says nothing."""
        found = sites.site(said["site"]) if said.get("site") else None
        said |= {"site": found and found.id, "enterprise": found and found.enterprise_id}
        return {}

    @staticmethod
    def about(preset: Mapping[str, Any]) -> str:
        """The site that the code at its gate stands for."""
        found = sites.site(preset["site"]) if "site" in preset else None
        return str(found) if found else ""
