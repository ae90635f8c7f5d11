"""What a purpose asks of a resident: its fields and no others, each sensitive one with a consent of
its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.neighbourhoods.models import Purpose
from gongzhi.mechanisms.neighbourhoods.registers import answers, purposes
from gongzhi.mechanisms.neighbourhoods.registers.residents import Told
from gongzhi.notices.adapters import ADAPTERS

AGREE = "agree_"
NEEDED = {
    "mail": gettext_lazy("要用邮件收公告，请填电子邮箱。"),
    "sms": gettext_lazy("要用短信收公告，请填手机号码。"),
}


class Registering(forms.Form):
    """Filled in by the resident, or at the door for them: then with their word that they wish it.

    `only_changes`: what stands there is not shown, and what is left empty stays.
    """

    template_name = "neighbourhoods/residents/form.html"
    present = forms.BooleanField(
        label=gettext_lazy("本人在场，听过登记的目的、依据、保存期限和谁看得到，自己愿意登记"),
        error_messages={"required": gettext_lazy("没有本人同意，不能登记。")},
    )

    def __init__(
        self, *args: Any, purpose: Purpose, at_door: bool = False, only_changes: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.purpose, self.only_changes = purpose, only_changes
        if not at_door:
            del self.fields["present"]
        elif only_changes:
            self.fields["present"].label = _("本人要求更正，内容是本人说的")
        for kind in answers.of(purpose.fields):
            if kind.name not in purpose.sensitive:
                self._ask(kind, only_changes)
        for kind in answers.of(purpose.sensitive):
            if self._ask(kind, only_changes=True):
                self.fields[AGREE + kind.name] = forms.BooleanField(
                    label=str(kind.consent) or _("我同意登记“%(field)s”") % {"field": kind.label},
                    required=False,
                )

    def _ask(self, kind: answers.Kind, only_changes: bool) -> bool:
        field = kind.asked()
        field.required = field.required and not only_changes
        if kind.name == "notices":
            asked = {name: label for name, label in field.choices if self._may_be_sent_by(name)}  # type: ignore[attr-defined]
            if not asked:
                return False
            field.choices = list(asked.items())  # type: ignore[attr-defined]
        self.fields[kind.name] = field
        return True

    def _may_be_sent_by(self, channel: str) -> bool:
        """Nobody is asked to agree to what this installation cannot send."""
        return answers.CHANNELS[channel] in self.purpose.fields and ADAPTERS[channel].offered()

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[n] for n in self.fields if n.removeprefix(AGREE) not in self.purpose.sensitive]

    @property
    def needs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The consent to each sensitive field, and the field."""
        return [pair for pair in self._pairs if not answers.KINDS[pair[1].name].consent]

    @property
    def offers(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Likewise of what is not sensitive and has words of its own to agree to."""
        return [pair for pair in self._pairs if answers.KINDS[pair[1].name].consent]

    @property
    def _pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[AGREE + n], self[n]) for n in self.fields if n in self.purpose.sensitive]

    @property
    def tells_needs(self) -> bool:
        return any(one.errors or one.value() for pair in self.needs for one in pair)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.purpose.sensitive:
            if said.get(name) and not said.get(AGREE + name):
                self.add_error(
                    AGREE + name, _("填了这一项，请勾选同意；不同意就不填，不影响其他登记。")
                )
        for channel in said.get("notices") or ():
            # Of whoever corrects for a resident, only what is different is known.
            given = said.get(answers.CHANNELS[channel]) or not self.only_changes
            if given and not answers.address(channel, said):
                self.add_error(answers.CHANNELS[channel], NEEDED[channel])
        return said

    @property
    def told(self) -> Told:
        said = self.cleaned_data
        agreed = [n for n in self.purpose.sensitive if said.get(AGREE + n)]
        return Told({n: v for n, v in said.items() if n in answers.KINDS}, agreed)


def initial(said: Mapping[str, Any], agreed: Mapping[str, str]) -> dict[str, Any]:
    """A resident's own form as it was filled in last."""
    return {**said, **{AGREE + name: True for name in agreed}}


class Found(forms.Form):
    """A resident finds the own page again."""

    name = answers.KINDS["name"].asked()
    phone = answers.KINDS["phone"].asked()


class Coded(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("登记码"), max_length=40,
        help_text=gettext_lazy("登记后给您的 16 位字母和数字。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"].lower() if c.isalnum())


class Reasoned(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么要看（居民本人会看到）"), max_length=200,
        help_text=gettext_lazy("写事由，如“停水，逐户通知”；不写姓名和电话。"),
    )  # fmt: skip


class Wished(forms.Form):
    """At the door, for a resident who wants something gone."""

    wish = forms.BooleanField(
        label=gettext_lazy("本人要求这样做"),
        error_messages={"required": gettext_lazy("请先问过本人。")},
    )


class Declaring(forms.Form):
    """A purpose as staff declare it; the city's language first."""

    name = forms.CharField(label=gettext_lazy("登记什么用"), max_length=80)
    why = forms.CharField(
        label=gettext_lazy("为什么要登记（居民会看到）"), max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("依据（居民会看到）"), max_length=200,
        help_text=gettext_lazy("法律条文，或者“您本人同意”。"),
    )  # fmt: skip
    fields_asked = forms.MultipleChoiceField(
        label=gettext_lazy("登记哪些项目"), widget=forms.CheckboxSelectMultiple,
        choices=[(kind.name, kind.label) for kind in answers.EVERY],
        help_text=gettext_lazy("只选办这件事必需的。健康、残疾、老人等敏感项目一律要居民单独同意。"),
    )  # fmt: skip
    sensitive = forms.MultipleChoiceField(
        label=gettext_lazy("还有哪些要单独同意"), widget=forms.CheckboxSelectMultiple,
        choices=[(kind.name, kind.label) for kind in answers.EVERY if not kind.apart],
        required=False,
    )  # fmt: skip
    keep_days = forms.IntegerField(
        label=gettext_lazy("登记后保存多少天"), min_value=1, max_value=purposes.LONGEST, initial=180
    )
    ends_on = forms.DateField(
        label=gettext_lazy("最后一天"), required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("过了这一天，登记的内容当夜全部删除；不填就一直有效，可以随时结束。"),
    )  # fmt: skip
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    why_en = forms.CharField(label=gettext_lazy("英文说明"), max_length=500, required=False)
    basis_en = forms.CharField(label=gettext_lazy("英文依据"), max_length=300, required=False)

    def wanted(self, place: str) -> purposes.Wanted:
        said = self.cleaned_data
        rest = {n: v for n, v in said.items() if n != "fields_asked"}
        return purposes.Wanted(place=place, fields=said["fields_asked"], **rest)
