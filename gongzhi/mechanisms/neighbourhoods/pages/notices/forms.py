"""What is asked of whoever writes, corrects or withdraws a notice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Announcement, Wording
from gongzhi.mechanisms.neighbourhoods.registers import announcing, buildings
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.roles import STAFF, TEAM
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.people.posts import Holder
from gongzhi.places.levels import level_of
from gongzhi.places.search import name_of
from gongzhi.ui.words import named

USUALLY = 14  # days that a notice is shown, unless said


def reaches(by: Holder, place: str) -> dict[str, tuple[str, Reach]]:
    """What a post may write for at a place: the place itself, its grids and buildings where it is
    a community. Each by a name for the form, with its label."""
    found: dict[str, tuple[str, Reach]] = {}
    if by.kind not in STAFF:
        return found
    if announcing.may_announce(by, Reach(place)):
        found["place"] = (str(_("%(place)s全体住户") % {"place": name_of(place)}), Reach(place))
    if level_of(place) != Level.VILLAGE:
        return found
    if by.unit_kind != TEAM:
        for g in buildings.grids_in(place):
            if announcing.may_announce(by, Reach(place, g)):
                found[f"grid:{g.id}"] = (f"{_('网格')} · {g.name}", Reach(place, g))
    for b in buildings.buildings_of(by).filter(community=place):
        found[f"building:{b.id}"] = (f"{_('楼栋')} · {named(b)}", Reach(place, building=b))
    return found


class WordsForm(forms.Form):
    """Both languages; the English is for those who read no Chinese, and may be left out."""

    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(
        label=_("正文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("什么事、什么时候、住户要做什么、找谁。不写住户的姓名和电话。"),
    )  # fmt: skip
    title_en = forms.CharField(label=_("英文标题"), max_length=160, required=False)
    text_en = forms.CharField(
        label=_("英文正文"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("可以不写；选英文的住户会看到“只有中文”。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("title_en")) != bool(said.get("text_en")):
            lacking = "text_en" if said.get("title_en") else "title_en"
            self.add_error(lacking, _("英文标题和正文要么都写，要么都不写。"))
        return said

    @property
    def written(self) -> Written:
        said = self.cleaned_data
        return Written(said["title"], said["text"], said["title_en"], said["text_en"])


class NoticeForm(WordsForm):
    """`key` is the notice's id: pressing twice publishes once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reach = forms.ChoiceField(label=_("发给谁"))
    asks = forms.BooleanField(
        label=_("请住户确认"), required=False,
        help_text=_("停水停电、撤离、检查这类要人人知道的才勾；没有确认的，楼长上门告知。"),
    )  # fmt: skip
    shown_until = forms.DateField(
        label=_("展示到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    channels = forms.MultipleChoiceField(
        label=_("另外发到"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "住户页面和楼栋页面总会有。这里选的发到有关单位和楼栋的通知渠道，如楼栋群机器人；"
            "邮件和短信也发给同意收的住户，预览时看有多少个地址。"
        ),
    )  # fmt: skip
    field_order = ("key", "reach", "title", "text", "title_en", "text_en", "asks", "shown_until",
                   "channels")  # fmt: skip

    def __init__(self, *args: Any, by: Holder, place: str, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"key": uuid4(), "shown_until": today + timedelta(days=USUALLY)}
        super().__init__(*args, **kwargs)
        self.reaches = reaches(by, place)
        self.fields["reach"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, (label, _reach) in self.reaches.items()
        ]
        self.fields["channels"].choices = [  # type: ignore[attr-defined]
            (name, a.label) for name, a in ADAPTERS.items() if a.offered()
        ]

    @property
    def chosen(self) -> Reach:
        return self.reaches[self.cleaned_data["reach"]][1]

    @property
    def chosen_label(self) -> str:
        return self.reaches[self.cleaned_data["reach"]][0]


class CorrectForm(WordsForm):
    """What was wrong, why, and whether everybody is asked anew."""

    n = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        help_text=_("住户会看到。"),
    )
    again = forms.BooleanField(
        label=_("请住户重新看、重新确认"), required=False,
        help_text=_("时间、地点、要做的事变了就勾；改错字不用。勾了以后，已读和确认从头数。"),
    )  # fmt: skip

    def __init__(self, *args: Any, of: Wording, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(of, name) for name in ("n", "title", "text", "title_en", "text_en")
        }
        super().__init__(*args, **kwargs)


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=_("为什么撤回"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("住户会看到，正文不再显示。"),
    )  # fmt: skip


def channel_labels(a: Announcement) -> list[str]:
    return [str(ADAPTERS[name].label) for name in a.channels if name in ADAPTERS]
