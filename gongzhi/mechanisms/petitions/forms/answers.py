"""Forms of answering, of review and re-examination, and of carrying out what was decided."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import sheets
from gongzhi.cases.fields import FilesField
from gongzhi.cases.forms import ActForm, Reason, words
from gongzhi.cases.models import Party
from gongzhi.mechanisms.petitions.forms.intake import Notifies
from gongzhi.mechanisms.petitions.tasks import MEMBER
from gongzhi.people.masking import mask_name
from gongzhi.people.scope import within
from gongzhi.people.sealing import blind_index, unseal

DECISIONS = [
    ("support", _("支持")),
    ("part", _("部分支持")),
    ("no", _("不予支持，已解释")),
]
UPHELD = [
    ("uphold", _("维持")),
    ("change", _("变更")),
    ("again", _("撤销，责令重新处理")),
]
MOST_MEMBERS = 2_000  # of one sheet


class Prolong(Notifies):
    """Thirty days more, with the reason told to the petitioner (Art. 34)."""

    reason = words(_("延期理由"), rows=2, help_text=_("会写进延期告知书。"))


class Opinion(Notifies):
    """The written opinion: request, facts, basis, decision, and the way to a review (Art. 34)."""

    request = words(_("信访人的诉求"), rows=2)
    facts = words(_("查明的事实"), rows=4)
    basis = words(_("依据"), rows=2, help_text=_("写明法律、法规、政策的名称和条款。"))
    decision = forms.ChoiceField(label=_("处理意见"), choices=DECISIONS)
    explanation = words(_("怎样处理，为什么"), rows=4)


class AskAgain(Reason):
    """The petitioner asks the level above, within thirty days (Art. 35, 36)."""


class Review(Notifies):
    """The opinion of a review or re-examination."""

    facts = words(_("查明的事实"), rows=4)
    basis = words(_("依据"), rows=2)
    outcome = forms.ChoiceField(label=_("结论"), choices=UPHELD)
    explanation = words(_("理由"), rows=4)


class Hearing(ActForm):
    on = forms.DateTimeField(
        label=_("什么时候听证"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = words(_("地点和参加人"), rows=2)


class Heard(ActForm):
    note = words(_("听证情况"), rows=4)
    photos = FilesField(label=_("照片或文件"), required=False)


class Reply(Notifies):
    taken = forms.ChoiceField(
        label=_("是否采纳"),
        choices=[("all", _("采纳")), ("part", _("部分采纳")), ("no", _("未采纳，已说明"))],
    )
    text = words(_("回复"), rows=4)


class Inform(ActForm):
    """What came of an accusation, in general words."""

    result = words(_("处理情况"), rows=3, help_text=_("只写可以告诉检举人的内容。"))


class Share(ActForm):
    """What each member of a group is to get, from a sheet: name, amount, and what for.

    Only members of this petition, known by the blind index of their name; two of one name are told
    apart by their phone in a fourth column.
    """

    sheet = forms.FileField(
        label=_("每人应得（Excel）"),
        help_text=_("第一行是表头；各列依次为姓名、金额（元）、说明、电话（同名时必填）。"),
    )
    due = forms.DateField(
        label=_("什么时候以前兑现"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_sheet(self) -> list[dict[str, Any]]:
        try:
            lines = sheets.rows_of(self.cleaned_data["sheet"].read())
        except sheets.BadSheet as error:
            raise forms.ValidationError(str(error)) from None
        known = self._known()
        rows = [
            (n, _member((*line, "", "", "", "")[:4], known)) for n, line in enumerate(lines[1:], 2)
        ]
        found = [row for _n, row in rows if row]
        wrong = [str(n) for n, row in rows if row is None]
        if wrong:
            raise forms.ValidationError(
                _("第 %(rows)s 行对不上本案的人，或者金额不对，请改正后重新上传。")
                % {"rows": "、".join(wrong[:10])}
            )
        if not found or len(found) > MOST_MEMBERS:
            raise forms.ValidationError(_("表里要有 1 到 %(n)s 人。") % {"n": MOST_MEMBERS})
        return found

    def _known(self) -> list[Party]:
        with within(self.by.scope):
            rows = Party.objects.filter(
                county=self.case.county, case_id=self.case.id, side="applicant", erased_at=None
            )
            return list(rows)

    def told(self) -> dict[str, Any]:
        members = self.cleaned_data["sheet"]
        plain = [{"party": m["party"], "amount": m["amount"]} for m in members]
        return {"members": plain, "due": self.cleaned_data["due"]}

    def attached(self) -> list[tuple[str, bytes]]:
        return []


def _member(row: tuple[str, ...], known: list[Party]) -> dict[str, Any] | None:
    name, amount, _what, phone = (str(cell or "").strip() for cell in row)
    same = [p for p in known if p.name_index and bytes(p.name_index) == blind_index("name", name)]
    if len(same) > 1:
        index = blind_index("phone", phone)
        same = [p for p in same if p.phone_index and bytes(p.phone_index) == index]
    try:
        money = forms.DecimalField(min_value=Decimal(0), max_digits=12, decimal_places=2).clean(
            amount.replace(",", "").replace("元", "")
        )
    except forms.ValidationError:
        return None
    return {"party": same[0].id, "amount": str(money)} if name and len(same) == 1 else None


class Pay(ActForm):
    """Which members have got what they were to get."""

    members = forms.MultipleChoiceField(
        label=_("哪些人已经兑现"), widget=forms.CheckboxSelectMultiple
    )
    note = words(_("兑现情况"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = [t for t in self.case.tasks if t.name == MEMBER]
        names = self._names({UUID(t.data["party"]) for t in open_})
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (f"{t.seq}-{t.n}", f"{names.get(UUID(t.data['party']), '')}　{t.data['amount']} 元")
            for t in open_
        ]

    def _names(self, parties: set[UUID]) -> dict[UUID, str]:
        """Masked, as everywhere until somebody asks for them with a reason."""
        with within(self.by.scope):
            rows = list(Party.objects.filter(county=self.case.county, case_id=self.case.id,
                                             id__in=parties))  # fmt: skip
        return {
            p.id: mask_name(unseal(bytes(p.name), about=f"{p.county}/{p.id}/name"))
            for p in rows if p.name
        }  # fmt: skip

    def told(self) -> dict[str, Any]:
        pairs = [tuple(map(int, m.split("-"))) for m in self.cleaned_data["members"]]
        return {**super().told(), "members": pairs}


class Verify(Notifies):
    note = words(_("核实情况"), rows=3, help_text=_("到现场或者问本人，写明看到、听到了什么。"))
    photos = FilesField(label=_("照片或文件"), required=False)


class Explain(Notifies):
    """What cannot be supported by law is explained, and that is an outcome of its own."""

    note = words(_("怎样释明的"), rows=3)


class Again(Reason):
    pass


class Withdraw(Reason):
    pass


class Rate(ActForm):
    satisfied = forms.TypedChoiceField(
        label=_("这一步您满意吗？"),
        choices=[("1", _("满意")), ("0", _("不满意"))],
        coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )
    words = words(_("您的意见"), required=False, rows=3)


class Thank(ActForm):
    """A banner of thanks 锦旗 or a letter, with its picture."""

    kind = forms.ChoiceField(
        label=_("是什么"), choices=[("banner", _("锦旗")), ("letter", _("感谢信")),
                                 ("words", _("口头致谢"))],
    )  # fmt: skip
    note = words(_("写了什么、送给谁"), rows=2)
    photos = FilesField(label=_("照片"), required=False)
