"""What is filled in when a whistle is blown, answered, disputed, acted on and checked."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.fields import FilesField, Position
from gongzhi.cases.forms import ActForm, CallIn, unit_label, units_near, words
from gongzhi.cases.grounds import BEYOND, DECIDE, GROUNDS, INSPECT, REMEDY, REPORT_IN, URGENT
from gongzhi.cases.models import Case
from gongzhi.cases.snapshot import OpenTask
from gongzhi.people.models import Unit
from gongzhi.people.scope import within
from gongzhi.places.distance import metres

NEAR = 300  # metres from the hazard that count as on site; phones err by tens of metres
VERDICTS = [("stands", _("归它办")), ("other", _("归另一个单位办")), ("none", _("不用部门办"))]
STARS = [(3, _("满意")), (2, _("基本满意")), (1, _("不满意"))]


class Whistle(CallIn):
    """Calls departments in, on a named ground."""

    plain = frozenset({"ground"})
    ground = forms.ChoiceField(
        label=_("为什么吹哨"), choices=[(g.name, g.label) for g in GROUNDS.values()],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("ground", "units", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].initial = (URGENT if self.case.urgent else BEYOND).name
        self.fields["units"].label = _("请哪些部门报到")


class ReportIn(ActForm):
    """On site, or from afar with the reason; takes the duty or disputes it. Of the position only
    the distance to the hazard is kept."""

    plain = frozenset({"way", "duty"})
    way = forms.ChoiceField(
        label=_("怎样报到"), widget=forms.RadioSelect,
        choices=[("site", _("已到现场")), ("remote", _("远程处置"))],
    )  # fmt: skip
    longitude = forms.FloatField(required=False, widget=Position)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    why = words(_("不到现场的理由"), required=False, rows=2)
    duty = forms.ChoiceField(
        label=_("这件事归不归本单位"), widget=forms.RadioSelect, initial="accept",
        choices=[("accept", _("是本单位的职责，马上办")), ("dispute", _("不是本单位的职责"))],
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=_("应当由哪个单位办"), coerce=UUID, required=False, empty_value=None
    )
    reason = words(
        _("理由和依据"), required=False, rows=2, help_text=_("认为不归本单位的，写明依据。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", _("不知道")),
            *((str(u.id), unit_label(u)) for u in units_near(self.case)
              if u.id not in {self.case.unit, getattr(self.by, "unit", None)}),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("way") == "remote" and not said.get("why"):
            self.add_error("why", _("请写明为什么不用到现场。"))
        if said.get("duty") == "dispute" and not said.get("reason"):
            self.add_error("reason", _("请写明为什么不归本单位，依据什么。"))
        return said

    def told(self) -> dict[str, Any]:
        said = super().told()
        far = self._distance(said.pop("longitude", None), said.pop("latitude", None))
        return said | ({} if far is None else {"metres": round(far), "near": far <= NEAR})

    def _distance(self, longitude: float | None, latitude: float | None) -> float | None:
        with within(self.by.scope):
            spot = Case.objects.filter(county=self.case.county, id=self.case.id).values_list(
                "longitude", "latitude"
            ).first()  # fmt: skip
        if longitude is None or latitude is None or spot is None or None in spot:
            return None
        x, y = spot
        return metres((x or 0.0, y or 0.0), (longitude, latitude))


class OfTask(ActForm):
    """About one of several tasks of a kind, each of a department."""

    of = ""
    task = forms.ChoiceField(label=_("哪个部门"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks = [t for t in self.case.tasks if t.name == self.of and self.concerns(t)]
        units = {u.id: u for u in Unit.objects.filter(id__in=[self.whose(t) for t in tasks])}
        self.fields["task"].choices = [  # type: ignore[attr-defined]
            (f"{t.seq}.{t.n}", unit_label(units[self.whose(t)])) for t in tasks
        ]

    @staticmethod
    def concerns(task: OpenTask) -> bool:
        """Whether this act is about such a task."""
        return True

    @staticmethod
    def whose(task: OpenTask) -> UUID:
        """The department that a task is about: named in it, or the one that has it."""
        return UUID(task.data["unit"]) if "unit" in task.data else task.unit

    def told(self) -> dict[str, Any]:
        seq, n = self.cleaned_data["task"].split(".")
        return super().told() | {"task": (int(seq), int(n))}


class NoteArrival(OfTask):
    """What the holder notes for a body that does not use the system: ambulance, tow truck."""

    of = REPORT_IN
    note = words(_("谁、什么时候到的"), rows=2)


class NoteRemedy(OfTask):
    """Likewise what such a body did, so that it can be inspected and the case be closed."""

    of = REMEDY
    note = words(_("做了什么"), rows=2)

    @staticmethod
    def concerns(task: OpenTask) -> bool:
        return bool(task.data.get("noted"))


class DecideDuty(OfTask):
    """Kept as a precedent for the responsibility list 作为责任清单的先例."""

    of = DECIDE
    plain = frozenset({"verdict", "task"})
    verdict = forms.ChoiceField(label=_("裁定"), widget=forms.RadioSelect, choices=VERDICTS)
    unit = forms.TypedChoiceField(
        label=_("归哪个单位办"), coerce=UUID, required=False, empty_value=None
    )
    reason = words(_("依据"), rows=2, help_text=_("写法规条款或者清单条目，以后照此办理。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((str(u.id), unit_label(u)) for u in units_near(self.case)
              if u.id != self.case.unit),
        ]  # fmt: skip
        named = {t.data["proposed"] for t in self.case.tasks if "proposed" in t.data}
        self.fields["unit"].initial = next(iter(named), "")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("verdict") == "other" and not said.get("unit"):
            self.add_error("unit", _("请选归哪个单位办。"))
        return said


class FeedBack(ActForm):
    """What was done, with photos."""

    note = words(_("怎样处置的"), rows=3)
    photos = FilesField(label=_("处置后的照片"), required=False)


class Inspect(OfTask):
    """Whoever whistled looks on site: done and rated, or to be done again."""

    of = INSPECT
    plain = frozenset({"outcome", "task"})
    outcome = forms.ChoiceField(
        label=_("现场看到的"), widget=forms.RadioSelect,
        choices=[("done", _("已处置好")), ("again", _("没有处置好，重新处置"))],
    )  # fmt: skip
    stars = forms.TypedChoiceField(
        label=_("对这个部门的评价"), coerce=int, choices=STARS, required=False, empty_value=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = words(_("说明"), required=False, rows=2)
    photos = FilesField(label=_("现场照片"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("outcome") == "done" and not said.get("stars"):
            self.add_error("stars", gettext("请给这个部门一个评价。"))
        if said.get("outcome") == "again" and not said.get("note"):
            self.add_error("note", gettext("请写明哪里没有处置好。"))
        return said


class Press(ActForm):
    """What whoever stands above did about a department that does not come."""

    note = words(_("怎样督促的，结果怎样"), rows=2)
