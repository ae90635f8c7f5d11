"""What the public fills in besides the report itself."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import numbers
from gongzhi.cases.intake import ReportForm


class PublicReportForm(ReportForm):
    """The report as residents fill it in: large choices with a word of everyday language each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = getattr(self.mechanism.starts.form, "hints", {})
        for name in getattr(self.mechanism.starts.form, "staff_only", ()):
            del self.fields[name]
        category, text = self.fields["category"], self.fields["text"]
        category.widget = forms.RadioSelect(attrs={"class": "large"})
        category.choices = [  # type: ignore[attr-defined]
            (name, format_html('{}<span class="soft small">{}</span>', label, hints.get(name, "")))
            for name, label in category.choices if name  # type: ignore[attr-defined]
        ]  # fmt: skip
        text.help_text = _("什么时候、什么事、您希望怎样解决。打字不方便，可以按键盘上的话筒来说。")


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("案件编号"), max_length=24, help_text=_("在回执上，16 位数字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    tail = forms.CharField(
        label=_("电话后四位，或查询码"), min_length=4, max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        found = numbers.parse(self.cleaned_data["number"])
        if found is None:
            raise forms.ValidationError(_("编号不对，请对照回执再写一次（共 16 位数字）。"))
        return found
