"""What is asked when rescue is called out: where, how grave, who is needed; seconds count."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.cases.fields import Position
from gongzhi.cases.forms import words
from gongzhi.declare import registry
from gongzhi.mechanisms.roads.forms.accidents import MOST_PEOPLE, WhereForm
from gongzhi.mechanisms.roads.registers import rescue
from gongzhi.mechanisms.roads.registers.matters import group_of


class RescueForm(WhereForm):
    spot_needed = False

    category = forms.ChoiceField(label=_("出了什么事"), initial="accident")
    injured = forms.IntegerField(
        label=_("受伤人数（大约）"), min_value=0, max_value=MOST_PEOPLE, initial=0, required=False
    )
    deaths = forms.IntegerField(
        label=_("死亡人数（大约）"), min_value=0, max_value=MOST_PEOPLE, initial=0, required=False
    )
    trapped = forms.BooleanField(label=_("有人被困"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("要谁来"), choices=[(name, body.label) for name, body in rescue.BODIES.items()],
        initial=["police", "medical", "road", rescue.LISTED], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    text = words(_("现场情况"), rows=2, required=False)
    field_order = ("category", "place", "needs", "injured", "deaths", "trapped", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = catalogue.offered(registry.get("roads"))
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (kind.name, str(kind)) for kind in offered if group_of(kind.follows) == "rescue"
        ]
        self.fields["km"].help_text = _("如 K3+200 写 3.2；不知道就空着。")
        self.fields["longitude"].widget, self.fields["latitude"].widget = (
            Position(),
            forms.HiddenInput(),
        )
