"""Forms of the order, of what the firm does, and of the re-inspection."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.clocks import end_of
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, OtherCase, Reason, words
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.safety.models import Site
from gongzhi.mechanisms.safety.registers import sites, terms


class Why(Reason):
    reason = words(_("理由"), rows=2)


def _site(case: Snapshot) -> Site | None:
    id_ = case.facts.get("site")
    return sites.site(UUID(id_)) if id_ else None


def _firm(case: Snapshot) -> UUID | None:
    """The unit of the firm, where it has one here."""
    found = _site(case)
    return found.enterprise.unit if found else None


def _called(case: Snapshot) -> str:
    """As the register calls the firm and the site."""
    found = _site(case)
    return f"{found.enterprise.name} {found.name}" if found else ""


class Order(ActForm):
    """The five things settled 五落实, and what protects people until then."""

    addressee = words(_("下达给哪家企业、哪个场所"), rows=1)
    responsible = forms.CharField(label=_("责任人（岗位、姓名）"), max_length=60)
    measures = words(_("整改措施"), rows=3)
    funds_yuan = forms.DecimalField(
        label=_("整改资金（元）"), min_value=0, max_digits=12, decimal_places=2
    )
    until = forms.DateField(
        label=_("整改时限"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("到这一天为止，最多九十天。"),
    )  # fmt: skip
    contingency = words(_("应急预案"), rows=2)
    protection = words(_("整改完成前的防护措施"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"].initial = _called(self.case)

    def clean_until(self) -> datetime:
        """The end of that day."""
        end = end_of(self.cleaned_data["until"])
        try:
            terms.of_order(end, self.now)
        except Refused as error:
            raise forms.ValidationError(error.reason) from None
        return end

    def told(self) -> dict[str, Any]:
        funds = Words(str(self.cleaned_data["funds_yuan"]))  # as the other four: told, and sealed
        return {**super().told(), "funds_yuan": funds, "firm": _firm(self.case)}


class Serve(ActForm):
    """Nothing is asked: the order goes to whoever acts for the firm by now."""

    def told(self) -> dict[str, Any]:
        return {"firm": _firm(self.case)}


class Progress(ActForm):
    note = words(_("做到哪一步"), rows=2)
    photos = FilesField(label=_("照片"), required=False)


class AskLonger(ActForm):
    """Until when instead, and why; somebody else agrees or does not."""

    until = forms.DateField(
        label=_("延长到哪一天"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("只能延长一次，最多三十天；从下达指令起不超过九十天。"),
    )  # fmt: skip
    reason = words(_("为什么按期完不成、现在怎样防护"), rows=3)

    def clean_until(self) -> datetime:
        return end_of(self.cleaned_data["until"])


class Rectify(ActForm):
    note = words(_("怎样整改的"), rows=3)
    photos = FilesField(label=_("整改后的照片"), required=False)


class Recheck(ActForm):
    """Seen on site by somebody other than whoever rectified."""

    note = words(_("现场复查看到的"), rows=3)
    photos = FilesField(label=_("现场照片"), required=False)


class Restart(ActForm):
    note = words(_("为什么可以恢复"), rows=2)


class Listing(ActForm):
    note = words(_("督办要求"), rows=2)


class Merge(OtherCase):
    """The same hazard told twice goes on as one case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        self.fields["number"].label = _("前一件的编号")

    def clean_number(self) -> str:
        number = super().clean_number()
        if self.other.id == self.case.id or self.other.mechanism != self.case.mechanism.name:
            raise forms.ValidationError(_("请写另一件安全隐患的编号。"))
        return number


class Rate(ActForm):
    satisfied = forms.TypedChoiceField(
        label=_("您满意吗"), choices=[("yes", _("满意")), ("no", _("不满意"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    note = words(_("想说的话"), required=False, rows=2)
