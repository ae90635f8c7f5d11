"""The outlets of one's unit and one's own: adding, trying, pausing, ending; and what failed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case, Delivery
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import reason
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post

RECENT = timedelta(days=14)
MOST = 20


class OutletForm(forms.Form):
    """Whose, which way, where to, in which language."""

    own = forms.ChoiceField(label=gettext_lazy("给谁"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=gettext_lazy("用什么方式"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=gettext_lazy("发到哪里"), max_length=500,
        help_text=gettext_lazy("邮箱、网址或手机号码。保存后加密，页面上只显示一部分。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"), max_length=200, required=False,
        help_text=gettext_lazy("只有钉钉机器人选了“加签”时才填。"),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("用哪种语言"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = [("unit", _("本单位"))] if outlets.manages(by) else []
        kinds = [(name, a.label) for name, a in ADAPTERS.items() if a.offered()]
        offered: dict[str, Any] = {"own": [*whose, ("own", _("我自己"))], "kind": kinds}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = choices[0][0]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            kind=said["kind"], address=said["address"].strip(), secret=said["secret"].strip(),
            language=said["language"], own=said["own"] == "own",
        )  # fmt: skip


def _given_up(by: Holder) -> list[dict[str, Any]]:
    """What could not be delivered to this unit lately, as far as its cases may be seen."""
    since = timezone.now() - RECENT
    with within(by.scope):
        found = list(
            Delivery.objects.filter(unit=by.unit, given_up_at__gte=since)
            .order_by("-given_up_at")[:MOST]
        )  # fmt: skip
        of = {c.id: c for c in Case.objects.filter(
            county__in={d.county for d in found}, id__in={d.case_id for d in found})}  # fmt: skip
    return [{"delivery": d, "case": of[d.case_id], "why": reason(d.error)} for d in found]


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those in use and those that were, adding one, and what was not delivered."""
    form = OutletForm(request.POST or None, by=by)
    made = ""
    if request.method == "POST" and form.is_valid():
        try:
            _outlet, made = outlets.add(form.wanted(), now=timezone.now(), by=by)
        except Refused as error:
            form.add_error("address", str(error.reason))
        else:
            messages.success(request, _("已添加，请先发一条测试通知。"), extra_tags="good")
            if not made:
                return redirect("desk:outlets")
            form = OutletForm(by=by)  # the secret is shown on this page, and never again
    rows = [
        {"outlet": o, "label": ADAPTERS[o.kind].label,
         "may": o.valid_to is None and (o.account is not None or outlets.manages(by))}
        for o in outlets.outlets_of(by)
    ]  # fmt: skip
    context = {
        "by": by, "unit": Unit.objects.get(id=by.unit), "form": form, "rows": rows, "made": made,
        "given_up": _given_up(by),
    }  # fmt: skip
    return render(request, "desk/outlets.html", context, status=422 if form.errors else 200)


def _try(request: HttpRequest, by: Holder, outlet: UUID) -> None:
    try:
        outlets.attempt(outlet, by=by)
    except NotDelivered as error:
        said = _("测试通知没有送到：%(why)s") % {"why": reason(str(error))}
        messages.warning(request, said, extra_tags="warn")
    else:
        messages.success(request, _("测试通知已送到，请在那边查看。"), extra_tags="good")


@require_POST
@as_post
def change(request: HttpRequest, by: Holder, outlet: UUID) -> HttpResponse:
    """Try, pause or go on, or end one."""
    now = timezone.now()
    try:
        if "try" in request.POST:
            _try(request, by, outlet)
        elif "pause" in request.POST:
            outlets.pause(outlet, now=now, by=by)
        elif "end" in request.POST:
            outlets.end(outlet, now=now, by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("desk:outlets")
