"""All that residents may ever be asked for 登记项目: a purpose chooses from these, and adds none.

Of a need only that there is one and what help it asks for: no diagnosis, no names of medicines.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.fields import phone
from gongzhi.people.sealing import MOBILE, normalise

MOST_PEOPLE = 30  # in one dwelling


def joined(said: Iterable[object]) -> str:
    """As a list in a sentence of the reader's language."""
    between = ", " if (get_language() or "").startswith("en") else "、"
    return between.join(str(one) for one in said)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer. Sensitive ones are needs: told only with a consent of their own. So is what
    has words of its own to agree to (`consent`), without being a need."""

    name: str
    label: str | Promise
    field: Callable[..., forms.Field]
    options: dict[str, Any]
    sensitive: bool = False
    required: bool = False
    consent: str | Promise = ""

    @property
    def apart(self) -> bool:
        """Whether it is kept only with a consent of its own."""
        return self.sensitive or bool(self.consent)

    def asked(self) -> forms.Field:
        """The field of a form that asks for it."""
        return self.field(label=self.label, required=self.required, **self.options)

    def told(self, answer: Any) -> str:
        """The answer in the reader's language."""
        known = dict(self.options.get("choices", ()))
        said = answer if isinstance(answer, list) else [answer]
        return joined(known.get(one, one) for one in said)


def _one_of(*choices: tuple[str, str | Promise]) -> dict[str, Any]:
    return {"choices": [("", _("不填")), *choices]}


EVERY: Final = (
    Kind("name", _("姓名"), forms.CharField,
         {"max_length": 40, "widget": forms.TextInput({"autocomplete": "name"})}, required=True),
    Kind("phone", _("电话"), forms.CharField,
         {"max_length": 20, "validators": [phone],
          # Asked at once where no server is near: a resident has gone when it says no.
          "widget": forms.TextInput({"type": "tel", "autocomplete": "tel",
                                     "pattern": r"1[3-9][0-9]{9}|[0+][0-9 \-]{8,18}"})},
         required=True),
    Kind("email", _("电子邮箱"), forms.EmailField,
         {"max_length": 120, "widget": forms.EmailInput({"autocomplete": "email"})}),
    Kind("people", _("同住几人"), forms.IntegerField, {"min_value": 1, "max_value": MOST_PEOPLE}),
    Kind("tenure", _("自住还是租住"), forms.ChoiceField,
         _one_of(("own", _("自有住房")), ("rent", _("租住")), ("other", _("单位宿舍等")))),
    Kind("language", _("说哪种话方便"), forms.ChoiceField,
         _one_of(("mandarin", _("普通话")), ("cantonese", _("粤语")), ("hakka", _("客家话")),
                 ("english", _("英语")), ("sign", _("手语或写字")), ("other", _("其他")))),
    Kind("vehicle", _("车辆"), forms.MultipleChoiceField,
         {"choices": [("car", _("汽车")), ("e_bike", _("电动自行车")), ("motorcycle", _("摩托车"))],
          "widget": forms.CheckboxSelectMultiple}),
    Kind("notices", _("用邮件、短信收公告"), forms.MultipleChoiceField,
         {"choices": [("mail", _("发到我的电子邮箱")), ("sms", _("发到我的手机"))],
          "widget": forms.CheckboxSelectMultiple},
         consent=_("我同意用登记的邮箱、手机收公告，随时可以撤回")),
    Kind("alone", _("独居老人"), forms.ChoiceField,
         _one_of(("alone", _("一位老人独住")), ("two", _("只有老人同住"))), sensitive=True),
    Kind("disability", _("残疾"), forms.ChoiceField,
         _one_of(("sight", _("看不清")), ("hearing", _("听不清")), ("limbs", _("肢体不便")),
                 ("mind", _("需要人陪护")), ("several", _("不止一种"))), sensitive=True),
    Kind("medicine", _("长期用药"), forms.ChoiceField,
         _one_of(("fetch", _("需要人帮忙取药")), ("cold", _("药要冷藏，怕停电")),
                 ("steady", _("药不能断"))), sensitive=True),
    Kind("mobility", _("行动不便"), forms.ChoiceField,
         _one_of(("aid", _("要人扶或用拐杖")), ("wheelchair", _("坐轮椅")), ("bed", _("卧床"))),
         sensitive=True),
    Kind("device", _("医疗设备"), forms.ChoiceField,
         _one_of(("oxygen", _("制氧机")), ("ventilator", _("呼吸机")), ("dialysis", _("家庭透析")),
                 ("other", _("其他要用电的"))), sensitive=True),
    Kind("infant", _("孕产妇、婴幼儿"), forms.ChoiceField,
         _one_of(("pregnant", _("孕产妇")), ("infant", _("三岁以下婴幼儿"))), sensitive=True),
)  # fmt: skip
KINDS: Final = {kind.name: kind for kind in EVERY}
SEALED: Final = ("name", "phone")  # in columns of their own
CHANNELS: Final = {"mail": "email", "sms": "phone"}  # the answer by which each reaches a resident


def of(names: Iterable[str]) -> list[Kind]:
    """These kinds in the order in which they are asked; one that is not known is none."""
    wanted = set(names)
    return [kind for kind in EVERY if kind.name in wanted]


def _mobile(said: str) -> str:
    """As gateways take it, or nothing: a text reaches a mobile phone, or one abroad."""
    number = normalise("phone", said)
    own = number.removeprefix("+86")
    return own if MOBILE.fullmatch(own) else number if number[:1] == "+" and own == number else ""


def address(channel: str, said: Mapping[str, Any]) -> str:
    """Where a channel reaches whoever said this; nothing where it cannot."""
    given = str(said.get(CHANNELS[channel]) or "").strip()
    return _mobile(given) if channel == "sms" else given


def notified(said: Mapping[str, Any]) -> dict[str, str]:
    """By channel, where a resident gets notices who agreed to it."""
    found = {channel: address(channel, said) for channel in said.get("notices", ())}
    return {channel: where for channel, where in found.items() if where}
