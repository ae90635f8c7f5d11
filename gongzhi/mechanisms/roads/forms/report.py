"""What is asked of whoever reports a hazard at a road: where exactly, and how dangerous."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

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
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def clean_section(self) -> UUID | None:
        found: UUID | None = self.cleaned_data["section"]
        return found
