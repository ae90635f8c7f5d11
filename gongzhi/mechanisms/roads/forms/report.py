"""What is asked of whoever reports a hazard at a road: where exactly, and how dangerous."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.act import Report as Told
from gongzhi.cases.fields import Position
from gongzhi.mechanisms.roads.registers import charges, roads

IN_PLAIN_WORDS = {
    "guard_rail": _("护栏断了、歪了、没有"), "sight": _("树、棚、墙挡住视线"),
    "surface": _("坑、裂缝、塌陷"), "sign": _("标志倒了、看不清、没有"),
    "lamp": _("晚上没有灯"), "slope": _("边坡要塌"), "bridge": _("桥有裂缝、栏杆坏"),
    "junction": _("路口看不见来车"), "signal": _("红绿灯不亮"), "parking": _("乱停车挡路"),
    "occupation": _("摆摊占道"), "school_front": _("学校门口乱"), "drying": _("路上晒谷"),
    "debris": _("石头、树枝、货物掉在路上"), "drainage": _("排水沟堵、路面积水"),
    "other": _("不知道算哪类，就选这个"),
}  # fmt: skip


class Report(forms.Form):
    """Name and phone are the reporter's choice: a hazard is a hazard whoever saw it."""

    hints = IN_PLAIN_WORDS
    invites = (_("道路有危险"), _("护栏、路面、路口、路灯、占道；可以不留姓名。"))
    anonymous = True
    preset = ("section",)  # a code at the roadside says which section it is
    plain: frozenset[str] = frozenset()

    danger = forms.BooleanField(label=_("现在就有危险"), required=False)
    section = forms.UUIDField(required=False, widget=forms.HiddenInput)
    road = forms.UUIDField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=Position)
    latitude = forms.FloatField(required=False, widget=Position)

    @staticmethod
    def check(said: dict[str, Any]) -> dict[str, str]:
        """The road follows from its section; a section that is over says nothing."""
        found = roads.section(said["section"]) if said.get("section") else None
        said |= {"section": found and found.id, "road": found and found.road_id}
        return {}

    @staticmethod
    def about(preset: Mapping[str, Any]) -> str:
        """The section that the code at the roadside stands for."""
        found = roads.section(preset["section"]) if "section" in preset else None
        return f"{found.road} · {found}" if found else ""

    @staticmethod
    def unit_for(told: Told, *, now: datetime) -> tuple[UUID, Mapping[str, Any]] | None:
        """The unit of the nearest chief in office, where the hazard lies on a known section."""
        section = told.data.get("section")
        chief = charges.lowest(section, now=now) if section else None
        if chief is None or not told.place.startswith(chief.post.place):
            return None
        called = Report.about({"section": section})
        return chief.post.unit_id, {"by_spot": {"post": str(chief.post.id), "called": called}}
