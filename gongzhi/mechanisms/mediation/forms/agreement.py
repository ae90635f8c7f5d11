"""Forms of the agreement and of its performance."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Words
from gongzhi.cases.forms import ActForm, Reason, words
from gongzhi.mechanisms.mediation.forms.intake import at_home
from gongzhi.mechanisms.mediation.tasks import DUTY, INSTALMENT
from gongzhi.ui.fields import SignatureField

# What an agreement must not be, as the court looks at it when it is asked to confirm.
LEGAL = [
    ("law", _("不违反法律、行政法规的强制性规定")),
    ("public", _("不损害国家利益、社会公共利益和他人合法权益")),
    ("morals", _("不违背公序良俗")),
    ("free", _("出于双方自愿，没有欺诈、胁迫")),
    ("clear", _("内容明确，能够履行")),
]


SIGN = _("书面协议必须签名，口头协议不用。")


class Agree(ActForm):
    """The agreement 调解协议, written or oral: facts, terms, money and acts with their days.

    Source of its contents: 人民调解法 Art. 28-30; of what invalidates it: 民事诉讼法 on confirming
    agreements and its interpretation (docs/law/mediation.md).
    """

    plain = frozenset({"kind", "whole"})

    kind = forms.ChoiceField(
        label=_("协议形式"), choices=[("written", _("书面协议")), ("oral", _("口头协议，登记在案"))]
    )
    whole = forms.ChoiceField(
        label=_("达成了多少"), choices=[("all", _("全部谈成")), ("part", _("谈成一部分"))]
    )
    facts = words(_("纠纷事实和争议"), rows=4)
    terms = words(_("协议内容"), rows=4)
    method = words(_("履行方式"), rows=2, initial=_("银行转账"))
    instalments = words(
        _("分期（每行一期：日期 金额）"), rows=4, required=False,
        help_text=_("例如：2026-12-31 126667。没有款项可以不填。"),
    )  # fmt: skip
    duties = words(
        _("要做的事（每行一件：日期 事项）"), rows=3, required=False,
        help_text=_("例如：2026-12-31 拆除墙边的棚子。没有可以不填。"),
    )  # fmt: skip
    legal = forms.MultipleChoiceField(
        label=_("逐项核对"), choices=LEGAL, widget=forms.CheckboxSelectMultiple
    )
    free_will = forms.BooleanField(label=_("已单独问过受害人：签协议是自己的意思，没有受到威胁"))
    signature_applicant = SignatureField(label=_("申请人签名"), required=False, help_text=SIGN)
    signature_respondent = SignatureField(label=_("对方当事人签名"), required=False, help_text=SIGN)
    signature_mediator = SignatureField(label=_("调解员签名"), required=False, help_text=SIGN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_home(self):
            del self.fields["free_will"]

    def clean_instalments(self) -> list[dict[str, Any]]:
        lines = _lines(self.cleaned_data["instalments"])
        return [_instalment(line, n) for n, line in lines]

    def clean_duties(self) -> list[dict[str, Any]]:
        return [_duty(line, n) for n, line in _lines(self.cleaned_data["duties"])]

    def clean_legal(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["legal"]
        if len(ticked) < len(LEGAL):
            raise forms.ValidationError(_("有一项做不到，这份协议就不能生效：请先修改协议内容。"))
        return ticked

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == "written":
            for name in self.fields:
                if name.startswith("signature_") and not said.get(name) and name not in self.errors:
                    self.add_error(name, _("书面协议要各方签名；不能签的，请选口头协议。"))
        return said

    def told(self) -> dict[str, Any]:
        """What is to be done is sealed like all words; the ledger keeps the days alone."""
        said, duties = super().told(), self.cleaned_data["duties"]
        if duties:
            said["duties"] = Words("\n".join(f"{d['on']} {d['what']}" for d in duties))
            said["duty_days"] = [d["on"] for d in duties]
        return {name: value for name, value in said.items() if value != []}


def _lines(text: str) -> list[tuple[int, str]]:
    return [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _instalment(line: str, n: int) -> dict[str, Any]:
    day, _space, money = line.partition(" ")
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


def _duty(line: str, n: int) -> dict[str, Any]:
    day, _space, what = line.partition(" ")
    try:
        on = forms.DateField().clean(day)
    except forms.ValidationError:
        on = None
    if on is None or not what.strip():
        raise forms.ValidationError(
            _("第 %(n)s 行看不懂：请写“日期 空格 要做的事”，例如 2026-12-31 拆除棚子。") % {"n": n}
        )
    return {"on": on, "what": what.strip()}


class Perform(ActForm):
    n = forms.TypedChoiceField(label=_("第几项"), coerce=int)
    note = words(_("履行情况"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {INSTALMENT: _("第 %(n)s 项　%(amount)s 元"), DUTY: _("第 %(n)s 项　约定的事")}
        self.fields["n"].choices = [  # type: ignore[attr-defined]
            (t.data["n"], said[t.name] % t.data) for t in self.case.tasks if t.name in said
        ]


class FollowUp(ActForm):
    """A visit or a call after the agreement 回访."""

    how = forms.ChoiceField(
        label=_("怎样回访"),
        choices=[("visit", _("上门")), ("phone", _("电话")), ("met", _("见面"))],
    )
    quiet = forms.ChoiceField(
        label=_("情况"),
        choices=[("good", _("已和好，没有反复")), ("watch", _("还有些情绪，再关注")),
                 ("bad", _("又起争执"))],
    )  # fmt: skip
    note = words(_("双方怎么说"), rows=3)


class Default(Reason):
    pass


class Close(ActForm):
    note = words(_("核实情况"), rows=2, help_text=_("向双方核实协议已经履行。"))
