"""What is filled in when leaders take charge, plans are made and joint meetings decide."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import sealed, steps
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, Reason, unit_label, units_near, words
from gongzhi.cases.models import Sealed
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors

MEET_WITHIN, PLAN_WITHIN = timedelta(days=10), timedelta(days=20)
CONVENING = ("petition_office", "governance_centre", "government")
OUTCOMES = [
    ("decided", _("已议定")),
    ("postponed", _("下次会议再议")),
    ("up", _("提请上一级联席会议")),
]


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def leader_label(of: Holder) -> str:
    english = (get_language() or "").startswith("en")
    unit = of.unit_name_en if english and of.unit_name_en else of.unit_name
    title = of.title_en if english and of.title_en else of.title
    return f"{unit} {title} {of.name}"


class TakeCharge(Reason):
    """A leader answers for the case; when they will have met the people and set the plan."""

    meet_by = day(_("什么时候以前接访"))
    plan_by = day(_("什么时候以前定出方案"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate(self.now)
        self.fields["meet_by"].initial = today + MEET_WITHIN
        self.fields["plan_by"].initial = today + PLAN_WITHIN

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        today = timezone.localdate(self.now)
        for name in ("meet_by", "plan_by"):
            if isinstance(said.get(name), date) and said[name] < today:
                self.add_error(name, _("期限不能早于今天。"))
        return said


class NameLeader(TakeCharge):
    """Names one of the leaders at the holder's level or above it, none of them complained about."""

    post = forms.TypedChoiceField(label=_("由哪位领导包案"), coerce=UUID)
    field_order = ("post", "reason", "meet_by", "plan_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaders = {str(h.post): h for h in self._leaders()}
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (post, leader_label(h)) for post, h in self.leaders.items()
        ]

    def _leaders(self) -> list[Holder]:
        at_or_above = [*ancestors(self.case.holder_place), self.case.holder_place]
        units = Unit.objects.filter(place__in=at_or_above, valid_to=None)
        found = holders_in(
            units.exclude(id__in=self.case.hidden).values_list("id", flat=True),
            at=self.now, kinds=["leader"],
        )  # fmt: skip
        hidden = set(self.case.hidden)
        clear = [h for h in found if not {h.account, h.post} & hidden and not h.deputy]
        return sorted(clear, key=lambda h: (-len(h.place), h.unit_name, h.title, str(h.post)))

    def told(self) -> dict[str, Any]:
        chosen = self.leaders[str(self.cleaned_data["post"])]
        return {**super().told(), "unit": chosen.unit}


class Meet(ActForm):
    """A leader meets the people 领导接访."""

    met_at = forms.DateTimeField(
        label=_("什么时候接访的"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = words(_("群众的诉求和领导的答复"))
    photos = FilesField(label=_("照片或文件"), required=False)

    def clean_met_at(self) -> datetime:
        met: datetime = self.cleaned_data["met_at"]
        if met > self.now:
            raise forms.ValidationError(_("还没有到这个时间，接访以后再登记。"))
        return met


class WithSteps(ActForm):
    """Asks for steps beside the rest; units complained about are not offered."""

    steps = steps.StepsField(
        label=_("分几步，谁来做"), help_text=_("各步同时进行，每个单位都会收到任务和期限。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Unit.objects.filter(id__in=[self.case.unit])
        near = {u.id: u for u in [*above, *units_near(self.case)]}
        self.fields["steps"].offer(  # type: ignore[attr-defined]
            steps.offered(list(near.values()), unit_label)
        )

    def told(self) -> dict[str, Any]:
        said = super().told()
        said.pop("steps", None)
        return said | steps.told(self.cleaned_data["steps"])


class Plan(WithSteps):
    """The plan to settle a hard case 化解方案."""

    aim = words(_("怎样化解"), rows=3)
    green = forms.BooleanField(
        label=_("开通绿色通道"), required=False,
        help_text=_("各部门并行办理，另计较短的绿色通道期限，进度集中在一页。"),
    )  # fmt: skip
    field_order = ("aim", "green", "steps")


class CarryOut(ActForm):
    """One step is done: which, and what came of it."""

    step = forms.ChoiceField(label=_("哪一步"))
    note = words(_("办理结果"), rows=3)
    photos = FilesField(label=_("照片或文件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [t for t in self.case.tasks
                if t.name == steps.STEP and isinstance(self.by, Holder)
                and t.unit == self.by.unit]  # fmt: skip
        said = self._said({t.seq for t in mine})
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (f"{t.seq}-{t.n}", said.get((t.seq, t.data["n"])) or f"{t.data['n']}") for t in mine
        ]

    def _said(self, entries: set[int]) -> dict[tuple[int, int], str]:
        """The words of the steps, for the units that are to do them."""
        case = self.case
        with within(self.by.scope):
            rows = list(
                Sealed.objects.filter(
                    county=case.county, case_id=case.id, seq__in=entries,
                    field__startswith=f"{steps.STEP}_",
                )
            )  # fmt: skip
        return {
            (r.seq, int(r.field.rsplit("_", 1)[1])):
                sealed.opened(case.county, case.id, r.seq, r.field, bytes(r.body))
            for r in rows
        }  # fmt: skip

    def clean_step(self) -> tuple[int, int]:
        seq, n = self.cleaned_data["step"].split("-")
        return int(seq), int(n)


class Approve(ActForm):
    note = words(_("审核意见"), rows=2)


class Table(Reason):
    """Asks a joint meeting to decide 提请联席会议."""

    unit = forms.TypedChoiceField(label=_("由哪一级召集"), coerce=UUID)
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("请会议议定什么")
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in units_near(self.case)
            if u.kind in CONVENING and len(u.place) <= 6 and self.case.place.startswith(u.place)
        ]  # fmt: skip


class Resolve(WithSteps):
    """What a joint meeting decided on one case; what is undecided goes on by itself."""

    plain = frozenset({"outcome"})
    outcome = forms.ChoiceField(label=_("议定结果"), choices=OUTCOMES, widget=forms.RadioSelect)
    resolution = words(_("会议意见"), help_text=_("写明议定了什么；没有议定的，写明还缺什么。"))
    meeting = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("outcome", "resolution", "steps", "meeting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steps"].required = False
        self.above = self._above()
        if self.above is None:
            self.fields["outcome"].choices = OUTCOMES[:-1]  # type: ignore[attr-defined]

    def _above(self) -> UUID | None:
        """The convening unit right above this one, of the same kind if there is one."""
        if not isinstance(self.by, Holder) or len(self.by.place) <= 2:
            return None
        found = [u for u in units_near(self.case)
                 if u.kind in CONVENING and len(u.place) < len(self.by.place)]  # fmt: skip
        nearest = max((len(u.place) for u in found), default=0)
        there = [u for u in found if len(u.place) == nearest]
        same = [u for u in there if u.kind == self.by.unit_kind]
        return (same or there)[0].id if there else None

    def told(self) -> dict[str, Any]:
        up = {"above": self.above} if self.cleaned_data["outcome"] == "up" else {}
        return {**super().told(), **up}
