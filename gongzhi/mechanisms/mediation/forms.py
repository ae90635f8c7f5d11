"""What a person fills in at each act of mediation."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, Reason, words
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder, holders_in
from gongzhi.ui.fields import SignatureField
from gongzhi.ui.words import title

WAYS = [
    ("court", _("人民法院（起诉）")),
    ("arbitration", _("劳动人事争议仲裁委员会")),
    ("petition", _("信访部门")),
    ("police", _("公安机关")),
    ("department", _("行政主管部门")),
]


class Register(forms.Form):
    """What is asked beyond what every report tells: the other side."""

    plain: frozenset[str] = frozenset({"amount"})

    respondent = forms.CharField(label=_("对方是谁"), max_length=60, help_text=_("姓名或单位名称"))
    respondent_phone = forms.CharField(label=_("对方电话"), max_length=20, required=False)
    amount = forms.DecimalField(
        label=_("涉及金额（元）"), max_digits=12, decimal_places=2, required=False, min_value=0
    )


class Accept(ActForm):
    note = words(_("受理说明"), required=False, rows=2)


class Refuse(Reason):
    way = forms.ChoiceField(
        label=_("应当去哪里"), choices=WAYS, help_text=_("不予受理，也要给群众指明正确的途径。")
    )


class Assign(ActForm):
    """Chooses the mediator; whoever has a conflict of interest is not offered."""

    mediator = forms.TypedChoiceField(
        label=_("调解员"), coerce=UUID, widget=forms.RadioSelect,
        help_text=_("与当事人有利害关系的人已排除；当事人可以要求更换。"),
    )  # fmt: skip
    no_conflict = forms.BooleanField(label=_("已核对：调解员与双方没有亲属或利害关系"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"].choices = [  # type: ignore[attr-defined]
            (str(h.post), f"{h.name} · {title(h)}") for h in self.candidates()
        ]

    def candidates(self) -> list[Holder]:
        """Mediators of the holding unit who are no party, by identity or by phone."""
        phones = {p.phone_index for p in self.case.parties if p.phone_index}
        parties = {p.who for p in self.case.parties if p.who}
        objected = set(self.case.facts.get("objected", []))
        kinds = ("mediator", "judicial_officer", "clerk")
        found = holders_in([self.case.unit], at=self.now, kinds=kinds)
        known = dict(
            Account.objects.filter(id__in=[h.account for h in found]).values_list(
                "id", "phone_index"
            )
        )
        return [
            h
            for h in found
            if not {h.account, h.post} & parties
            and str(h.post) not in objected
            and (known[h.account] is None or bytes(known[h.account] or b"") not in phones)
        ]


class Object(Reason):
    pass


class Hold(ActForm):
    """A session 调解会: when, who came, what was said."""

    held_on = forms.DateTimeField(
        label=_("时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    present = forms.MultipleChoiceField(
        label=_("到场"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("applicant", _("申请人")),
            ("respondent", _("对方当事人")),
            ("judge", _("法官")),
            ("judicial_officer", _("司法所人员")),
        ],
    )
    record = words(_("调解笔录"), rows=8)

    def clean_held_on(self) -> Any:
        held = self.cleaned_data["held_on"]
        if held > self.now:
            raise forms.ValidationError(_("调解时间不能晚于现在。"))
        return timezone.localtime(held)


class Agree(ActForm):
    """The agreement 调解协议: facts, terms, instalments, and signatures on the screen."""

    facts = words(_("纠纷事实和争议"), rows=4)
    terms = words(_("协议内容"), rows=4)
    method = words(_("履行方式"), rows=2, initial=_("银行转账"))
    instalments = words(
        _("分期（每行一期：日期 金额）"), rows=4, required=False,
        help_text=_("例如：2026-12-31 126667。没有款项可以不填。"),
    )  # fmt: skip
    signature_applicant = SignatureField(label=_("申请人签名"))
    signature_respondent = SignatureField(label=_("对方当事人签名"))
    signature_mediator = SignatureField(label=_("调解员签名"))

    def clean_instalments(self) -> list[dict[str, Any]]:
        lines = []
        for n, line in enumerate(self.cleaned_data["instalments"].splitlines(), 1):
            if not line.strip():
                continue
            lines.append(_instalment(line, n))
        return lines


def _instalment(line: str, n: int) -> dict[str, Any]:
    day, _space, money = line.strip().partition(" ")
    try:
        on = forms.DateField().clean(day)
        amount = forms.DecimalField(min_value=Decimal("0.01"), max_digits=12).clean(
            money.replace(",", "").replace("元", "")
        )
    except forms.ValidationError:
        raise forms.ValidationError(
            _("第 %(n)s 行看不懂：请写“日期 空格 金额”，例如 2026-12-31 126667。") % {"n": n}
        ) from None
    return {"on": on, "amount": amount}


class Perform(ActForm):
    n = forms.TypedChoiceField(label=_("第几期"), coerce=int)
    note = words(_("履行情况"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["n"].choices = [  # type: ignore[attr-defined]
            (t.data["n"], _("第 %(n)s 期　%(amount)s 元") % t.data)
            for t in self.case.tasks
            if t.name == "instalment"
        ]


class Default(Reason):
    pass


class Fail(Reason):
    way = forms.ChoiceField(label=_("告知当事人的其他途径"), choices=WAYS)


class Close(ActForm):
    note = words(_("核实情况"), rows=2, help_text=_("向双方核实协议已经履行。"))


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
