"""The form by which it is noted that members of a group were told."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm

MISTAKEN = "mistaken"
WAYS = [
    ("post", _("邮寄")),
    ("read", _("电话告知")),
    ("handed", _("上门当面告知")),
    ("posted_up", _("公告")),
]


class TellMembers(ActForm):
    """Which members were told of a letter, how and on which day; or that it was noted by mistake.

    Their names stand beside the boxes on the page that shows them.
    """

    notice = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    members = forms.MultipleChoiceField(error_messages={"required": _("请勾选告知了哪些人。")})
    way = forms.ChoiceField(label=_("怎样告知的"), choices=[*WAYS, (MISTAKEN, _("记错了，撤销"))])
    on = forms.DateField(
        label=_("哪天告知的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].choices = [  # type: ignore[attr-defined]
            (n, n) for n in range(1, self.case.seq + 1)
        ]
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(p.id), str(p.id)) for p in self.case.members
        ]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not timezone.localdate(self.case.reported_at) <= on <= timezone.localdate(self.now):
            raise forms.ValidationError(_("日期不能早于登记那天，也不能晚于今天。"))
        return on
