"""What a phone tells of an inspection: read once more, trusted never."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.mechanisms.safety.registers.exhibits import SIGNATURES
from gongzhi.mechanisms.safety.registers.inspecting import Spot, Told
from gongzhi.mechanisms.safety.registers.kinds import CHECKS
from gongzhi.mechanisms.safety.registers.reporting import Found

MOST = 2_000  # items
LONGEST = 4_000  # signs about one
BAD = _("内容无法读取。")


def _strings(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST and all(isinstance(v, str) for v in value)


class Inspected(forms.Form):
    """An inspection: `verdicts` by the code of the item, `found` for those that are not met."""

    inspection = forms.UUIDField()
    site = forms.UUIDField()
    kind = forms.ChoiceField(choices=[*CHECKS.items()])
    edition = forms.UUIDField()
    check_of = forms.UUIDField(required=False)
    categories = forms.JSONField(required=False)
    packed_at = forms.DateTimeField()
    began_at = forms.DateTimeField()
    verdicts = forms.JSONField(required=False)
    found = forms.JSONField(required=False)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(min_value=-90, max_value=90, required=False)

    def clean_categories(self) -> Sequence[str]:
        said = self.cleaned_data["categories"] or []
        if not _strings(said):
            raise forms.ValidationError(BAD)
        return list(said)

    def clean_verdicts(self) -> Mapping[str, str]:
        said = self.cleaned_data["verdicts"] or {}
        if not isinstance(said, dict) or not _strings([*said.values()]):
            raise forms.ValidationError(BAD)
        return said

    def clean_found(self) -> Mapping[str, Found]:
        said = self.cleaned_data["found"] or {}
        try:
            return {code: Found(str(one["text"])[:LONGEST], danger=one.get("danger") is True)
                    for code, one in said.items()}  # fmt: skip
        except (KeyError, TypeError, AttributeError):
            raise forms.ValidationError(BAD) from None

    @property
    def spot(self) -> Spot | None:
        x, y = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
        return None if x is None or y is None else (x, y)

    def told(self, finished_at: datetime, noted: Mapping[str, Any]) -> Told:
        """Times of the phone are no later than when it was finished."""
        said = self.cleaned_data
        return Told(
            id=said["inspection"], site=said["site"], kind=said["kind"], edition=said["edition"],
            categories=said["categories"], check=said["check_of"],
            packed_at=min(said["packed_at"], finished_at),
            began_at=min(said["began_at"], finished_at), finished_at=finished_at, spot=self.spot,
            verdicts=said["verdicts"], found=said["found"], noted=noted,
        )  # fmt: skip


class Exhibited(forms.Form):
    """Files of one item, or a signature of the whole."""

    inspection = forms.UUIDField()
    code = forms.CharField(max_length=16, required=False)
    what = forms.ChoiceField(choices=[*SIGNATURES.items()], required=False)
