"""Forms of what a road chief does about a hazard."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import whistle_forms
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, OtherCase, Reason, words


class Mend(ActForm):
    note = words(_("怎样处置的"), rows=2)
    photos = FilesField(label=_("处置后的照片"), required=False)


class Whistle(whistle_forms.Whistle):
    """Calls in whom the responsibility list names, and says why."""


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
