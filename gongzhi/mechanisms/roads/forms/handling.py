"""Forms of what a road chief does about a hazard."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue, whistle_forms
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, OtherCase, Reason, unit_label, words
from gongzhi.cases.grounds import UNDER_WAY, URGENT
from gongzhi.networks.responsibility.summoning import Proposal, summoned


class Mend(ActForm):
    note = words(_("怎样处置的"), rows=2)
    photos = FilesField(label=_("处置后的照片"), required=False)


class Called(forms.CheckboxSelectMultiple):
    """Units to tick: those that the list names first, each with why; others folded below."""

    template_name = "roads/called.html"
    proposals: Mapping[str, Proposal] = {}

    class Media:
        js = (forms.Script("roads/called.js", defer=True),)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        return option | {"proposal": self.proposals.get(str(value))}


class Whistle(whistle_forms.Whistle):
    """Calls in whom the responsibility list names, ticked already, and says why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.case
        busy = {t.unit for t in case.tasks if t.name in UNDER_WAY}
        found = summoned(
            case.mechanism.name, case.category, case.place, on=timezone.localdate(self.now),
            but=case.unit, hidden={*case.hidden, *busy},
        )  # fmt: skip
        self.proposals = {str(p.unit.id): p for p in found}
        field = self.fields["units"]
        others = [(u, said) for u, said in field.choices if u not in self.proposals]  # type: ignore[attr-defined]
        field.widget = Called()
        field.widget.proposals = self.proposals
        field.choices = [  # type: ignore[attr-defined]
            *([(_("责任清单写明的"), [(u, unit_label(p.unit)) for u, p in self.proposals.items()])]
              if found else []),
            (_("其他单位"), others),
        ]  # fmt: skip
        field.initial = [*self.proposals]
        kind = catalogue.kind(case.mechanism, case.category)
        self.fields["reason"].initial = _("请到场处置：%(matter)s") % {"matter": kind}

    def _listed(self) -> dict[str, Proposal]:
        """Of those that are called, whom the list names."""
        called = {str(unit) for unit in self.cleaned_data["units"]}
        return {unit: p for unit, p in self.proposals.items() if unit in called}

    def told(self) -> dict[str, Any]:
        duties = {unit: str(p.duty.id) for unit, p in self._listed().items()}
        return super().told() | ({"duties": duties} if duties else {})

    def given(self) -> dict[str, Any]:
        """The limits that the list gives each; they stand in the tasks."""
        urgent = self.cleaned_data["ground"] == URGENT.name
        spans = {u: p.line.urgent if urgent else p.line.within for u, p in self._listed().items()}
        return {"within": {unit: span for unit, span in spans.items() if span}}


class Verify(ActForm):
    """Seen on site by whoever whistled, not by the department."""

    note = words(_("现场看到的"), rows=2)
    photos = FilesField(label=_("现场照片"), required=False)


class Again(Reason):
    reason = words(_("现在是什么样子"), rows=2)


class Dismiss(Reason):
    reason = words(_("到哪里看过，看到什么"), rows=2)


class Merge(OtherCase):
    """The same hazard told twice goes on as one case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        self.fields["number"].label = _("前一件的编号")

    def clean_number(self) -> str:
        number = super().clean_number()
        if self.other.id == self.case.id or self.other.mechanism != self.case.mechanism.name:
            raise forms.ValidationError(_("请写另一件道路隐患的编号。"))
        return number


class Rate(ActForm):
    satisfied = forms.TypedChoiceField(
        label=_("您满意吗"), choices=[("yes", _("满意")), ("no", _("不满意"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    note = words(_("想说的话"), required=False, rows=2)
