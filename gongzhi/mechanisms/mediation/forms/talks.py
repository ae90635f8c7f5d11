"""Forms of the talks: who mediates, when and where, and how they ended."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, Reason, words
from gongzhi.mechanisms.mediation.forms.intake import WAYS, at_home
from gongzhi.mechanisms.mediation.network import calendar, mediators

MINUTES = [(30, _("半小时")), (60, _("一小时")), (90, _("一个半小时")), (120, _("两小时")),
           (180, _("三小时"))]  # fmt: skip


class Assign(ActForm):
    """Chooses the mediator; whoever has a conflict of interest is not offered."""

    mediator = forms.TypedChoiceField(
        label=_("调解员"), coerce=UUID, widget=forms.RadioSelect,
        help_text=_("与当事人有利害关系的人已排除；按语言、专长、远近、在办数量排列。当事人可以自选，也可以要求更换。"),
    )  # fmt: skip
    chosen_by = forms.ChoiceField(
        label=_("怎样确定的"),
        choices=[("rule", _("按规则指派")), ("parties", _("当事人自选"))],
    )
    no_conflict = forms.BooleanField(label=_("已核对：调解员与双方没有亲属或利害关系"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {c.holder.post: c for c in mediators.candidates(self.case)}
        self.fields["mediator"].choices = [  # type: ignore[attr-defined]
            (str(post), str(c)) for post, c in self.offered.items()
        ]
        if any("begins_at" in t.data and t.done_at is None for t in self.case.tasks):
            again = _("已约好的调解会随之取消，请新的调解员重新约时间，并告诉双方。")
            self.fields["mediator"].help_text = format_html(
                "{} <strong>{}</strong>", self.fields["mediator"].help_text, again
            )

    def given(self) -> dict[str, Any]:
        return {"unit": self.offered[self.cleaned_data["mediator"]].holder.unit}


class Object(Reason):
    pass


def _begins(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **more
    )


class Schedule(ActForm):
    """A session 调解会: when, where, who else is asked to come."""

    begins_at = _begins(_("什么时候"))
    minutes = forms.TypedChoiceField(label=_("多长时间"), coerce=int, choices=MINUTES, initial=60)
    mode = forms.ChoiceField(label=_("怎样进行"))
    room = forms.TypedChoiceField(label=_("在哪里"), required=False, coerce=UUID, empty_value=None)
    people = forms.TypedMultipleChoiceField(
        label=_("还请谁参加"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple,
        help_text=_("对方的日程会自动核对，时间冲突的不能约。"),
    )  # fmt: skip
    note = words(_("告诉当事人的话"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helpers = {h.post: h for h in calendar.helpers(self.case)}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(post), f"{h.name} · {h.unit_name}") for post, h in self.helpers.items()
        ]
        self.fields["room"].choices = [  # type: ignore[attr-defined]
            ("", _("调解员所在单位")),
            *((str(r.id), r.name) for r in calendar.rooms(self.case)),
        ]
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            ("site", _("到场")),
            ("phone", _("电话")),
            *([("video", _("视频"))] if settings.CONFIG.video else []),
        ]

    def clean_begins_at(self) -> Any:
        begins = self.cleaned_data["begins_at"]
        if begins <= self.now:
            raise forms.ValidationError(_("约定的时间要晚于现在。"))
        return timezone.localtime(begins)

    def given(self) -> dict[str, Any]:
        chosen, room = self.cleaned_data["people"], self.cleaned_data.get("room")
        rooms = calendar.rooms(self.case) if room else []
        return {
            "people": [(post, self.helpers[post].unit) for post in chosen],
            "where": next((r.name for r in rooms if r.id == room), ""),
        }


class Adjourn(Reason):
    """Another time, or none for now."""

    begins_at = _begins(_("改到什么时候"), required=False, help_text=_("暂时不定的，不用填。"))
    minutes = forms.TypedChoiceField(label=_("多长时间"), coerce=int, choices=MINUTES, initial=60)

    field_order = ["begins_at", "minutes", "reason"]

    def clean_begins_at(self) -> Any:
        begins = self.cleaned_data["begins_at"]
        if begins is None:
            return None
        if begins <= self.now:
            raise forms.ValidationError(_("约定的时间要晚于现在。"))
        return timezone.localtime(begins)


class Hold(ActForm):
    """What happened at a session. What was said in private is noted without its content."""

    held_on = _begins(_("时间"))
    setting = forms.ChoiceField(
        label=_("怎样谈的"),
        choices=[("together", _("双方当面")), ("apart", _("背对背，分别谈")),
                 ("private", _("只和一方单独谈（不记内容）"))],
    )  # fmt: skip
    present = forms.MultipleChoiceField(
        label=_("到场"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("applicant", _("申请人")),
            ("respondent", _("对方当事人")),
            ("judge", _("法官")),
            ("judicial_officer", _("司法所人员")),
            ("lawyer", _("律师")),
            ("expert", _("专家")),
            ("department", _("有关部门")),
            ("elder", _("村（社区）有威望的人")),
        ],
    )
    record = words(_("调解笔录"), rows=8, required=False)
    wish = forms.BooleanField(
        label=_("受害人单独时明确表示愿意当面谈"), required=False,
        help_text=_("说过有家庭暴力的，没有受害人的意愿不安排见面。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_home(self):
            del self.fields["wish"]

    def clean_held_on(self) -> Any:
        held = self.cleaned_data["held_on"]
        if held > self.now:
            raise forms.ValidationError(_("调解时间不能晚于现在。"))
        return timezone.localtime(held)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        alone = said.get("setting") == "private"
        if alone and said.get("record"):
            self.add_error("record", _("单独谈的内容不记录，请清空。"))
        if not alone and not said.get("record"):
            self.add_error("record", _("请写下谈了什么、双方各是什么意见。"))
        if said.get("setting") == "together" and "wish" in self.fields and not said.get("wish"):
            self.add_error("setting", _("有家庭暴力，请分开谈；受害人愿意当面谈的，勾选下面一项。"))
        return said


class Prolong(Reason):
    both = forms.BooleanField(label=_("双方都同意再给 30 天"))


class Fail(Reason):
    way = forms.ChoiceField(label=_("告知当事人的其他途径"), choices=WAYS)


class End(Reason):
    both_told = forms.BooleanField(label=_("已告知双方：可以起诉、申请仲裁或者找主管部门"))


class Stop(Reason):
    why = forms.ChoiceField(
        label=_("为什么终止"),
        choices=[
            ("absent", _("一方多次不到场或联系不上")),
            ("violence", _("有暴力或胁迫，转公安机关")),
            ("crime", _("涉嫌犯罪，转公安机关")),
            ("false", _("虚假纠纷，损害他人")),
            ("other", _("其他")),
        ],
    )

    field_order = ["why", "reason"]
