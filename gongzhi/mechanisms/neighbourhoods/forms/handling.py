"""Forms of what a chief, a community or a resident does about a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import numbers
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, Reason, words
from gongzhi.cases.models import Case
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

MOST = 30  # open requests of one building to choose from


class Reply(ActForm):
    """To the resident: what was done."""

    note = words(_("怎样解决的（居民会看到）"), rows=3)
    photos = FilesField(label=_("照片"), required=False)


class PassOn(Reason):
    reason = words(_("为什么要社区办（居民会看到）"), rows=2)


class Explain(ActForm):
    """A reasoned "it cannot be done" is an outcome; it is looked at by somebody else."""

    note = words(_("为什么不能解决，居民还可以怎么办（居民会看到）"), rows=4)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("法规、规定或客观条件。"))


class Uphold(ActForm):
    note = words(_("复核意见"), rows=2)


class Again(Reason):
    reason = words(_("现在是什么情况"), rows=2)


class AtDoor(ActForm):
    """Seen on the spot, for a resident who does not use a phone."""

    note = words(_("上门看到的、居民怎么说"), rows=2)


class Rate(ActForm):
    satisfied = forms.TypedChoiceField(
        label=_("您满意吗"), choices=[("yes", _("满意")), ("no", _("不满意"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    note = words(_("想说的话"), required=False, rows=2)


class Confirm(Rate):
    """The resident's word that it is solved, with the rating in one go."""


class Gather(ActForm):
    """The same thing asked for by neighbours goes on as one request; each is told how it stands."""

    first = forms.ChoiceField(
        label=_("并入本楼哪一件"), widget=forms.RadioSelect,
        help_text=_("以后的进展，这位居民在自己的查询页上也看得到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(c.id): c for c in self._same_building()}
        self.fields["first"].choices = [  # type: ignore[attr-defined]
            (id_, f"{numbers.spaced(c.number)} {c.title}") for id_, c in self.known.items()
        ]
        self.fields["first"].initial = self.case.facts.get("same_as")

    def _same_building(self) -> list[Case]:
        """Open requests of the building, those of the same kind first."""
        building = self.case.facts.get("building")
        if not building or not isinstance(self.by, Holder):
            return []
        with within(self.by.scope):
            found = Case.objects.filter(
                place=self.case.place, mechanism=self.case.mechanism.name, is_open=True,
                facts__building=building,
            ).exclude(id=self.case.id).order_by("reported_at")[:MOST]  # fmt: skip
            return sorted(found, key=lambda c: c.category != self.case.category)

    def told(self) -> dict[str, Any]:
        first = self.known[self.cleaned_data["first"]]
        return {"other": (first.county, first.id)}
