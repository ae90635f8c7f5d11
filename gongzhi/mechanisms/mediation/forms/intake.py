"""Forms of intake and triage, and what the party asks for afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, Reason, words

WAYS = [
    ("court", _("人民法院（起诉）")),
    ("arbitration", _("劳动人事争议仲裁委员会")),
    ("petition", _("信访部门")),
    ("police", _("公安机关")),
    ("department", _("行政主管部门")),
]
DANGER = [
    ("none", _("没有")),
    ("threat", _("有人威胁要动手，或者可能打起来")),
    ("home", _("家里有人打人、限制人身自由（家庭暴力）")),
]
LANGUAGES = [
    ("", _("都可以")),
    ("粤语", _("粤语")),
    ("客家话", _("客家话")),
    ("普通话", _("普通话")),
    ("手语", _("手语")),
]


# What people would say, beside the name that offices use.
IN_PLAIN_WORDS = {
    "family": _("夫妻、父母子女、赡养、分家"),
    "neighbours": _("邻居：排水、吵闹、围墙、道路"),
    "housing": _("盖房、宅基地、租房买房"),
    "contract": _("说好的事、欠债、买卖"),
    "business": _("做生意、合伙"),
    "damages": _("被打伤、东西被弄坏，要赔"),
    "land": _("田地、山林、承包"),
    "expropriation": _("征地、拆迁、补偿"),
    "environment": _("污水、油烟、噪音"),
    "wages": _("干了活没拿到工钱"),
    "tourism": _("跟团、住店、景点"),
    "online_trade": _("网上买东西"),
    "medical": _("看病、医院"),
    "traffic": _("撞车、被车撞"),
    "property": _("小区、物业费、电梯"),
    "other": _("不知道算哪类，就选这个"),
}


class Register(forms.Form):
    """What is asked beyond what every report tells: danger, the other side, the money."""

    hints = IN_PLAIN_WORDS
    invites = (_("我要反映矛盾纠纷"), _("请人来调解：不用注册，一分钟写好，可以拍照。"))

    plain: frozenset[str] = frozenset({"amount", "danger", "language"})

    danger = forms.ChoiceField(
        label=_("现在有人有危险吗"), choices=DANGER, initial="none",
        widget=forms.RadioSelect, help_text=_("正在发生暴力，请马上打 110。"),
    )  # fmt: skip
    respondent = forms.CharField(label=_("对方是谁"), max_length=60, help_text=_("姓名或单位名称"))
    respondent_phone = forms.CharField(label=_("对方电话"), max_length=20, required=False)
    amount = forms.DecimalField(
        label=_("涉及金额（元）"), max_digits=12, decimal_places=2, required=False, min_value=0
    )
    language = forms.ChoiceField(label=_("希望用哪种话调解"), choices=LANGUAGES, required=False)


def at_home(form: ActForm) -> bool:
    """Whether somebody spoke of violence at home: then nothing is pressed on the victim.

    Source: 反家庭暴力法 (2016); docs/law/mediation.md.
    """
    return bool(form.case.facts.get("danger") == "home")


class Accept(ActForm):
    note = words(_("受理说明"), required=False, rows=2)
    willing = forms.BooleanField(
        label=_("已单独、当面问过受害人：自愿调解，随时可以停止"),
        help_text=_("受害人不愿意的，不予受理，协助报警、求助妇联或申请人身安全保护令。"),
    )
    protection = forms.BooleanField(label=_("已告知受害人可以申请人身安全保护令"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_home(self):
            del self.fields["willing"], self.fields["protection"]


class Refuse(Reason):
    way = forms.ChoiceField(
        label=_("应当去哪里"), choices=WAYS, help_text=_("不予受理，也要给群众指明正确的途径。")
    )


class CallOut(ActForm):
    """Somebody is in danger: who went there, and whether it is over."""

    police = forms.ChoiceField(
        label=_("公安机关"),
        choices=[
            ("called", _("已报警")),
            ("present", _("民警已到场")),
            ("told", _("已通报派出所")),
        ],
    )
    note = words(_("做了什么"), rows=3)
    safe = forms.BooleanField(label=_("现在人是安全的"), required=False)


class Withdraw(Reason):
    pass


class Rate(ActForm):
    satisfied = forms.TypedChoiceField(
        label=_("您满意吗？"),
        choices=[("1", _("满意")), ("0", _("不满意"))],
        coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )
    words = words(_("您的意见"), required=False, rows=3)


class Reopen(Reason):
    pass
