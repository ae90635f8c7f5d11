"""Forms between mediation and court: confirmation, hand-over, what the court decided."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, Reason, unit_label, words
from gongzhi.mechanisms.mediation.network import courts
from gongzhi.people.models import Unit


class _ToCourt(ActForm):
    """Chooses a court: the right one stands first."""

    kinds: tuple[str, ...] = courts.COURTS
    unit = forms.TypedChoiceField(label=_("哪个法院"), coerce=UUID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: list[Unit] = courts.near(self.case, self.kinds)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in found
        ]


class ApplyConfirmation(_ToCourt):
    """Both parties ask together, within 30 days: 人民调解法 Art. 33 [M]."""

    both = forms.BooleanField(label=_("双方共同申请，材料齐全"))
    note = words(_("说明"), required=False, rows=2)

    def given(self) -> dict[str, Any]:
        return {"judge": courts.judge_of(self.case, self.cleaned_data["unit"])}


class Waive(ActForm):
    both_told = forms.BooleanField(
        label=_("已告知：30 天内可以申请，经确认可以强制执行；双方表示不申请")
    )


class Confirm(ActForm):
    plain = frozenset({"court_number"})
    court_number = forms.CharField(label=_("裁定书案号"), max_length=60)
    note = words(_("说明"), required=False, rows=2)


class Reject(Reason):
    plain = frozenset({"court_number"})
    court_number = forms.CharField(label=_("裁定书案号"), max_length=60)
    reason = words(_("驳回的理由"))

    field_order = ["court_number", "reason"]


class TakeResult(ActForm):
    outcome = forms.ChoiceField(
        label=_("法院怎样处理"),
        choices=[
            ("dropped", _("当事人撤诉或不再起诉")),
            ("document", _("出具调解书或确认裁定")),
            ("trial", _("转入立案、审理")),
        ],
    )
    note = words(_("说明"), required=False, rows=2)


class Refer(_ToCourt):
    kinds = (*courts.COURTS, "arbitration")
    unit = forms.TypedChoiceField(label=_("移送给哪里"), coerce=UUID)
    consent = forms.BooleanField(label=_("当事人同意移送，并知道调解中说过的话不作为不利证据"))
    note = words(_("争议要点和已做的工作"), rows=4)


class Enforce(_ToCourt):
    consent = forms.BooleanField(label=_("申请人同意移送"))
    note = words(_("哪些没有履行"), rows=3)


class File(ActForm):
    plain = frozenset({"court_number"})
    court_number = forms.CharField(label=_("案号"), max_length=60)


class SendBack(Reason):
    pass


class Conclude(ActForm):
    result = forms.ChoiceField(
        label=_("结果"),
        choices=[
            ("mediated", _("调解结案")),
            ("dropped", _("撤诉（撤回）")),
            ("judgment", _("判决")),
            ("award", _("仲裁裁决")),
            ("enforced", _("执行完毕")),
            ("other", _("其他")),
        ],
    )
    note = words(_("说明"), required=False, rows=2)
