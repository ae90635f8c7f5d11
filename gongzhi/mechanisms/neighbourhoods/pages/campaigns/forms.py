"""What is asked for about campaigns: when, where, how many. Never who, never with what result."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Grid, Slot
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns, slots
from gongzhi.people.posts import Holder
from gongzhi.places.levels import level_of, span
from gongzhi.places.models import Division
from gongzhi.places.names import name_of, paths
from gongzhi.ui.words import named

DEEP = 2  # levels below one's own that a campaign may be for
KEEP_DAYS = 30
MOST_KEEP_DAYS = 90
MOST_SPOTS = 30


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """The browser's own picker wants its days as ISO 8601 writes them."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs
    )


class SpotsField(forms.CharField):
    """One a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        said = [line.strip() for line in super().clean(value).splitlines()]
        found = list(dict.fromkeys(line for line in said if line))
        if len(found) > MOST_SPOTS or any(len(line) > 120 for line in found):
            raise forms.ValidationError(
                _("最多 %(n)d 个地点，每个最多 120 个字。") % {"n": MOST_SPOTS}
            )
        return found


def scopes(by: Holder) -> list[tuple[str, str]]:
    """One's own place, the places of the next two levels, and grids where they are near."""
    low, high = span(by.place)
    deepest = min(level_of(by.place) + DEEP, Level.VILLAGE)
    codes = list(
        Division.objects.filter(code__gte=low, code__lt=high, level__lte=deepest, valid_to=None)
        .exclude(level__lt=Level.CITY).order_by("code").values_list("code", flat=True)
    )  # fmt: skip
    known = paths(codes, below=by.place)
    found = [(code, known[code] or name_of(code)) for code in codes]
    if level_of(by.place) < Level.TOWN:
        return found
    grids = buildings.grids_in(by.place)
    return found + [(f"grid:{g.id}", f"{name_of(g.community)} / {g.name}") for g in grids]


class CampaignForm(forms.Form):
    """Of a running one the scope stays."""

    kind = forms.ChoiceField(label=_("种类"), choices=list(campaigns.KINDS.items()))
    name = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    scope = forms.ChoiceField(label=_("在哪里开展"))
    starts_on = day_field(_("开始日期"))
    ends_on = day_field(_("结束日期"))
    spots = SpotsField(
        label=_("地点"), required=False,
        help_text=_("一行一个；上门开展的空着。"),
    )  # fmt: skip
    guidance = forms.CharField(
        label=_("告诉居民的话"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("带什么、怎么走、不方便的怎么办、问谁。楼栋页面和住户页面上都有。"),
    )  # fmt: skip
    guidance_en = forms.CharField(
        label=_("告诉居民的话（英文）"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    keep_days = forms.IntegerField(
        label=_("结束后几天删除签到明细"), min_value=0, max_value=MOST_KEEP_DAYS,
        initial=KEEP_DAYS, help_text=_("哪一户来过会删除，只留户数和人数。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, of: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is not None:
            del self.fields["scope"]
            for name in self.fields:
                self.fields[name].initial = getattr(of, name, None)
            self.fields["keep_days"].initial = (of.erase_on - of.ends_on).days
        else:
            self.fields["scope"].choices = scopes(by)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        return said

    def facts(self) -> dict[str, Any]:
        """As the register's columns have them."""
        said = dict(self.cleaned_data)
        said["erase_on"] = said["ends_on"] + timedelta(days=said.pop("keep_days"))
        scope = said.pop("scope", None)
        if scope and scope.startswith("grid:"):
            said["grid"] = Grid.objects.get(id=UUID(scope.removeprefix("grid:")))
            said["place"] = said["grid"].community
        elif scope:
            said["place"] = scope
        return said


class PlanForm(forms.Form):
    """What the planner needs to know."""

    part = forms.ChoiceField(label=_("给哪里安排"))
    days = forms.TypedMultipleChoiceField(
        label=_("哪几天"), widget=forms.CheckboxSelectMultiple, coerce=date.fromisoformat
    )
    since = time_field(_("每天从"), initial="08:30")
    until = time_field(_("到"), initial="17:30")
    rest_since = time_field(_("中午休息从"), initial="12:00", required=False)
    rest_until = time_field(_("休息到"), initial="14:00", required=False)
    spots = SpotsField(
        label=_("地点"), required=False,
        help_text=_("一行一个，几个地点同时开展；上门开展的空着，按一支队伍安排。"),
    )  # fmt: skip
    per_hour = forms.IntegerField(
        label=_("每个地点每小时多少户"), min_value=1, max_value=1000, initial=30
    )

    def __init__(
        self, *args: Any, of: Campaign, parts: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        length = (of.ends_on - of.starts_on).days + 1
        every = [of.starts_on + timedelta(days=n) for n in range(min(length, 60))]
        self.fields["part"].choices = list(parts)  # type: ignore[attr-defined]
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (d.isoformat(), d.isoformat()) for d in every
        ]
        self.fields["days"].initial = [d.isoformat() for d in every]
        self.fields["spots"].initial = of.spots
        if of.per_hour:
            self.fields["per_hour"].initial = of.per_hour

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until <= since:
            self.add_error("until", _("结束时间要晚于开始时间。"))
        rest = said.get("rest_since"), said.get("rest_until")
        if since and until and any(rest) and not (
            rest[0] and rest[1] and since < rest[0] < rest[1] < until
        ):  # fmt: skip
            self.add_error("rest_until", _("休息时间要在每天的时间之内，或者都空着。"))
        return said

    def plan(self) -> slots.Plan:
        said = self.cleaned_data
        whole = (said["since"], said["until"])
        rest = said["rest_since"], said["rest_until"]
        halves = ((whole[0], rest[0]), (rest[1], whole[1])) if rest[0] else (whole,)
        return slots.Plan(
            days=sorted(said["days"]), hours=halves, spots=said["spots"] or [""],
            per_hour=said["per_hour"],
        )  # fmt: skip


class SlotForm(forms.Form):
    """One slot by hand."""

    building = forms.ModelChoiceField(label=_("楼栋"), queryset=Building.objects.none())
    day = day_field(_("日期"))
    since = time_field(_("从"))
    until = time_field(_("到"))
    spot = forms.CharField(label=_("地点"), max_length=120, required=False)

    def __init__(self, *args: Any, found: Any, of: Slot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = found  # type: ignore[attr-defined]
        self.fields["building"].label_from_instance = named  # type: ignore[attr-defined]
        if of is not None:
            del self.fields["building"]


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Excel 文件"), help_text=_("先导出现在的时段，改好再导入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip


class PeopleForm(forms.Form):
    """How many came; nothing else is asked."""

    people = forms.IntegerField(min_value=0, max_value=campaigns.MOST_PEOPLE)


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("总结人的话"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("经验和问题；不写住户和个人的情况。"),
    )  # fmt: skip
