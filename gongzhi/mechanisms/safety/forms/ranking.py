"""How grave a hazard is 排序: by LEC, by a matrix, or because a published criterion says so."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.forms import ActForm, words
from gongzhi.mechanisms.safety.registers import ranks
from gongzhi.mechanisms.safety.registers.editions import shown

NONE = [("", "—")]
LIKELIHOOD, GRAVITY = (
    [(str(n), str(n)) for n in range(1, 6)],
    [(str(n), str(n)) for n in range(1, 6)],
)  # fmt: skip


class Rank(ActForm):
    """The rank follows from what is entered; the reasons are kept."""

    plain = frozenset({"way", "likelihood", "exposure", "consequence", "often", "grave"})

    way = forms.ChoiceField(
        label=_("怎样定级"), widget=forms.RadioSelect,
        choices=[
            (ranks.LEC, _("LEC：可能性 × 暴露 × 后果")),
            (ranks.MATRIX, _("风险矩阵：可能性 × 严重性")),
        ],
    )  # fmt: skip
    likelihood = forms.ChoiceField(
        label=_("L 发生的可能性"), required=False, choices=[*NONE, *ranks.L.items()]
    )
    exposure = forms.ChoiceField(
        label=_("E 暴露的频繁程度"), required=False, choices=[*NONE, *ranks.E.items()]
    )
    consequence = forms.ChoiceField(
        label=_("C 可能的后果"), required=False, choices=[*NONE, *ranks.C.items()]
    )
    often = forms.ChoiceField(
        label=_("可能性（1–5）"), required=False, choices=[*NONE, *LIKELIHOOD]
    )
    grave = forms.ChoiceField(label=_("严重性（1–5）"), required=False, choices=[*NONE, *GRAVITY])
    major = forms.BooleanField(
        label=_("符合公布的重大事故隐患判定标准"), required=False,
        help_text=_("符合的，不论分值都是重大隐患，至少按橙色处置。"),
    )  # fmt: skip
    criterion = forms.CharField(label=_("哪个标准、哪一条"), max_length=200, required=False)
    reason = words(_("定级理由"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As the catalogue says that its category is ranked; another way is theirs to choose."""
        super().__init__(*args, **kwargs)
        of = self.case.facts
        found = of.get("item") and of.get("edition") and shown(UUID(of["edition"]), of["item"])
        self.fields["way"].initial = found.item.category.way if found else ranks.LEC

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        names = (
            ("likelihood", "exposure", "consequence")
            if said.get("way") == ranks.LEC
            else ("often", "grave")
        )
        for name in names:
            if not said.get(name):
                self.add_error(name, _("按这种方法定级，这一项要选。"))
        if said.get("major") and not said.get("criterion"):
            self.add_error("criterion", _("请写明符合哪个标准的哪一条。"))
        return said

    def _found(self) -> tuple[str, Decimal | None]:
        said = self.cleaned_data
        if said["way"] == ranks.LEC:
            d = ranks.d_of(said["likelihood"], said["exposure"], said["consequence"])
            return ranks.rank_of(d), d
        return ranks.matrix(int(said["often"]), int(said["grave"])), None

    def told(self) -> dict[str, Any]:
        found, d = self._found()
        major = bool(self.cleaned_data.get("major"))
        if major and found in {ranks.BLUE, ranks.YELLOW}:
            found = ranks.ORANGE
        return {
            **super().told(), "rank": found, "major": major, **({"d": str(d)} if d else {}),
        }  # fmt: skip


class ProposeRank(Rank):
    """What the rank should be instead; somebody else agrees or does not."""
