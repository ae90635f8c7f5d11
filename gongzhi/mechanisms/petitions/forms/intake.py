"""Forms of registering a petition and of judging whose duty it is."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, OtherCase, Reason, unit_label, units_near, words
from gongzhi.cases.plan_forms import day
from gongzhi.networks.responsibility import duties
from gongzhi.people.models import Unit
from gongzhi.places.levels import ancestors

REQUEST, SUGGESTION, ACCUSATION = "request", "suggestion", "accusation"
PURPOSES = [
    (REQUEST, _("请求解决问题")),
    (SUGGESTION, _("提意见、建议")),
    (ACCUSATION, _("检举、控告违纪违法")),
]
ONLINE = "online"
SERVED = [
    (ONLINE, _("网上查看（凭编号和电话）")),
    ("handed", _("当面交给本人")),
    ("post", _("邮寄")),
    ("read", _("电话告知并记录")),
    ("posted_up", _("公告")),
]
WAYS = [
    ("court", _("人民法院（诉讼、执行）")),
    ("procuratorate", _("人民检察院")),
    ("police", _("公安机关")),
    ("arbitration", _("劳动人事争议仲裁、土地仲裁")),
    ("reconsideration", _("行政复议")),
    ("procedure", _("行政许可、裁决、处罚等法定程序")),
    ("party", _("党内申诉、组织人事程序")),
]
GROUNDS = [
    ("elsewhere", _("不属于本机关职权，应向别的机关提出")),
    ("final", _("已有复核意见，或者逾期未申请复查、复核")),
    ("pending", _("有关机关已经受理，正在办理")),
    ("unclear", _("没有写明事实和诉求，补充后可再提出")),
]
# Source: 信访工作条例 (2022) Art. 20 [M]: several people with one matter choose representatives.
MOST_REPRESENTATIVES = 5
IN_PLAIN_WORDS = {
    "land": _("征地、拆迁、补偿"),
    "construction": _("违建、规划、修路修桥"),
    "labour": _("工作、工资、社保、养老金"),
    "education": _("上学、学校、老师"),
    "health": _("看病、医院、医保"),
    "housing": _("住房、物业、办证"),
    "environment": _("污水、油烟、噪音、垃圾"),
    "traffic": _("公交、道路、停车"),
    "market": _("假货、乱收费、经营许可"),
    "agriculture": _("土地承包、水利、补贴"),
    "civil_affairs": _("低保、救助、优抚"),
    "public_order": _("治安、黑恶、赌毒"),
    "finance": _("集资、贷款、投资"),
    "litigation": _("不服判决、案件没执行"),
    "conduct": _("干部作风、贪污受贿"),
    "other": _("不知道算哪类，就选这个"),
}


class Register(forms.Form):
    """What is asked beyond what every report tells: what for, about whom, how to be answered.

    A unit that is complained about never gets the petition, sees it or hears of it (Art. 30 [M]).
    """

    hints = IN_PLAIN_WORDS
    invites = (_("我要信访"), _("请机关单位解决问题、提建议、检举；被反映的人看不到。"))
    staff_only = ("representatives",)  # of those who came; nobody comes to a page
    stays_where_told = True  # the first office asked judges whose duty it is
    uncounted = True  # in public: a subdistrict's one petition would tell whom it is about
    plain: frozenset[str] = frozenset({"purpose", "notice"})

    purpose = forms.ChoiceField(
        label=_("您想做什么"), choices=PURPOSES, initial=REQUEST, widget=forms.RadioSelect
    )
    request = words(_("您的诉求"), rows=3, help_text=_("希望哪个单位做什么。"))
    respondent = forms.CharField(
        label=_("反映的是谁"), max_length=60, required=False,
        help_text=_("单位或个人名称；没有可以不填。被反映的人看不到您的信访。"),
    )  # fmt: skip
    accused = forms.TypedMultipleChoiceField(
        label=_("反映的是下面哪个单位"), coerce=UUID, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选中的单位收不到、也看不到这件信访，由别的单位或上级办理。"),
    )  # fmt: skip
    people = forms.IntegerField(
        label=_("一共多少人"), min_value=1, max_value=99_999, initial=1, required=False
    )
    representatives = forms.IntegerField(
        label=_("来访代表几人"), min_value=1, max_value=MOST_REPRESENTATIVES, required=False,
        help_text=_("多人反映同一事项来访的，推选代表，不超过 5 人。"),
    )  # fmt: skip
    notice = forms.ChoiceField(label=_("答复怎样给您"), choices=SERVED[:3], initial=ONLINE)

    def at_place(self, place: str) -> None:
        """Offers the units of the place and above it, those that could get the petition."""
        here = Unit.objects.filter(place__in=[*ancestors(place), place], valid_to=None)
        self.fields["accused"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in here.order_by("-place", "kind", "name")
        ]

    @staticmethod
    def check(said: dict[str, Any]) -> dict[str, str]:
        """What is wrong between the answers, by field."""
        many = (said.get("people") or 1) > MOST_REPRESENTATIVES
        if said.get("channel") == "visit" and many and not said.get("representatives"):
            return {"representatives": str(_("多人来访，请写推选了几名代表（不超过 5 人）。"))}
        return {}


class Notifies(ActForm):
    """An act of which the petitioner is told in writing: how the letter reaches them."""

    served = forms.ChoiceField(label=_("告知书怎样送达"), choices=SERVED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["served"].initial = self.case.facts.get("notice", ONLINE)
        # What has to be said comes before how it is sent.
        self.order_fields([n for n in self.fields if n != "served"] + ["served"])


class Accept(Notifies):
    note = words(_("怎样办理"), required=False, rows=2)


class Forward(Notifies):
    """To whom it belongs by place, level and subject 属地管理、分级负责."""

    unit = forms.TypedChoiceField(label=_("转给哪个单位"), coerce=UUID)
    reason = words(_("为什么归它办"), rows=2, help_text=_("依据职责清单写明，对方和上级都会看到。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in units_near(self.case) if u.id != self.case.unit
        ]
        self._suggest()

    def _suggest(self) -> None:
        """Whom the responsibility list names, with its basis; the clerk may choose another."""
        found = duties.suggested(
            self.case.mechanism.name, self.case.category, self.case.place,
            on=timezone.localdate(self.now), but=self.case.unit,
        )  # fmt: skip
        if found is None or found[0].id in self.case.hidden:
            return
        unit, duty = found
        self.fields["unit"].initial = str(unit.id)
        self.fields["unit"].help_text = _("责任清单：%(unit)s（%(basis)s）") % {
            "unit": unit_label(unit), "basis": duty.lead.basis,
        }  # fmt: skip


class Assign(Forward):
    """Handed over with a report asked for 交办."""

    report_by = day(_("什么时候以前报告结果"))
    field_order = ("unit", "report_by", "reason", "served")

    def clean_report_by(self) -> date:
        by: date = self.cleaned_data["report_by"]
        if by < timezone.localdate(self.now):
            raise forms.ValidationError(_("期限不能早于今天。"))
        return by


class Refuse(Notifies):
    ground = forms.ChoiceField(label=_("不予受理的情形"), choices=GROUNDS)
    reason = words(_("理由"), rows=3)
    way = forms.ChoiceField(label=_("应当去哪里"), choices=[*WAYS, ("other", _("见理由"))])


class Divert(Notifies):
    """Matters of court, arbitration and reconsideration leave the petition track 诉访分离."""

    way = forms.ChoiceField(label=_("引导到哪条法定途径"), choices=WAYS)
    reason = words(_("理由"), rows=3, help_text=_("写明为什么走这条途径、怎样提出。"))


class Merge(OtherCase, Notifies):
    """A petition on the same matter goes on with the first one, and is not counted twice."""

    field_order = ("number", "reason", "served")
    reason = words(_("为什么是同一事项"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        self.fields["number"].label = _("前一件的编号")

    def clean_number(self) -> str:
        number = super().clean_number()
        if self.other.id == self.case.id:
            raise forms.ValidationError(_("不能与自身关联。"))
        if self.other.mechanism != self.case.mechanism.name:
            raise forms.ValidationError(_("这个编号不是信访，不能并入；可以用“关联案件”。"))
        # Joined, it would be handled by the one it complains about (Art. 30 [M]).
        if {*self.other.units} & {*self.case.hidden} - {*self.other.hidden}:
            raise forms.ValidationError(
                _("前案由被反映的单位经手，不能并入；先在前案登记被投诉单位（回避），再并入。")
            )
        return number

    def told(self) -> dict[str, Any]:
        return {**super().told(), "closed": not self.other.is_open}


class PassOn(Reason):
    unit = forms.TypedChoiceField(label=_("移送给哪个机关"), coerce=UUID)
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in units_near(self.case) if u.kind == "discipline"
        ]


class ReportResult(ActForm):
    note = words(_("办理结果"), rows=4)
