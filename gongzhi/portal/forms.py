"""What the public fills in besides the report itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import numbers


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
