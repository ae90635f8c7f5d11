"""What is filled in during an emergency: little, since there is no time."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Emergency
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, errands, needs, roll_calls
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import KEPT, LONGEST
from gongzhi.people.posts import Holder
from gongzhi.places.fields import PlaceField
from gongzhi.places.names import name_of
from gongzhi.ui import words

DAY = {"type": "date"}
MOMENT = {"type": "datetime-local"}


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(DAY, format="%Y-%m-%d"), help_text=help_text
    )


def _moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required,
        widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class Activate(forms.Form):
    """What happened, where, until when and why."""

    kind = forms.ChoiceField(label=_("什么事"), choices=list(emergencies.KINDS.items()))
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("如“7 月 1 日内涝”。"))
    place = PlaceField(label=_("范围"), level=(Level.COUNTY, Level.TOWN, Level.VILLAGE))
    reason = forms.CharField(
        label=_("理由"), max_length=400, widget=forms.Textarea({"rows": 3}),
        help_text=_("依据什么、为什么现在启动。不写住户的情况。"),
    )  # fmt: skip
    ends_on = _day(_("到哪一天"), _("最多三十天；到期自动结束，可以再延长。"))

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        if by.level >= Level.COUNTY:
            self.fields["place"].initial = by.place
        self.fields["ends_on"].initial = timezone.localdate() + timedelta(days=7)


class Extend(forms.Form):
    ends_on = _day(_("延长到"), _("从今天起最多三十天。"))
    reason = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, of: Emergency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = timezone.localdate() + timedelta(days=LONGEST)
        self.fields["ends_on"].initial = min(of.ends_on + timedelta(days=7), most)


class End(forms.Form):
    reason = forms.CharField(
        label=_("为什么可以结束"), max_length=400, widget=forms.Textarea({"rows": 3})
    )
    kept = forms.IntegerField(
        label=_("住户需求的内容保留几天"), min_value=0, max_value=KEPT, initial=KEPT,
        help_text=_("到期删除是哪一户、写了什么；数字保留。可以更短。"),
    )  # fmt: skip


class EraseSooner(forms.Form):
    erase_on = _day(_("提前到哪一天删除"))


class Call(forms.Form):
    """How long each has to answer."""

    minutes = forms.IntegerField(
        label=_("等几分钟"), min_value=roll_calls.WAITS[0], max_value=roll_calls.WAITS[1],
        help_text=_("到时没有应答，自动叫下一位代理人，再等同样时间。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = roll_calls.usual_minutes()


class Give(forms.Form):
    """Tasks for all buildings, or those of a community: the template's, and one of one's own."""

    chosen = forms.MultipleChoiceField(
        label=_("常用任务"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own = forms.CharField(
        label=_("另加一项"), max_length=120, required=False, help_text=_("不写住户的情况。")
    )
    where = forms.ChoiceField(label=_("给哪些楼栋"), required=False)
    due_at = _moment(_("什么时候以前"), required=False)

    def __init__(self, *args: Any, of: Emergency, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = [("", _("全部")), *((code, name_of(code)) for code in places)]
        self.fields["where"].choices = where  # type: ignore[attr-defined]
        self.fields["chosen"].choices = errands.template(of.kind)  # type: ignore[attr-defined]

    @property
    def what(self) -> list[str]:
        return [*self.cleaned_data["chosen"], self.cleaned_data["own"]]


class TakeIn(forms.Form):
    name = forms.CharField(label=_("物资"), max_length=40)
    measure = forms.CharField(label=_("计量单位"), max_length=10, help_text=_("箱、袋、件……"))
    n = forms.IntegerField(label=_("数量"), min_value=1)
    note = forms.CharField(label=_("从哪里来"), max_length=120, required=False)


class GiveOut(forms.Form):
    supply = forms.ChoiceField(label=_("物资"))
    n = forms.IntegerField(label=_("数量"), min_value=1)

    def __init__(self, *args: Any, of: Emergency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supply"].choices = supplies_left(of)  # type: ignore[attr-defined]


def supplies_left(of: Emergency) -> list[tuple[str, str]]:
    rows = of.supplies.filter(left__gt=0).order_by("name")
    return [(str(s.id), f"{s.name}（{s.left} {s.measure}）") for s in rows]


class ShiftForm(forms.Form):
    post = forms.ChoiceField(label=_("谁（岗位）"))
    spot = forms.CharField(label=_("在哪里"), max_length=80)
    from_at = _moment(_("从"))
    to_at = _moment(_("到"))

    def __init__(self, *args: Any, of: Emergency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = emergencies.posts_in(of.place)
        if len(of.place) < Level.VILLAGE.digits:  # of a town there would be thousands
            rows = rows.exclude(unit__kind="building_team")
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (str(p.id), f"{words.named(p.unit)} · {words.named(p)}") for p in rows
        ]


class NeedForm(forms.Form):
    """What a household needs; nothing chosen is that it is well."""

    kinds = forms.MultipleChoiceField(
        label=_("需要什么"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(needs.KINDS.items()), help_text=_("什么都不需要，就不选，记为平安。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("只写送到、帮到要知道的。战斗状态结束后删除。"),
    )  # fmt: skip


class NeedAtDoor(NeedForm):
    """By the chief, who chooses the door."""

    field_order = ("household", "kinds", "note")
    household = forms.ChoiceField(label=_("哪一户"))

    def __init__(self, *args: Any, doors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["household"].choices = [("", _("请选择")), *doors]  # type: ignore[attr-defined]


class Serve(forms.Form):
    """With what a need was met."""

    supply = forms.ChoiceField(label=_("用了哪样物资"), required=False)
    n = forms.IntegerField(label=_("数量"), min_value=1, required=False)
    words = forms.CharField(label=_("怎样解决的"), max_length=60, required=False)

    def __init__(self, *args: Any, of: Emergency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [("", _("没有用库存物资")), *supplies_left(of)]
        self.fields["supply"].choices = left  # type: ignore[attr-defined]
