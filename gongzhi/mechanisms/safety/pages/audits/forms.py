"""What is filled in about an audit: what it is of, what was seen, what is to follow."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.forms import unit_label
from gongzhi.mechanisms.safety.models import Audit, Enterprise
from gongzhi.mechanisms.safety.registers import audit_rights, audits, credit_code, enterprises
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.ui.words import named

MINUTE = "%Y-%m-%dT%H:%M"
PERIOD = timedelta(days=365)  # looked back on unless said otherwise


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more
    )


def minute_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(format=MINUTE, attrs={"type": "datetime-local"}),
    )


def words_field(label: Any, length: int = 400, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class OpenForm(forms.Form):
    """A firm by its code, or a department."""

    firm = forms.CharField(
        label=gettext_lazy("审计企业：统一社会信用代码"), max_length=40, required=False,
        help_text=gettext_lazy("审计部门的，这里空着。"),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("或者审计部门"), required=False)
    since = day_field(gettext_lazy("审计期间从"))
    until = day_field(gettext_lazy("到"))
    purpose = words_field(gettext_lazy("审计目的和依据"))
    size = forms.IntegerField(
        label=gettext_lazy("抽几处"), min_value=1, max_value=audits.LARGEST, initial=5,
        help_text=gettext_lazy("场所没有这么多的，全部检查。抽样由系统随机产生，只抽一次。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, today: date, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["since"].initial, self.fields["until"].initial = today - PERIOD, today
        units = [(str(u.id), unit_label(u)) for u in audit_rights.departments(by)]
        self.fields["unit"].choices = [("", "—"), *units]  # type: ignore[attr-defined]

    def clean_firm(self) -> Enterprise | None:
        if not self.cleaned_data["firm"].strip():
            return None
        try:
            code = credit_code.read(self.cleaned_data["firm"])
        except credit_code.BadCode as error:
            raise forms.ValidationError(str(error)) from None
        found = Enterprise.objects.filter(current(), code=code).first()
        if found is None:
            raise forms.ValidationError(_("台账里没有这家企业。"))
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "firm" in said and bool(said["firm"]) == bool(said.get("unit")):
            self.add_error("firm", _("企业和部门，选一个。"))
        return said

    def asked(self) -> audits.Asked:
        said = self.cleaned_data
        of = said["firm"] or Unit.objects.get(id=UUID(said["unit"]))
        return audits.Asked(of, said["since"], said["until"], said["purpose"], said["size"])


class WhenForm(forms.Form):
    """When somebody was at the site."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    began = minute_field(gettext_lazy("到场时间"))
    finished = minute_field(gettext_lazy("离场时间"))

    def __init__(self, *args: Any, of: Audit, now: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.of, self.now = of, now

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if {"began", "finished"} <= said.keys():
            opened = timezone.localtime(self.of.opened_at).replace(second=0, microsecond=0)
            if not opened <= said["began"] <= said["finished"] <= self.now:
                self.add_error("began", _("从发起审计以后到现在，先到场、后离场。"))
        return said


class FollowForm(forms.Form):
    """What is to follow, by whom, until when."""

    measure = words_field(gettext_lazy("后续措施"))
    whose = forms.TypedChoiceField(label=gettext_lazy("由谁办（单位或岗位）"), coerce=UUID)
    due = day_field(gettext_lazy("到什么时候"))

    def __init__(self, *args: Any, of: Audit, today: date, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.today = today
        self.fields["whose"].choices = [("", "—"), *_whose(of)]  # type: ignore[attr-defined]

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < self.today:
            raise forms.ValidationError(_("最早今天。"))
        return due


def _whose(of: Audit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The audited, the authorities around, and the auditors; their posts too."""
    audited = audit_rights.audited(of)
    ids = {*(u.id for u in enterprises.overseers(of.place)), of.by_unit, *filter(None, [audited])}
    units = Unit.objects.filter(id__in=ids, valid_to=None).order_by("-place", "name")
    posts = Post.objects.filter(Q(unit=audited) | Q(unit=of.by_unit), valid_to=None)
    return [
        (_("单位"), [(str(u.id), unit_label(u)) for u in units]),
        (_("岗位"), [(str(p.id), f"{unit_label(p.unit)} · {named(p)}")
                     for p in posts.select_related("unit").order_by("unit", "title")]),
    ]  # fmt: skip


class FindingForm(FollowForm):
    said = words_field(
        gettext_lazy("审计发现"), help_text=gettext_lazy("写事情和制度，不写个人的姓名。")
    )
    field_order = ("said", "measure", "whose", "due")


class DoneForm(forms.Form):
    done = words_field(gettext_lazy("办理结果"))


class WhyForm(forms.Form):
    why = words_field(gettext_lazy("理由"), rows=2)


class NotSeenForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("为什么没能检查"), max_length=200)


class OpinionForm(forms.Form):
    opinion = words_field(
        gettext_lazy("审计意见"), 2_000, 6, help_text=gettext_lazy("写企业、部门，不写个人。")
    )


class StatementForm(forms.Form):
    said = words_field(
        gettext_lazy("陈述申辩"), 2_000, 6,
        help_text=gettext_lazy("只能提出一次，附在审计报告后面；请不要写个人隐私。"),
    )  # fmt: skip
