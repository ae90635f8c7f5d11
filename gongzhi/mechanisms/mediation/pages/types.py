"""The dispute types that this city offers: seen by all staff, changed by whom the city names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue, cataloguing
from gongzhi.cases.catalogue import Kind
from gongzhi.cases.cataloguing import Change
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import label, span

# Where no key of a type can be, since none has a dot: before all others, behind the one followed.
FIRST, BESIDE = ".", ".."
NAMES: dict[str, str | Promise] = {
    "label": _("中文名称"), "label_en": _("英文名称"), "code": _("代码"),
    "order": _("次序"),
}  # fmt: skip


class TypeForm(forms.Form):
    """What may be changed of a type at any time."""

    label = forms.CharField(
        label=_("中文名称"), max_length=40, error_messages={"required": _("请写中文名称。")},
        help_text=_("群众和工作人员选择时看到的，如：物业纠纷。"),
    )  # fmt: skip
    label_en = forms.CharField(
        label=_("英文名称"), max_length=80, error_messages={"required": _("请写英文名称。")},
        help_text=_("用英文界面的人看到的。"),
    )  # fmt: skip
    code = forms.CharField(
        label=_("代码"), max_length=20, required=False,
        help_text=_("上报时用的国家或省的代码，写在月报表里；没有就不填。"),
    )  # fmt: skip
    after = forms.ChoiceField(label=_("排在哪里"))
    in_use = forms.BooleanField(
        label=_("在用"), required=False,
        help_text=_("不勾就停用：新的纠纷不能再选它，原有的纠纷照旧，名称仍然看得到。"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, of: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["after"].choices = [  # type: ignore[attr-defined]
            (FIRST, gettext("排在最前")),
            *((kind.name, gettext("排在“%(kind)s”之后") % {"kind": kind})
              for kind in catalogue.every(mediation).values() if kind.name != of),
        ]  # fmt: skip

    def clean_after(self) -> str:
        after: str = self.cleaned_data["after"]
        return "" if after == FIRST else after


class NewTypeForm(TypeForm):
    """What is settled once, when a type is added, besides."""

    follows = forms.ChoiceField(
        label=_("时限和规则与哪一类相同"),
        error_messages={"required": _("请选择时限和规则与哪一类相同。")},
        help_text=_("例如讨要工钱的新类型选“拖欠农民工工资纠纷”，就同样适用劳动争议的调解期限。"
                    "以后不能再改。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("标识"), max_length=40, required=False,
        help_text=_("统计时用的小写英文字母、数字和下划线。不填就按英文名称生成。以后不能再改。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        del self.fields["in_use"], self.fields["seen"]
        known = catalogue.every(mediation)
        self.fields["follows"].choices = [  # type: ignore[attr-defined]
            ("", gettext("请选择")),
            *((name, str(known[name])) for name, _label in mediation.categories),
        ]
        after: Any = self.fields["after"]
        after.choices = [(BESIDE, gettext("排在规则相同的那一类之后")), *after.choices]
        self.order_fields(["label", "label_en", "follows", "code", "after", "name"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("after") == BESIDE:
            said["after"] = said.get("follows", "")
        return said


@dataclass(frozen=True, slots=True)
class Row:
    """A type in the list, and the one whose clocks and rules it has."""

    kind: Kind
    follows: Kind

    @property
    def other(self) -> tuple[str, str]:
        """The name in the language that the reader does not read now, and which that is."""
        english = cataloguing.english(self.kind)
        return (self.kind.label, "zh-Hans") if str(self.kind) == english else (english, "en")

    @property
    def clocks(self) -> list[str]:
        return _own_clocks(self.kind)

    @property
    def added(self) -> bool:
        return self.kind != self.follows


def _own_clocks(kind: Kind) -> list[str]:
    """The time limits that not every type has, each with its source."""
    return [
        f"{label(c)} {span(c.span)}（{gettext(c.law)}）" for c in catalogue.clocks(mediation, kind)
    ]


def _facts(change: Change) -> Iterator[str]:
    """What was changed in words: 名称：甲 → 乙."""
    for name in (name for name in (*NAMES, "in_use") if name in change.facts):
        before, after = change.facts[name]
        if name == "in_use":
            if before is not None:
                yield gettext("恢复使用") if after else gettext("改为停用")
        elif before is None:
            if name in {"label", "label_en", "code"} and after:
                yield f"{NAMES[name]}：{after}"
        else:
            yield f"{NAMES[name]}：{before or '—'} → {after or '—'}"


def _told(changes: list[Change]) -> list[dict[str, Any]]:
    return [
        {
            "of": change,
            "facts": list(_facts(change)),
            "new": change.facts.get("label", [""])[0] is None,
        }
        for change in changes
    ]


@as_post
def types(request: HttpRequest, by: Holder) -> HttpResponse:
    """All types in order; those out of use below, and what was changed."""
    catalogue.forget()  # whoever has just changed one may be answered by another process
    known = catalogue.every(mediation)
    edit = cataloguing.may_edit(by)
    rows = [Row(kind, catalogue.kind(mediation, kind.follows)) for kind in known.values()]
    context = {
        "by": by,
        "used": [row for row in rows if row.kind.in_use],
        "unused": [row for row in rows if not row.kind.in_use],
        "changes": _told(cataloguing.history(mediation)),
        "general": [
            (c, span(c.span)) for c in mediation.clocks if not c.for_some and not c.promise
        ],
        "may_edit": bool(edit),
        "why_not": edit.reason if isinstance(edit, No) else "",
    }
    return render(request, "mediation/types/types.html", context)


def _refused(request: HttpRequest, by: Holder) -> HttpResponse | None:
    """The reason, for a post that may not change types."""
    edit = cataloguing.may_edit(by)
    if not isinstance(edit, No):
        return None
    return render(
        request, "mediation/types/not_yours.html", {"by": by, "why_not": edit.reason}, status=403
    )


def _wrong(form: TypeForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.reason))


@as_post
def add_type(request: HttpRequest, by: Holder) -> HttpResponse:
    refused = _refused(request, by)
    if refused:
        return refused
    catalogue.forget()
    form = NewTypeForm(request.POST or None, initial={"after": BESIDE})
    if request.method == "POST" and form.is_valid():
        try:
            cataloguing.add(mediation, form.cleaned_data, by=by, now=timezone.now())
        except Refused as error:
            _wrong(form, error)
        else:
            messages.success(request, gettext("已添加“%(kind)s”，一分钟内各处都能选用。")
                             % {"kind": form.cleaned_data["label"]})  # fmt: skip
            return redirect("mediation:types")
    return _form_page(request, {"by": by, "form": form, "title": gettext("添加纠纷类型")})


def _as_now(kind: Kind) -> dict[str, Any]:
    """What the form begins with."""
    names = list(catalogue.every(mediation))
    at = names.index(kind.name)
    return {
        "label": kind.label, "label_en": cataloguing.english(kind), "code": kind.code,
        "in_use": kind.in_use, "after": names[at - 1] if at else FIRST,
        "seen": cataloguing.last_change(mediation, kind.name),
    }  # fmt: skip


@as_post
def change_type(request: HttpRequest, by: Holder, kind: str) -> HttpResponse:
    catalogue.forget()
    of = catalogue.every(mediation).get(kind)
    if of is None:
        raise Http404
    refused = _refused(request, by)
    if refused:
        return refused
    form = TypeForm(request.POST or None, initial=_as_now(of), of=kind)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            cataloguing.change(mediation, kind, told, seen=told["seen"], by=by, now=timezone.now())
        except cataloguing.Changed as error:
            # Once it has been told, what was typed may be saved over what has changed.
            posted = request.POST.copy()
            posted["seen"] = str(cataloguing.last_change(mediation, kind))
            form = TypeForm(posted, of=kind)
            _wrong(form, error)
        except Refused as error:
            _wrong(form, error)
        else:
            messages.success(request, gettext("已保存。一分钟内各处都会照此显示。"))
            return redirect("mediation:types")
    context = {"by": by, "form": form, "title": str(of), "kind": of, "clocks": _own_clocks(of),
               "changes": _told(cataloguing.history(mediation, kind))}  # fmt: skip
    return _form_page(request, context)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    wrong = bool(context["form"].errors)
    return render(request, "mediation/types/form.html", context, status=422 if wrong else 200)
