"""What a phone tells of a patrol and of a hazard that was found: read once more, trusted never."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.declare import Mechanism

MOST_POINTS = 20_000  # of a way: a day with a point every few seconds
MOST_STOPS = 200
BAD = _("位置不对。")


def _is_spot(x: object, y: object) -> bool:
    return (
        isinstance(x, int | float) and isinstance(y, int | float)
        and -180 <= x <= 180 and -90 <= y <= 90
    )  # fmt: skip


class Begun(forms.Form):
    patrol = forms.UUIDField()


class Finding(forms.Form):
    """A hazard met on the way; the matter and a photo are enough."""

    patrol = forms.UUIDField(required=False)
    section = forms.UUIDField(required=False)
    place = forms.CharField(max_length=12)
    category = forms.ChoiceField()
    text = forms.CharField(max_length=4000, required=False)
    danger = forms.BooleanField(required=False)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(min_value=-90, max_value=90, required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = kinds  # type: ignore[attr-defined]

    @property
    def spot(self) -> tuple[float, float] | None:
        x, y = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
        return None if x is None or y is None else (x, y)


def kinds_of(mechanism: Mechanism) -> list[tuple[str, str]]:
    return [(kind.name, str(kind)) for kind in catalogue.offered(mechanism)]


class Finished(Begun):
    """A patrol that is over: its way, where it stopped, how many hazards it met."""

    found = forms.IntegerField(min_value=0, max_value=10_000)
    note = forms.CharField(max_length=400, required=False)
    track = forms.JSONField(required=False)
    stops = forms.JSONField(required=False)

    def clean_track(self) -> list[list[float]]:
        track = self.cleaned_data["track"] or []
        good = isinstance(track, list) and len(track) <= MOST_POINTS
        if not good or not all(
            isinstance(p, list) and len(p) == 3 and _is_spot(p[0], p[1])
            and isinstance(p[2], int | float) for p in track
        ):  # fmt: skip
            raise forms.ValidationError(BAD)
        return list(track)

    def clean_stops(self) -> list[dict[str, Any]]:
        """Each with its id, seconds since the start, position and a word."""
        stops = self.cleaned_data["stops"] or []
        if not isinstance(stops, list) or len(stops) > MOST_STOPS:
            raise forms.ValidationError(BAD)
        try:
            found = [
                {"id": UUID(s["id"]), "after": float(s["after"]), "longitude": s["longitude"],
                 "latitude": s["latitude"], "note": str(s.get("note", ""))[:200]}
                for s in stops
            ]  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError):
            raise forms.ValidationError(BAD) from None
        if not all(_is_spot(s["longitude"], s["latitude"]) for s in found):
            raise forms.ValidationError(BAD)
        return found
